package dev.interlock.internal.sync;

import org.jspecify.annotations.Nullable;

/**
 * Where everything lies in a queue.
 *
 * <pre>
 * queue    0 .. 1535 words of the ring, see RingLayout | 1536 lock of the areas | 1664 idle, a RingSignal
 *          1792 capacity | 1800 slot bytes | 1808 drops | 1816 most bytes in areas | 1856 number of areas
 *          1920 areas: 64 times (offset in the region, number of blocks)
 *          2944 debts: two words of each process, see QueueDebts | 11136 slots | lengths | ages
 * slot     0 word, see RingWord | 8 contents; if the message lies in blocks, where
 * length   63 whether the message lies in blocks | 62..0 length; of each slot, written if the message is not as long as the slot
 * age      since when, in milliseconds of the epoch; of each slot. Apart from the slots, as the lengths are, since who takes a message
 *          need not look: so their cache lines stay with who writes
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
    private static final int DEBT_GROUPS = 64; // of processes; each has cache lines of its own
    private static final int DEBT_GROUP_BYTES = 128;
    private static final int DEBT_BYTES = 16;
    private static final int SLOTS = DEBTS + DEBT_GROUPS * DEBT_GROUP_BYTES;

    static final int CONTENTS =
            8; // of a slot, as those below; by who writes the message, or reads it
    static final int PLACE = CONTENTS; // of a message in blocks

    private static final int LENGTH_BYTES = 8;
    private static final int AGE_BYTES = 8;
    private static final long IN_BLOCKS = Long.MIN_VALUE;
    private static final long MOST_BYTES_OF_ONE = (1L << 40) - 1;

    private static final int SLOT_UNIT =
            8; // small messages share cache lines with those next to them

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
    private final long lengths;
    private final long ages;
    final long bytes;

    private QueueLayout(long at, int capacity, int slotBytes, boolean drops, long mostBytes) {
        this.at = at;
        this.capacity = capacity;
        this.slotBytes = slotBytes;
        this.drops = drops;
        this.mostBytes = mostBytes;
        this.ring = new RingLayout(at, at + SLOTS, slotBytes, capacity);
        this.lengths = at + SLOTS + (long) capacity * slotBytes;
        this.ages = lengths + (long) capacity * LENGTH_BYTES;
        this.bytes = bytesOf(capacity, slotBytes);
    }

    private static int slotBytes(int messageBytes) {
        return CONTENTS + Math.max(messageBytes, 8) + SLOT_UNIT - 1 & -SLOT_UNIT;
    }

    /** How much memory a queue takes, without areas. */
    public static long bytes(int capacity, int messageBytes) {
        return bytesOf(capacity, slotBytes(messageBytes));
    }

    private static long bytesOf(long capacity, long slotBytes) {
        return SLOTS + capacity * (slotBytes + LENGTH_BYTES + AGE_BYTES);
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
                        && slotBytes >= slotBytes(0)
                        && slotBytes % SLOT_UNIT == 0
                        && slotBytes <= slotBytes(MOST_IN_SLOT)
                        && bytesOf(capacity, slotBytes) <= bytes;
        if (!possible) return null;
        boolean drops = words.getPlain(at + DROPS) != 0;
        long mostBytes = words.getPlain(at + MOST_BYTES);
        return new QueueLayout(at, (int) capacity, (int) slotBytes, drops, mostBytes);
    }

    /** Whether larger messages have limited memory. */
    boolean isLimited() {
        return mostBytes != Long.MAX_VALUE;
    }

    /** The word for a length of a message in blocks. */
    static long inBlocks(long length) {
        return length | IN_BLOCKS;
    }

    static boolean isInBlocks(long word) {
        return (word & IN_BLOCKS) != 0;
    }

    static long length(long word) {
        return word & ~IN_BLOCKS;
    }

    /** How large a message can be at most. */
    long mostBytesOfOne() {
        return Math.max(inSlot(), Math.min(mostBytes, MOST_BYTES_OF_ONE));
    }

    /** Where it is said how long the message of a position is. */
    long lengthOf(long position) {
        return lengths + ring.index(position) * LENGTH_BYTES;
    }

    /** Where it is said since when the message of a position is there. */
    long age(long position) {
        return ages + ring.index(position) * AGE_BYTES;
    }

    /** How large a message fits in a slot. */
    int inSlot() {
        return slotBytes - CONTENTS;
    }

    /** Where BOOK lies, see {@link QueueDebts}, of the process in that slot: neighbours in the process table share no cache line. */
    long book(int slot) {
        long group = slot % DEBT_GROUPS;
        long inGroup = slot / DEBT_GROUPS;
        return at + DEBTS + group * DEBT_GROUP_BYTES + inGroup * DEBT_BYTES;
    }

    /** Where its SOLE lies. */
    long sole(int slot) {
        return book(slot) + 8;
    }

    long idle() {
        return at + IDLE;
    }
}
