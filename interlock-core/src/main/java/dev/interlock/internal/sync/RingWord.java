package dev.interlock.internal.sync;

/**
 * The 64-bit word of a ring's slot.
 *
 * <pre>
 *  63                              32 31 30 29                   9 8        0
 * +----------------------------------+-----+----------------------+----------+
 * | lap                              |state| deliveries           | slot + 1 |
 * +----------------------------------+-----+----------------------+----------+
 *  lap         how often the ring came round to this slot; of the message in it, or of the next one if it is EMPTY
 *  deliveries  how often the message was taken; not counted further than the field goes
 *  slot + 1    the process that writes or reads it; 0 = none
 * </pre>
 */
final class RingWord {
    static final int EMPTY = 0;
    static final int WRITING = 1;
    static final int FULL = 2;
    static final int READING = 3;

    static final int MOST_DELIVERIES = (1 << 21) - 1;

    private static final int SLOT = (1 << 9) - 1;

    private RingWord() {}

    static int lap(long word) {
        return (int) (word >>> 32);
    }

    static int state(long word) {
        return (int) word >>> 30;
    }

    static int deliveries(long word) {
        return (int) word >>> 9 & MOST_DELIVERIES;
    }

    /** The slot of the process that writes or reads, or -1. */
    static int slot(long word) {
        return ((int) word & SLOT) - 1;
    }

    static long empty(int lap) {
        return (long) lap << 32;
    }

    static long writing(int lap, int slot) {
        return word(lap, WRITING, 0, slot);
    }

    static long full(int lap, int deliveries) {
        return word(lap, FULL, deliveries, -1);
    }

    /** The word of a message that was seen FULL, when it is taken. */
    static long reading(long full, int slot) {
        int deliveries = Math.min(deliveries(full) + 1, MOST_DELIVERIES);
        return word(lap(full), READING, deliveries, slot);
    }

    private static long word(int lap, int state, int deliveries, int slot) {
        int lower = state << 30 | deliveries << 9 | (slot + 1);
        return (long) lap << 32 | (lower & 0xFFFF_FFFFL);
    }
}
