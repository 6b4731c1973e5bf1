package dev.interlock.internal.sync;

import java.lang.foreign.MemorySegment;

/**
 * One look at whether there is a message that can be taken. Never passed to what is not inlined, so that the JIT keeps it in registers:
 * what follows a volatile load then waits for no other.
 */
public final class QueueLook {
    /*
     * For who asks again and again: between two looks at the word it would do all the rest, and pause. Each look more is a few
     * nanoseconds. Not a constant, for which the JIT would make as many copies of a look, and inline nothing that has them.
     */
    private static int looks = 3;

    private final RingLayout places;
    private final long returns;
    private final long position;
    private final long slot;
    private final long word;

    QueueLook(Ring ring, RingLayout places, Words words, MemorySegment queue) {
        this.places = places;
        this.returns = words.get(queue, places.at, RingLayout.RETURNS);
        long next = words.getPlain(queue, places.at, RingLayout.NEXT);
        this.position = ring.begin(next, returns);
        long unpublished = RingWord.empty(places.lap(position));
        this.slot = places.slotInPiece(position);
        this.word = look(words, queue, places.at, slot, unpublished);
    }

    /* Not told which object it is for, as it may be large enough not to be inlined. */
    private static long look(
            Words words, MemorySegment queue, long at, long slot, long unpublished) {
        long seen;
        int left = looks;
        do { // until it is published, or one need not wait longer
            seen = words.get(queue, at, slot);
        } while (seen == unpublished && --left > 0);
        return seen;
    }

    /** How often messages have come back, before this look. */
    public long returns() {
        return returns;
    }

    /** Where there may be a message, the first one. */
    public long position() {
        return position;
    }

    /** Where that position's slot lies in the memory of the queue alone. */
    public long slot() {
        return slot;
    }

    /** The word of that slot. */
    public long word() {
        return word;
    }

    /** Whether nobody has published that position yet: then nothing behind it can be taken. */
    public boolean isUnpublished() {
        return word == RingWord.empty(places.lap(position));
    }
}
