package dev.interlock.internal.sync;

import java.lang.foreign.MemorySegment;

/**
 * Takes messages one after the other, with less effort than {@link QueueState#take()}, as what has to be told is told in the end. For one
 * thread, and not for long: others do not see yet that there is room.
 *
 * <p>For each message: its {@link #position()}, {@link #take}; and then, the message read, {@link #finishOwing}.
 */
public final class QueueTaking {
    /** How many messages are taken, at most, before others are told. */
    public static final int MOST = 32;

    private static final long LINE = 64;

    private final QueueState state;
    private final Ring ring;
    private final QueueLayout layout;
    private final QueueDebts debts;
    private final Piece queue;
    private final long returns;
    private final long first;
    private long next;
    private long slot; // in the piece, of the message that was taken last
    private long noted; // what next was when it was noted
    private int owed; // messages that are finished
    private int counted; // in the debts, before any of them is gone

    QueueTaking(QueueState state, Ring ring, QueueLayout layout, QueueDebts debts, Piece queue) {
        this.state = state;
        this.ring = ring;
        this.layout = layout;
        this.debts = debts;
        this.queue = queue;
        this.returns = ring.returns(queue);
        this.first = ring.begin(queue, returns);
        this.next = first;
        this.noted = first;
    }

    /** Where there may be a message. */
    public long position() {
        return next;
    }

    /**
     * Takes the message at that position.
     *
     * @return its word; 0 if there is none that can be taken, see {@link #lookOn}
     */
    public long take() {
        long at = ring.slotInPiece(next);
        long word = ring.takeAt(queue, at, next);
        if (word == 0) return 0;
        slot = at;
        next++;
        return word;
    }

    /**
     * The contents of the message that was taken last, which has that word, for reading only.
     *
     * @throws IllegalStateException if the memory is damaged
     */
    public MemorySegment contents(long word) {
        return state.contentsToRead(queue, slot, next - 1, word);
    }

    /** Goes on to the next position with a message, and answers it; or {@link Ring#NOT_YET} or {@link Ring#ENDED}. */
    public long lookOn() {
        long position = ring.wouldTakeFrom(next);
        if (position >= 0) next = position;
        return position;
    }

    /**
     * Ends the reading of the message that was taken last, which is gone; this process owes a report that it is done with it.
     *
     * @param word of the message
     */
    public void finishOwing(long word) {
        finishOwing(next - 1, slot, word);
    }

    /** The same, of any message that was taken. */
    public void finishOwing(long position, long word) {
        finishOwing(position, ring.slotInPiece(position), word);
    }

    private void finishOwing(long position, long slot, long word) {
        if (owed == counted) count(owed == 0 ? 1 : MOST);
        owed++;
        touch(slot);
        ring.finishOne(queue, position, slot, word);
    }

    /*
     * Stores what is in a message to the same place, once in each cache line of it: so the lines come to this CPU to be written. Who
     * writes the next message there gets them in one step, and ahead of time, as CPUs fetch for writing what no other shares; a line
     * that both have costs it a round trip each. Twice as many messages of 128 bytes pass through for it.
     */
    private void touch(long slot) {
        for (long word = slot + LINE; word < slot + layout.touched; word += LINE)
            queue.putPlain(word, queue.getPlain(word));
    }

    /** Says that so many more messages are going to be finished, or fewer. */
    public void count(int more) {
        debts.add(more);
        counted += more;
    }

    /** Notes how far messages are taken. */
    public void note() {
        if (next == noted) return;
        ring.taken(queue, next - 1, returns);
        noted = next;
    }

    /** Tells others; to be called in any case. */
    public void end() {
        if (next == first) return;
        note();
        if (counted > owed) debts.giveUp(counted - owed);
        ring.fence();
        ring.signalFinished(queue);
        state.signalIdle(queue);
    }
}
