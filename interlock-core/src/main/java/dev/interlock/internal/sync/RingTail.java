package dev.interlock.internal.sync;

/**
 * The 64-bit word that says up to where the positions of a ring are claimed, and who claimed the last ones.
 *
 * <pre>
 *  63     62        58 57       49 48 47                                    0
 * +------+------------+-----------+--+---------------------------------------+
 * |sealed| claimed - 1| slot + 1  |  | position                              |
 * +------+------------+-----------+--+---------------------------------------+
 *  sealed    set once, when the ring is closed: nothing is claimed any more
 *  claimed   how many positions the last claim was of
 *  slot + 1  the process that made it; 0 = there was none
 *  position  the first one that is not claimed
 * </pre>
 */
final class RingTail {
    /** No ring's tail: all positions are before it. */
    static final long NEVER = RingLayout.POSITIONS;

    private static final long SEALED = 1L << 63;
    private static final int CLAIMED_SHIFT = 58;
    private static final int SLOT_SHIFT = 49;
    private static final int SLOT = (1 << 9) - 1;

    private RingTail() {}

    /** When a process has claimed so many positions before that one. */
    static long claimed(long position, int claimed, int slot) {
        return (claimed - 1L) << CLAIMED_SHIFT | (slot + 1L) << SLOT_SHIFT | position;
    }

    static long sealed(long tail) {
        return tail | SEALED;
    }

    static boolean isSealed(long tail) {
        return tail < 0;
    }

    /** The first position that is not claimed. */
    static long position(long tail) {
        return tail & RingLayout.POSITIONS;
    }

    /** The first position of the last claim. */
    static long first(long tail) {
        return (tail - claimed(tail)) & RingLayout.POSITIONS;
    }

    /** How many positions the last claim was of. */
    static int claimed(long tail) {
        return ((int) (tail >>> CLAIMED_SHIFT) & (RingWord.MOST_CLAIMED - 1)) + 1;
    }

    /** The slot of the process that made the last claim, or -1. */
    static int slot(long tail) {
        return ((int) (tail >>> SLOT_SHIFT) & SLOT) - 1;
    }
}
