package dev.interlock.internal.sync;

import org.jspecify.annotations.Nullable;

/**
 * Where everything lies in a pipe.
 *
 * <pre>
 * pipe       0 lock to send from the first end | 128 to receive that | 256 to send from the second | 384 to receive that
 *            512 capacity of a ring | 520 1: one way, from the second end to the first
 *            576 two directions | 1600 two ends | 9920 rings: from the first end, unless one way; from the second
 * direction  0 tail | 128 head | 256 data, a RingSignal | 384 space, a RingSignal
 * end        0 state | 8 cells in use | 16 numbers given out | 64 .. 510 cells, see PipeHolds
 * </pre>
 */
public final class PipeLayout {
    static final int CELL = LockWord.CELL_BYTES;

    private static final int CAPACITY = 4 * CELL; // this and the next are written once
    private static final int ONE_WAY = CAPACITY + 8;
    private static final int DIRECTIONS = CAPACITY + 64;
    private static final int DIRECTION_BYTES = 512;
    static final int TAIL = 0; // written by who sends, under its lock
    static final int HEAD = 128; // written by who receives, under its lock
    static final int DATA = 256;
    static final int SPACE = 384;
    private static final int ENDS = DIRECTIONS + 2 * DIRECTION_BYTES;
    private static final int END_BYTES = 4160;
    private static final int RINGS = ENDS + 2 * END_BYTES;

    /** The smallest ring, in bytes. */
    public static final int LEAST_CAPACITY = 256;

    /** The largest ring, in bytes. */
    public static final int MOST_CAPACITY = 1 << 30;

    private static final int[] AWAITED = {
        DIRECTIONS + DATA,
        DIRECTIONS + SPACE,
        DIRECTIONS + DIRECTION_BYTES + DATA,
        DIRECTIONS + DIRECTION_BYTES + SPACE
    };

    final long at;
    final int capacity;
    final boolean oneWay;

    private PipeLayout(long at, int capacity, boolean oneWay) {
        this.at = at;
        this.capacity = capacity;
        this.oneWay = oneWay;
    }

    /** How large a ring is that is to have so many bytes or more. */
    public static int capacity(int bytes) {
        int enough = Math.clamp(bytes, LEAST_CAPACITY, MOST_CAPACITY);
        return Integer.highestOneBit(enough - 1) << 1;
    }

    /** Where threads are seen that wait in the pipe at that offset, other than for its locks. */
    public static long[] awaited(long at) {
        long[] awaited = new long[AWAITED.length];
        for (int i = 0; i < awaited.length; i++) awaited[i] = at + AWAITED[i];
        return awaited;
    }

    /** How much memory a pipe takes. */
    public static long bytes(int capacity, boolean oneWay) {
        return RINGS + (oneWay ? 1L : 2L) * capacity;
    }

    /** Describes itself in a pipe that is being made, whose memory is zero. */
    public static void initialize(Words words, long at, int capacity, boolean oneWay) {
        words.putPlain(at + CAPACITY, capacity);
        words.putPlain(at + ONE_WAY, oneWay ? 1 : 0);
    }

    /** The layout of a pipe whose memory has so many bytes; null if what it says of itself cannot be. */
    static @Nullable PipeLayout read(Words words, long at, long bytes) {
        long capacity = words.getPlain(at + CAPACITY);
        boolean oneWay = words.getPlain(at + ONE_WAY) != 0;
        boolean possible =
                capacity >= LEAST_CAPACITY
                        && capacity <= MOST_CAPACITY
                        && Long.bitCount(capacity) == 1
                        && bytes((int) capacity, oneWay) <= bytes;
        return possible ? new PipeLayout(at, (int) capacity, oneWay) : null;
    }

    /** Whether anything is sent from that end. */
    boolean sends(int end) {
        return !oneWay || end == 1;
    }

    /** Where the direction from that end lies. */
    long direction(int from) {
        return at + DIRECTIONS + (long) from * DIRECTION_BYTES;
    }

    /** The lock of who sends from that end. */
    static int sendLock(int from) {
        return from * 2 * CELL;
    }

    /** The lock of who receives what was sent from that end. */
    static int receiveLock(int from) {
        return sendLock(from) + CELL;
    }

    long ring(int from) {
        return at + RINGS + (oneWay ? 0 : (long) from * capacity);
    }

    long end(int end) {
        return at + ENDS + (long) end * END_BYTES;
    }
}
