package dev.interlock.internal.sync;

/**
 * The 64-bit word of a lock, and the cell around it.
 *
 * <pre>
 *  63                              32 31 30 29 28..25 24            9 8        0
 * +----------------------------------+--+--+--+------+---------------+----------+
 * | acquisition number               |W |A |S | zero | thread hint   | slot + 1 |
 * +----------------------------------+--+--+--+------+---------------+----------+
 *                                     W WAITERS: someone may sleep on the lower half
 *                                        A ABANDONED: an owner died, nobody has repaired since
 *                                           S STARVED: someone was passed over for a millisecond; the others hold back
 *
 * cell:   0 word | 8 epoch | 16 since | 24 name key | 32 .. 119 name of the owner's thread, UTF-8, zero-padded
 *         120 how often a thread slept for it
 * </pre>
 *
 * The owner is part of the one word that every step compares and sets, so there is no instant at which a lock is taken and nobody
 * knows by whom. All else in the cell is written by the owner only, and serves display: it may be missing or old after a crash.
 */
public final class LockWord {
    /** Size of a lock in shared memory: two cache lines. */
    public static final int CELL_BYTES = 128;

    /** Longest thread name that is kept, in bytes of UTF-8. */
    public static final int NAME_BYTES = 88;

    static final int EPOCH = 8; // written by the owner, now and then
    static final int SINCE =
            16; // written by the owner after each acquisition: milliseconds of the epoch
    static final int NAME_KEY =
            24; // written by the owner: whose name follows; 0 while it is being changed
    static final int NAME = 32; // written by the owner when the last one had another name key

    static final int WAITERS = 1 << 31;
    static final int ABANDONED = 1 << 30;
    static final int STARVED = 1 << 29;
    static final int OWNER = (1 << 25) - 1;
    static final int SLOT = (1 << 9) - 1;
    static final long ONE_MORE = 1L << 32;
    static final int EPOCH_EVERY = 1 << 30;

    private LockWord() {}

    /** A thread of the process with that slot; never 0. Its low bits are the owner bits. */
    static long threadKey(int slot, long threadId) {
        return threadId << 9 | (slot + 1);
    }

    /** Whether a key of this process is that thread's. */
    static boolean isKeyOf(long threadKey, long threadId) {
        return threadKey >>> 9 == threadId;
    }

    /** What the word of a lock tells of its owner. */
    static int ownerBits(long threadKey) {
        return (int) threadKey & OWNER;
    }

    /** Identifies a thread among all that ever had this slot, near enough. Its low bits are the owner bits. */
    static long nameKey(int slot, int generation, long threadId) {
        return (long) (generation & 0x7FFF) << 48 | (threadId & 0x7F_FFFF_FFFFL) << 9 | (slot + 1);
    }

    /** Whether the thread of that name key may be the owner: slot and thread hint are the low bits of both. */
    static boolean isOwner(long word, long nameKey) {
        return ((int) nameKey & OWNER) == ((int) word & OWNER);
    }

    static boolean isFree(long word) {
        return ((int) word & OWNER) == 0;
    }

    /** Whether it is free and nothing else is to be minded. */
    static boolean isIdle(long word) {
        return (int) word == 0;
    }

    /** The slot of the owner's process, or -1 if the lock is free. */
    public static int ownerSlot(long word) {
        return ((int) word & SLOT) - 1;
    }

    static boolean has(long word, int flag) {
        return ((int) word & flag) != 0;
    }

    static int number(long word) {
        return (int) (word >>> 32);
    }

    static long with(long word, int flags) {
        return word | (flags & 0xFFFF_FFFFL);
    }

    static long without(long word, int flags) {
        return word & ~(flags & 0xFFFF_FFFFL);
    }

    /** The word after an acquisition from an idle word. */
    static long taken(long idle, int ownerBits) {
        return idle + (ONE_MORE | ownerBits);
    }

    /** The word after an acquisition from the free word {@code seen}. */
    static long taken(long seen, int ownerBits, int flags) {
        return ((seen >>> 32) + 1) << 32 | (flags & 0xFFFF_FFFFL) | ownerBits;
    }

    /** The word after its owner died: free, abandoned, sleepers still announced. */
    static long abandoned(long held) {
        return taken(held, 0, ((int) held & WAITERS) | ABANDONED);
    }
}
