package dev.interlock.internal.sync;

/**
 * The 64-bit word of a ring's slot.
 *
 * <pre>
 *  63                              32 31 30 29    28             9 8        0
 * +----------------------------------+-----+-----+----------------+----------+
 * | lap                              |state|whole| deliveries     | slot + 1 |
 * +----------------------------------+-----+-----+----------------+----------+
 *  lap         how often the ring came round to this slot; of the message in it, or of the next one if it is EMPTY
 *  whole       FULL, READING: the message is as long as its place; how long others are is said elsewhere. WRITING: a sweep has
 *              ended that
 *  deliveries  how often the message was taken; not counted further than the field goes. WRITING: how many positions behind this
 *              one were claimed with it
 *  slot + 1    the process that writes or reads it; 0 = none
 * </pre>
 */
final class RingWord {
    static final int EMPTY = 0;
    static final int WRITING = 1;
    static final int FULL = 2;
    static final int READING = 3;

    static final int MOST_DELIVERIES = (1 << 20) - 1;

    /** The most positions that are claimed in one step. */
    static final int MOST_CLAIMED = 32;

    private static final int SLOT = (1 << 9) - 1;
    private static final long WHOLE = 1L << 29;
    private static final long DOOMED = WHOLE;

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

    /** The word of the first of so many positions that were claimed in one step. */
    static long writing(int lap, int slot, int claimed) {
        return word(lap, WRITING, claimed - 1, slot);
    }

    /** How many positions this word speaks for: those that were claimed with it while it is WRITING, else its own. */
    static int positions(long word) {
        return state(word) == WRITING ? (deliveries(word) & (MOST_CLAIMED - 1)) + 1 : 1;
    }

    /** The same word WRITING, which nobody can publish any more. */
    static long doomed(long writing) {
        return writing | DOOMED;
    }

    /** The word of a message, of which it also says whether it is as long as its place. */
    static long full(int lap, boolean whole) {
        return word(lap, FULL, 0, -1) | (whole ? WHOLE : 0);
    }

    static boolean isWhole(long word) {
        return (word & WHOLE) != 0;
    }

    /** The word of a message that was seen READING, when it can be taken again. */
    static long fullAgain(long reading) {
        return word(lap(reading), FULL, deliveries(reading), -1) | (reading & WHOLE);
    }

    /** The word of a message that was seen FULL, when it is taken. */
    static long reading(long full, int slot) {
        int deliveries = Math.min(deliveries(full) + 1, MOST_DELIVERIES);
        return word(lap(full), READING, deliveries, slot) | (full & WHOLE);
    }

    private static long word(int lap, int state, int deliveries, int slot) {
        int lower = state << 30 | deliveries << 9 | (slot + 1);
        return (long) lap << 32 | (lower & 0xFFFF_FFFFL);
    }
}
