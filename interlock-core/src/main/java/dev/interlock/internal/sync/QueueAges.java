package dev.interlock.internal.sync;

import java.lang.foreign.MemorySegment;

/** Since when the messages of a queue are there, to about ten milliseconds, as one process notes it and as all can see it. */
final class QueueAges {
    /*
     * Word    63..42 lap, its lower bits | 41..0 milliseconds of the epoch; of each slot. 0: nothing was ever noted.
     * Notes   A process notes the time of a message when it is not that of its last note, or when the message is before that one. So
     *         the time of a message is that of the nearest note at or before it in its round: who claimed a position in between
     *         did so in between, too.
     * Moving  A note that the next round replaces may be that of a message behind it which is still there. Then it is put at that
     *         message's slot first, if that has none. As long as the message is there nobody else writes at its slot; and who writes
     *         there after it has gone is told by the compare-and-set.
     * Death   between two of these stores: an age is wrong by what lies between two notes, at most.
     */
    private static final int MILLIS_BITS = 42;
    private static final long MILLIS = (1L << MILLIS_BITS) - 1;

    private final Words words;
    private final MemorySegment memory; // of the words
    private final QueueLayout layout;
    private Noted last = new Noted(0, 0); // races lose updates, harmlessly: more is noted then

    private record Noted(long millis, long position) {}

    QueueAges(Words words, QueueLayout layout) {
        this.words = words;
        this.memory = words.memory();
        this.layout = layout;
    }

    /** A message is about to be written at that position, which this process claimed. */
    void note(long position) {
        long millis = CoarseClock.millis();
        if (!isNoted(position, millis)) note(position, millis);
    }

    /** Whether nothing is to be noted of a message that is written now. */
    boolean isNoted(long position) {
        return isNoted(position, CoarseClock.millis());
    }

    private boolean isNoted(long position, long millis) {
        Noted noted = last;
        return millis == noted.millis && position >= noted.position;
    }

    private void note(long position, long millis) {
        if (layout.capacity > 1) keep(position - layout.capacity);
        words.putPlain(memory, layout.age(position), word(position, millis));
        last = new Noted(millis, position);
    }

    /* The note of a message that is gone, for the one behind it. */
    private void keep(long gone) {
        long behind = gone + 1;
        if (gone < 0 || !hasNote(gone) || hasNote(behind)) return;
        long word = words.get(layout.ring.slot(behind));
        boolean there =
                RingWord.lap(word) == layout.ring.lap(behind)
                        && RingWord.state(word) != RingWord.EMPTY;
        if (!there) return;
        long seen = words.get(layout.age(behind));
        long millis = words.get(layout.age(gone)) & MILLIS;
        if (!isOf(behind, seen)) words.cas(layout.age(behind), seen, word(behind, millis));
    }

    private boolean hasNote(long position) {
        return isOf(position, words.get(layout.age(position)));
    }

    private boolean isOf(long position, long word) {
        return word != 0 && (word ^ lap(position)) >>> MILLIS_BITS == 0;
    }

    private long lap(long position) {
        return (long) layout.ring.lap(position) << MILLIS_BITS;
    }

    private long word(long position, long millis) {
        return lap(position) | (millis & MILLIS);
    }

    /** Since when the message of a position is there, in milliseconds of the epoch; 0 if that is not known. */
    long since(long position) {
        long first = Math.max(0, position - layout.capacity + 1);
        for (long noted = position; noted >= first; noted--)
            if (hasNote(noted)) return words.get(layout.age(noted)) & MILLIS;
        return 0;
    }
}
