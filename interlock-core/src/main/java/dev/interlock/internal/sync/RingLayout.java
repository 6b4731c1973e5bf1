package dev.interlock.internal.sync;

/**
 * Where the words of a ring lie. Words that different threads write are two cache lines or more apart.
 *
 * <pre>
 * ring     0 tail, a RingTail | 256 next | 320 freed | 512 returns | 768 closed | 1024 items, a RingSignal | 1280 space, a RingSignal
 * slot     0 word, see RingWord | then what the user of the ring keeps there
 * </pre>
 *
 * A message has a <em>position</em>, which counts all messages from the first; its slot is the position modulo the capacity, and
 * its lap the quotient.
 */
final class RingLayout {
    static final int TAIL = 0; // up to where positions are claimed
    static final int NEXT = 256; // hint: where to look for a message; written by who takes one
    static final int FREED = 320; // all messages before it are gone; written by who finishes some
    static final int RETURNS = 512; // how often a message became FULL again
    static final int CLOSED = 768; // 1 for ever when closed
    static final int ITEMS = 1024; // threads that wait for a message
    static final int SPACE = 1280; // threads that wait for a place; the flags below
    static final int BYTES = 1536;

    /* Who else is to be told that a message is gone. Set once, by who closes, or sweeps, and by who is to be told. */
    static final long END = 1L << 32; // those at ITEMS, as it may be the end: the ring is closed
    static final long ELSE = 1L << 33; // threads that the user of the ring knows

    /** Positions have so many bits: a million messages a second use them up in nine years. */
    static final long POSITIONS = (1L << 48) - 1;

    static final int MOST_SLOTS = 1 << 24;

    private static final int LEAST_FREED = 64; // in smaller rings FREED would not help

    final long at;
    final int capacity;
    private final long slots;
    private final long slotsInPiece;
    private final long slotBytes;
    private final int shift; // a division by the capacity, if that is a power of two; else -1
    private final long mask; // and its remainder
    private final long inverse; // of the capacity, times 2^64, rounded up

    /**
     * A ring.
     *
     * @param at where its words lie
     * @param slots where its slots begin
     * @param slotBytes size of a slot, a multiple of 8
     * @param capacity number of slots, 1 to {@link #MOST_SLOTS}
     */
    RingLayout(long at, long slots, int slotBytes, int capacity) {
        this.at = at;
        this.slots = slots;
        this.slotsInPiece = slots - at;
        this.slotBytes = slotBytes;
        this.capacity = capacity;
        this.mask = capacity - 1L;
        this.shift = Integer.bitCount(capacity) == 1 ? Integer.numberOfTrailingZeros(capacity) : -1;
        this.inverse = Long.divideUnsigned(-1L, capacity) + 1;
    }

    /* A division would cost as much as all else that claims a slot. The product is too large by one at most. */
    private long quotient(long position) {
        if (shift >= 0) return position >>> shift;
        long quotient = Math.unsignedMultiplyHigh(position, inverse);
        return quotient * capacity > position ? quotient - 1 : quotient;
    }

    int lap(long position) {
        return (int) quotient(position);
    }

    /** Where the slot of a position lies. */
    long slot(long position) {
        return slots + index(position) * slotBytes;
    }

    /** The same in a piece that begins with the ring. */
    long slotInPiece(long position) {
        return slotsInPiece + index(position) * slotBytes;
    }

    /** Which slot a position has. */
    long index(long position) {
        return shift >= 0 ? position & mask : position - quotient(position) * capacity;
    }

    /** Whether anybody tells how far messages are gone. */
    boolean isFreedTold() {
        return capacity >= LEAST_FREED;
    }

    /** Where a slot lies. */
    long slotOf(int index) {
        return slots + index * slotBytes;
    }

    /**
     * A position from which to look on, when the slot of one was seen some laps ahead of it: its messages up to the last lap but one
     * are gone, and so are all before those, but for the last round.
     */
    long beyond(long position, int lapsAhead) {
        return (position + 1 + Math.max(0, lapsAhead - 2L) * capacity) & POSITIONS;
    }
}
