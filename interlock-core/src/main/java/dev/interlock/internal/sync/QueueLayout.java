package dev.interlock.internal.sync;

import org.jspecify.annotations.Nullable;

/**
 * Where everything lies in a queue.
 *
 * <pre>
 * queue    0 .. 1535 words of the ring, see RingLayout | 1536 lock of the areas | 1664 idle, a RingSignal
 *          1792 capacity | 1800 slot bytes | 1808 drops | 1816 most bytes in areas | 1856 number of areas
 *          1920 areas: 64 times (offset in the region, number of blocks)
 *          2944 debts: of each process, messages that it took and has not reported done | 7040 slots
 * slot     0 word, see RingWord | 8 length | 16 where: 0 in the slot, else its first block's offset | 24 since | 32 contents
 * area     a word for each block: the position of the message that uses or used it, + 1 | then the blocks
 * </pre>
 *
 * A block is in use as long as the message of that position is: there is nothing to free, and nothing that a death could leak.
 */
public final class QueueLayout {
    /** The lock of the areas. */
    public static final int LOCK = RingLayout.BYTES;

    /** Where threads are seen that wait for a message. */
    public static final int ITEMS = RingLayout.ITEMS;

    /** Where threads are seen that wait for a place. */
    public static final int SPACE = RingLayout.SPACE;

    /** Where threads are seen that wait until all is done. */
    public static final int IDLE = LOCK + LockWord.CELL_BYTES;

    private static final int CAPACITY =
            IDLE + 128; // these are written once, when the queue is made
    private static final int SLOT_BYTES = CAPACITY + 8;
    private static final int DROPS = CAPACITY + 16;
    private static final int MOST_BYTES = CAPACITY + 24;
    static final int AREA_COUNT = CAPACITY + 64; // written under the lock, after the area
    static final int AREAS = CAPACITY + 128; // written under the lock
    static final int MOST_AREAS = 64;
    private static final int DEBTS = AREAS + MOST_AREAS * 16;
    private static final int DEBT_LINES = 64;
    private static final int SLOTS = DEBTS + DEBT_LINES * 64;

    static final int LENGTH = 8; // of a slot, as those below; written by who writes the message
    static final int PLACE = 16;
    static final int SINCE = 24;
    static final int CONTENTS = 32;

    static final int BLOCK_BYTES = 4096;

    /** The most messages that a queue can hold. */
    public static final int MOST_MESSAGES = RingLayout.MOST_SLOTS;

    /** The largest message that a slot can be made for. */
    public static final int MOST_IN_SLOT = 1 << 20;

    final long at;
    final int capacity;
    final int slotBytes;
    final boolean drops;
    final long mostBytes;
    final RingLayout ring;

    private QueueLayout(long at, int capacity, int slotBytes, boolean drops, long mostBytes) {
        this.at = at;
        this.capacity = capacity;
        this.slotBytes = slotBytes;
        this.drops = drops;
        this.mostBytes = mostBytes;
        this.ring = new RingLayout(at, at + SLOTS, slotBytes, capacity);
    }

    private static int slotBytes(int messageBytes) {
        return CONTENTS + messageBytes + 63 & -64;
    }

    /** How much memory a queue takes, without areas. */
    public static long bytes(int capacity, int messageBytes) {
        return SLOTS + (long) capacity * slotBytes(messageBytes);
    }

    /** Describes itself in a queue that is being made, whose memory is zero. */
    public static void initialize(
            Words words, long at, int capacity, int messageBytes, boolean drops, long mostBytes) {
        words.putPlain(at + CAPACITY, capacity);
        words.putPlain(at + SLOT_BYTES, slotBytes(messageBytes));
        words.putPlain(at + DROPS, drops ? 1 : 0);
        words.putPlain(at + MOST_BYTES, mostBytes);
    }

    /** The layout of a queue whose memory has so many bytes; null if what it says of itself cannot be. */
    static @Nullable QueueLayout read(Words words, long at, long bytes) {
        long capacity = words.getPlain(at + CAPACITY);
        long slotBytes = words.getPlain(at + SLOT_BYTES);
        boolean possible =
                capacity >= 1
                        && capacity <= MOST_MESSAGES
                        && slotBytes >= 64
                        && slotBytes % 64 == 0
                        && slotBytes <= slotBytes(MOST_IN_SLOT)
                        && SLOTS + capacity * slotBytes <= bytes;
        if (!possible) return null;
        boolean drops = words.getPlain(at + DROPS) != 0;
        long mostBytes = words.getPlain(at + MOST_BYTES);
        return new QueueLayout(at, (int) capacity, (int) slotBytes, drops, mostBytes);
    }

    /** Whether larger messages have limited memory. */
    boolean isLimited() {
        return mostBytes != Long.MAX_VALUE;
    }

    /** How large a message fits in a slot. */
    int inSlot() {
        return slotBytes - CONTENTS;
    }

    /* Neighbours in the process table have cache lines of their own. */
    long debt(int slot) {
        return at + DEBTS + (slot % DEBT_LINES) * 64L + slot / DEBT_LINES * 8L;
    }

    long idle() {
        return at + IDLE;
    }
}
