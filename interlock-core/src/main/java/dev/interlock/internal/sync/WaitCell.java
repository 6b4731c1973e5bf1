package dev.interlock.internal.sync;

/**
 * One waiting thread as all processes see it, in a chunk of such cells that belongs to its process.
 *
 * <pre>
 * chunk   0 next chunk | 8 owner: generation:32, slot + 1:32; 0 = free | 16 used: a bit for each cell | 64 .. cells, 64 bytes each
 * cell    0 word: number of use:61, state:3 | 8 object | 16 ticket | 24 want | 32 thread id | 40 since | 48 kind | 56 report
 * </pre>
 *
 * Chunks hang in a list from a root in the region's header, to which new ones are put in front; none is ever taken out. The owner
 * of a chunk alone sets and clears its bits; only those cells are looked at. The fields of a cell are written by its owner before
 * the state becomes {@link #WAITING}, and mean something as long as the word stays as it was when they were read.
 */
public final class WaitCell {
    /*
     * States      FREE                                          leaves by
     *             0 FREE     nobody waits here                  its owner's thread: fills in the fields, then stores WAITING
     *             1 WAITING  a thread waits, or is about to     who wakes it: CAS to WOKEN, then wake;  the thread: CAS to GONE
     *             2 WOKEN    it was chosen                      the thread, when it has made use of that: store FREE, use + 1
     *             3 GONE     timed out or interrupted           the thread: store FREE, use + 1
     * Death       of the thread's process in WAITING: the sweep frees the cell. In WOKEN: it had been given something that others
     *             may need: the sweep passes that on, then frees the cell. Of who wakes, between CAS and wake: the sweep wakes
     *             every WOKEN cell.
     */
    public static final int CELLS = 64;

    public static final int CELL_BYTES = 64;
    public static final int CHUNK_HEADER_BYTES = 64;
    public static final int CHUNK_BYTES = CHUNK_HEADER_BYTES + CELLS * CELL_BYTES;

    public static final int NEXT = 0;
    public static final int OWNER = 8;
    static final int USED = 16;

    static final int OBJECT = 8;
    static final int TICKET = 16;
    static final int WANT = 24;
    static final int THREAD = 32;
    static final int SINCE = 40;
    static final int KIND = 48;
    static final int REPORT = 56;

    /**
     * What threads wait for in cells has 128 bytes or more. In this word, counted from where it begins, it is noted how often one
     * began to wait for it.
     */
    public static final int CONTENTION = 120;

    static final int FREE = 0;
    static final int WAITING = 1;
    static final int WOKEN = 2;
    static final int GONE = 3;

    /** In the kind's word: the wait ends by itself. */
    public static final int TIMED = 1 << 8;

    /** In the kind's word: the thread's caller counts on owning the lock afterwards. */
    public static final int MUST_OWN = 1 << 9;

    /** What a thread that waits long may be asked to tell: memory for that. */
    public static final int REPORT_BYTES = 4096;

    static final long ASKED = -1; // in REPORT, by a process that found a deadlock
    private static final int STATE = 7;
    private static final long ONE_USE = 8;

    /** What a thread waits for; decides what becomes of a wake-up that reached a dead one. */
    public enum Kind {
        /** A lock, asleep on the lock's own word. The cell only shows it. */
        LOCK,
        /** A lock in fair mode, asleep on the cell. */
        FAIR_LOCK,
        /** A signal, which must reach somebody. */
        CONDITION,
        /** Permits. */
        SEMAPHORE,
        /** Something else, asleep on a word of the object's. The cell only shows it. */
        OTHER;

        private static final Kind[] VALUES = values();

        static Kind of(long kindWord) {
            int code = (int) kindWord & 0xFF;
            return code < VALUES.length ? VALUES[code] : OTHER;
        }
    }

    private WaitCell() {}

    @SuppressWarnings("EnumOrdinal") // their order is part of the layout
    static long kindWord(Kind kind, int flags) {
        return kind.ordinal() | flags;
    }

    /** The flags of a wait with that deadline. */
    public static int flags(long deadlineNanos) {
        return deadlineNanos == Words.NEVER ? 0 : TIMED;
    }

    static int generation(long owner) {
        return (int) (owner >>> 32);
    }

    static boolean isSameUse(long word, long other) {
        return (word & ~STATE) == (other & ~STATE);
    }

    static int state(long word) {
        return (int) word & STATE;
    }

    static long with(long word, int state) {
        return (word & ~STATE) | state;
    }

    /** The word of a cell that is free for the next use. */
    static long freed(long word) {
        return with(word, FREE) + ONE_USE;
    }

    static long owner(int slot, int generation) {
        return (long) generation << 32 | (slot + 1);
    }

    static int slot(long owner) {
        return (int) owner - 1;
    }

    static long cell(long chunk, int index) {
        return chunk + CHUNK_HEADER_BYTES + (long) index * CELL_BYTES;
    }
}
