package dev.interlock.internal.sync;

import java.lang.foreign.MemorySegment;

/**
 * A piece of shared memory, for a few accesses in a row. While it stays in a local variable the JIT keeps all of it in registers, and finds
 * out once, not at each access, that they lie within the memory.
 */
public final class Piece {
    private final Words words;
    private final MemorySegment memory; // of this piece alone
    private final long at;

    /**
     * Cuts it out.
     *
     * @param memory {@link Words#memory()}
     */
    Piece(Words words, MemorySegment memory, long at, long bytes) {
        this.words = words;
        this.memory = words.piece(memory, at, bytes);
        this.at = at;
    }

    /** Reads with volatile semantics, at an offset from the beginning of the piece. */
    long get(long offset) {
        return words.get(memory, at, offset);
    }

    /** Reads with no order. */
    long getPlain(long offset) {
        return words.getPlain(memory, at, offset);
    }

    /** Stores with volatile semantics. */
    void put(long offset, long value) {
        words.put(memory, at, offset, value);
    }

    /** Stores with release semantics. */
    void putRelease(long offset, long value) {
        words.putRelease(memory, at, offset, value);
    }

    /** Stores with no order. */
    void putPlain(long offset, long value) {
        words.putPlain(memory, at, offset, value);
    }

    /** Stores {@code value} if the word is {@code expected}, with volatile semantics. */
    boolean cas(long offset, long expected, long value) {
        return words.cas(memory, at, offset, expected, value);
    }

    /** A part of it, as others see it. */
    MemorySegment part(long offset, long bytes) {
        return memory.asSlice(offset, bytes);
    }
}
