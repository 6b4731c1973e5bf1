package dev.interlock.internal.sync;

import java.lang.foreign.MemorySegment;

/**
 * Puts one message, in the usual case: this process put the last one, there is room, and the message is as long as a slot. Else the way is
 * that of {@link QueueState#claim}.
 *
 * <p>Whatever is needed is read before the claim, and kept in local variables, since no CPU reads ahead of a compare-and-set or a fence:
 * what is to be done behind one should wait for nothing.
 */
public final class QueuePutting {
    private final Ring ring;
    private final Piece queue;
    private final long tail;
    private final long position;
    private final long claimed; // what becomes of the tail
    private final long full; // what becomes of the slot
    private final long slot; // where it lies in the piece
    private final long age; // the same
    private final long millis;
    private final long length;
    private final boolean isUsual;

    QueuePutting(Ring ring, QueueLayout layout, Piece queue, long length) {
        this.ring = ring;
        this.queue = queue;
        this.tail = ring.settled();
        this.position = RingTail.position(tail);
        this.claimed = ring.tailAfter(position);
        this.full = ring.full(position, true);
        this.slot = ring.slotInPiece(position);
        this.age = layout.age(position) - layout.at;
        this.millis = CoarseClock.millis();
        this.length = length;
        this.isUsual = length == layout.inSlot() && ring.hasRoom(position);
    }

    /** Claims a place; false if that is not as simple as usual. */
    public boolean claim() {
        if (!isUsual || !queue.cas(RingLayout.TAIL, tail, claimed)) return false;
        queue.putPlain(age, millis);
        return true;
    }

    /** The position that was claimed. */
    public long position() {
        return position;
    }

    /** Where to write. */
    public MemorySegment contents() {
        return queue.part(slot + QueueLayout.CONTENTS, length);
    }

    /** Makes what was written a message, and tells who waits for one. */
    public void publish() {
        queue.put(slot, full);
        ring.settled(claimed);
        ring.signalItems(queue);
    }
}
