package dev.interlock.examples.words;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Counts files into a tally. A word is a longest run of letters and digits, as {@link Character#isLetterOrDigit(int)} has them. Every
 * file is read as UTF-8; bytes that are none count as bytes and end a word, so binary files do no harm. Use from one thread.
 */
final class WordCounter {
    private final CharsetDecoder decoder =
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private final ByteBuffer bytes = ByteBuffer.allocate(1 << 14);
    private final CharBuffer text =
            CharBuffer.allocate(1 << 14); // UTF-8 never has more chars than bytes
    private final Tally tally;
    private char highSurrogate;
    private int wordLength; // code points of the word that is being read, 0 between words

    WordCounter(Tally tally) {
        this.tally = tally;
    }

    /** Counts one file to its end. A failed read leaves what was read so far in the tally. */
    void count(InputStream file) throws IOException {
        decoder.reset();
        bytes.clear();
        wordLength = 0;
        while (fill(file)) {
            decode(false);
        }
        decode(true);
        endWord();
        tally.add(Tally.FILES, 1);
    }

    private boolean fill(InputStream file) throws IOException {
        int count = file.read(bytes.array(), bytes.position(), bytes.remaining());
        if (count < 0) {
            return false;
        }
        bytes.position(bytes.position() + count);
        tally.add(Tally.BYTES, count);
        return true;
    }

    private void decode(boolean atEnd) {
        bytes.flip();
        text.clear();
        decoder.decode(bytes, text, atEnd);
        text.flip();
        bytes.compact(); // keeps the first bytes of a character that is cut in two
        while (text.hasRemaining()) {
            scan(text.get());
        }
    }

    private void scan(char c) {
        if (c == '\n') {
            tally.add(Tally.LINES, 1);
        }
        if (Character.isHighSurrogate(c)) {
            highSurrogate = c; // the decoder always gives both, so the low one comes next
        } else if (Character.isLetterOrDigit(
                Character.isLowSurrogate(c) ? Character.toCodePoint(highSurrogate, c) : c)) {
            wordLength++;
        } else {
            endWord();
        }
    }

    private void endWord() {
        if (wordLength > 0) {
            tally.addWord(wordLength);
            wordLength = 0;
        }
    }
}
