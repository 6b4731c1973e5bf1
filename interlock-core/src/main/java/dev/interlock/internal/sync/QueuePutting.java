package dev.interlock.internal.sync;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Puts one message, in the usual case: this process put the last one, there is room, and the message is as long as a slot. Else the way is
 * that of {@link QueueState#claim}.
 *
 * <p>Whatever is needed is read before the claim, and kept in local variables, since no CPU reads ahead of a compare-and-set or a fence:
 * what is to be done behind one should wait for nothing.
 */
public final class QueuePutting {
    private final Ring ring;
    private final Words words;
    private final MemorySegment queue; // the memory of the queue alone: see Words.piece
    private final SlotSlices slices;
    private final long at; // where that begins
    private final long tail;
    private final long position;
    private final long claimed; // what becomes of the tail
    private final long full; // what becomes of the slot
    private final long slot; // where it lies in the piece
    private final long age; // the same
    private final long millis;
    private final boolean isUsual;

    QueuePutting(
            Ring ring,
            QueueLayout layout,
            Words words,
            MemorySegment queue,
            SlotSlices slices,
            long length) {
        this.ring = ring;
        this.words = words;
        this.queue = queue;
        this.slices = slices;
        this.at = layout.at;
        this.tail = ring.settled();
        this.position = RingTail.position(tail);
        this.claimed = ring.tailAfter(position);
        this.full = ring.full(position, true);
        this.slot = ring.slotInPiece(position);
        this.age = layout.age(position) - layout.at;
        this.millis = CoarseClock.millis();
        this.isUsual = length == layout.inSlot() && ring.hasRoom(position);
    }

    /** Whether it is the usual case, as far as can be seen before the claim, which tells whether this process put the last one. */
    public boolean isUsual() {
        return isUsual;
    }

    /** Claims a place, if {@link #isUsual}; false if this process was not the last to put a message, or the queue is closed. */
    public boolean claim() {
        if (!words.cas(queue, at, RingLayout.TAIL, tail, claimed)) return false;
        words.putPlain(queue, at, age, millis);
        return true;
    }

    /** The position that was claimed. */
    public long position() {
        return position;
    }

    /** Where to write; to be asked before the claim. */
    public MemorySegment contents() {
        return slices.of(position);
    }

    /** Writes all of it. */
    public void write(byte[] bytes) {
        long to = slot + QueueLayout.CONTENTS;
        MemorySegment.copy(bytes, 0, queue, ValueLayout.JAVA_BYTE, to, bytes.length);
    }

    /** Makes what was written a message, and tells who waits for one. */
    public void publish() {
        words.put(queue, at, slot, full);
        ring.settled(claimed);
        ring.signalItems(words, queue);
        // Now, not when the next one is put: then somebody waits for it.
        if (!ring.hasRoom(position + 1)) ring.learnRoom(position + 1);
    }
}
