package dev.interlock.examples.words;

import dev.interlock.SharedLongArray;
import java.io.Serializable;
import java.util.Arrays;

/** What is counted: files, bytes, lines, words, and words by their length. Not thread-safe: each process has its own and adds it up. */
public final class Tally implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Words of this length and longer ones are counted together. */
    public static final int MAX_LENGTH = 20;

    static final int FILES = 0;
    static final int BYTES = 1;
    static final int LINES = 2;
    static final int WORDS = 3;
    static final int LENGTHS = 4; // + length, 1 to MAX_LENGTH
    static final int SIZE = LENGTHS + MAX_LENGTH + 1;

    private final long[] cells;

    /** Creates a tally of nothing. */
    public Tally() {
        this(new long[SIZE]);
    }

    private Tally(long[] cells) {
        this.cells = cells;
    }

    static Tally copyOf(SharedLongArray shared) {
        return new Tally(shared.toArray());
    }

    void add(int cell, long count) {
        cells[cell] += count;
    }

    void addWord(int length) {
        cells[WORDS]++;
        cells[LENGTHS + Math.min(length, MAX_LENGTH)]++;
    }

    /** Adds this tally into {@code shared}, cell by cell; the caller holds the lock that guards it. */
    void addInto(SharedLongArray shared) {
        for (int cell = 0; cell < SIZE; cell++) {
            shared.set(cell, shared.get(cell) + cells[cell]);
        }
    }

    /** {@return the number of files} */
    public long files() {
        return cells[FILES];
    }

    /** {@return the number of bytes in all files} */
    public long bytes() {
        return cells[BYTES];
    }

    /** {@return the number of line feeds, as {@code wc -l} counts} */
    public long lines() {
        return cells[LINES];
    }

    /** {@return the number of words} */
    public long words() {
        return cells[WORDS];
    }

    /**
     * The number of words of one length.
     *
     * @param length the length in code points, 1 to {@link #MAX_LENGTH}
     * @return how many words have this length, or for the maximum, this length or a greater one
     */
    public long wordsOfLength(int length) {
        return cells[LENGTHS + length];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tally that && Arrays.equals(cells, that.cells);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(cells);
    }

    @Override
    public String toString() {
        return files()
                + " files, "
                + bytes()
                + " bytes, "
                + lines()
                + " lines, "
                + words()
                + " words";
    }
}
