package dev.interlock.examples.words;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordCounterTest {
    private final Tally tally = new Tally();
    private final WordCounter counter = new WordCounter(tally);

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            textBlock =
                    """
                    '',0
                    ' ',0
                    one,1
                    one two,2
                    ' one  two ',2
                    it's,2
                    snake_case,2
                    x=1+y2;,3
                    Grüße an Zoë,3
                    два слова,2
                    日本語,1
                    𝒜𝒷 𐐀,2
                    ٣ apples,2
                    🙂,0
                    a🙂b,2
                    ½,0
                    """)
    void aWordIsALongestRunOfLettersAndDigits(String text, int words) throws IOException {
        count(text);

        assertThat(tally.words()).isEqualTo(words);
    }

    @Test
    void linesAreLineFeeds_asInWc() throws IOException {
        count("one\ntwo\r\nthree");

        assertThat(tally.lines()).isEqualTo(2);
        assertThat(tally.words()).isEqualTo(3);
        assertThat(tally.bytes()).isEqualTo(14);
    }

    @Test
    void lengthsAreInCodePoints_andLongWordsCountTogether() throws IOException {
        count("𝒜 " + "x".repeat(Tally.MAX_LENGTH) + " " + "y".repeat(100_000));

        assertThat(tally.wordsOfLength(1)).isEqualTo(1);
        assertThat(tally.wordsOfLength(Tally.MAX_LENGTH)).isEqualTo(2);
    }

    @Test
    void aWordEndsWithItsFile() throws IOException {
        count("one");
        count("two");

        assertThat(tally.words()).isEqualTo(2);
        assertThat(tally.files()).isEqualTo(2);
    }

    @Test
    void charactersCutByAReadAreWhole() throws IOException {
        byte[] text = "Grüße 日本語 𝒜𝒷".repeat(10).getBytes(StandardCharsets.UTF_8);

        counter.count(oneByteAtATime(text));

        assertThat(tally.words()).isEqualTo(21); // 𝒜𝒷Grüße runs together
        assertThat(tally.bytes()).isEqualTo(text.length);
    }

    @Test
    void bytesThatAreNotUtf8EndAWord() throws IOException {
        counter.count(
                new ByteArrayInputStream(
                        new byte[] {'a', (byte) 0xff, 'b', 0, 'c', (byte) 0xe2, (byte) 0x82}));

        assertThat(tally.words()).isEqualTo(3);
        assertThat(tally.bytes()).isEqualTo(7);
    }

    @Test
    void aFileCutInACharacterDoesNotSpoilTheNext() throws IOException {
        counter.count(new ByteArrayInputStream(new byte[] {'a', (byte) 0xe2, (byte) 0x82}));
        count("b");

        assertThat(tally.words()).isEqualTo(2);
        assertThat(tally.wordsOfLength(1)).isEqualTo(2);
    }

    private void count(String text) throws IOException {
        counter.count(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static InputStream oneByteAtATime(byte[] content) {
        return new ByteArrayInputStream(content) {
            @Override
            public synchronized int read(byte[] buffer, int offset, int length) {
                return super.read(buffer, offset, Math.min(length, 1));
            }
        };
    }
}
