package dev.interlock.internal.sync;

import java.util.function.BooleanSupplier;

/** What the death of a process does to a {@link Ring}. */
final class RingSweep {
    private RingSweep() {}

    /**
     * What the death of a process does to a ring. Any number of processes may do so at once, and die doing it.
     *
     * @param drop whether messages that it was reading are gone; else they can be taken again
     * @param stillDying whether the slot still belongs to the dead process
     */
    static void run(
            Words words, RingLayout layout, int dead, boolean drop, BooleanSupplier stillDying) {
        if (slots(words, layout, dead, drop, stillDying)) signals(words, layout);
    }

    /** Its first part; false if others have done it all. */
    static boolean slots(
            Words words, RingLayout layout, int dead, boolean drop, BooleanSupplier stillDying) {
        if (!settle(words, layout, dead, stillDying)) return false;
        for (int i = 0; i < layout.capacity; i++)
            if (!free(words, layout, i, dead, drop, stillDying)) return false;
        return true;
    }

    /* A claim of the dead process that only TAIL tells of. No other can come to be, nor this one be settled later. */
    private static boolean settle(
            Words words, RingLayout layout, int dead, BooleanSupplier stillDying) {
        long tail = words.get(layout.at + RingLayout.TAIL);
        if (RingTail.slot(tail) != dead) return true;
        if (!stillDying.getAsBoolean()) return false;
        Ring.settle(words, layout, tail);
        return true;
    }

    /** Its second part. */
    static void signals(Words words, RingLayout layout) {
        if (RingTail.isSealed(words.get(layout.at + RingLayout.TAIL)))
            Ring.closed(words, layout.at);
        words.getAndAdd(layout.at + RingLayout.RETURNS, 1);
        RingSignal.signalAll(words, layout.at + RingLayout.ITEMS);
        RingSignal.signalAll(words, layout.at + RingLayout.SPACE);
    }

    /* The word is read before it is asked whether the slot is still the dead one's: see ABA. */
    private static boolean free(
            Words words,
            RingLayout layout,
            int index,
            int dead,
            boolean drop,
            BooleanSupplier stillDying) {
        long slot = layout.slotOf(index);
        while (true) { // until it does not name the dead process, by whomever
            long word = words.get(slot);
            if (RingWord.slot(word) != dead) return true;
            if (!stillDying.getAsBoolean()) return false;
            if (RingWord.positions(word) > 1) {
                if (word != RingWord.doomed(word)) {
                    words.cas(slot, word, RingWord.doomed(word));
                    continue;
                }
                freeBehind(words, layout, index, word);
            }
            if (words.cas(slot, word, freed(word, drop))) return true;
        }
    }

    private static long freed(long word, boolean drop) {
        boolean redeliver = RingWord.state(word) == RingWord.READING && !drop;
        return redeliver ? RingWord.fullAgain(word) : RingWord.empty(RingWord.lap(word) + 1);
    }

    /* See Runs. A word that has this lap is one of this run. */
    private static void freeBehind(Words words, RingLayout layout, int index, long doomed) {
        for (int i = 1; i < RingWord.positions(doomed); i++) {
            int lap = RingWord.lap(doomed) + (index + i) / layout.capacity;
            long slot = layout.slotOf((index + i) % layout.capacity);
            long word;
            do { // until it is gone, by whomever: this may be a thread of a process that leaves
                word = words.get(slot);
            } while (isUnread(word, lap) && !words.cas(slot, word, RingWord.empty(lap + 1)));
        }
    }

    private static boolean isUnread(long word, int lap) {
        return word == RingWord.empty(lap) || word == RingWord.full(lap, false);
    }
}
