package dev.interlock.internal.sync;

/**
 * A read-write lock in shared memory.
 *
 * <pre>
 *   0  lock, see {@link LockWord}: the writer's, and for a moment that of a reader that had to wait
 * 128  gate: counts openings and closings, odd while closed to readers | 136 writes | 144 drain: counts wake-ups
 * 192  a bit for each slot whose process ever read
 * 256  readers of slot 0 | 320 readers of slot 1 | ..     a cache line each
 *
 *  63                                            1    0
 * +-----------------------------------------------+---+
 * | begun and ended writes, odd while one writes  | D |  writes      D DIRTY: a writer died writing, nobody has repaired since
 * +-----------------------+-----------------------+---+
 * | generation of slot:32 | threads that read:32      |  readers
 * +-----------------------+---------------------------+
 * </pre>
 */
public final class ReadWriteCell {
    /** Processes that may read. */
    public static final int SLOTS = 511;

    static final int GATE = LockWord.CELL_BYTES;
    static final int WRITES = GATE + 8;
    static final int DRAIN = WRITES + 8;
    static final int USED = GATE + 64;
    static final int READERS = USED + 64;
    static final int READERS_BYTES = 64;

    /** Size of a read-write lock in shared memory. */
    public static final int BYTES = READERS + SLOTS * READERS_BYTES;

    static final int USED_WORDS = 8;

    static final long DIRTY = 1;
    static final long WRITING = 2; // the lowest bit of the count
    static final long ONE_CHANGE = 2;

    private ReadWriteCell() {}

    static long readers(long at, int slot) {
        return at + READERS + (long) slot * READERS_BYTES;
    }

    static boolean isClosed(long gate) {
        return (gate & 1) != 0;
    }

    static boolean isWriting(long writes) {
        return (writes & WRITING) != 0;
    }

    /** Nobody writes and nothing is half written. */
    static boolean isWhole(long writes) {
        return (writes & (WRITING | DIRTY)) == 0;
    }

    /** The readers' word of a process that reads for the first time. */
    static long noReaders(int generation) {
        return (long) generation << 32;
    }

    static int generation(long readers) {
        return (int) (readers >>> 32);
    }

    static int count(long readers) {
        return (int) readers;
    }
}
