package dev.interlock.internal.sync;

/** A flag that threads wait for. */
public final class Events {
    /*
     * Layout      31..2: how often it was set | 1: SET | 0: W, see SignalWord
     * set         number + 1, SET on, wakes all.   clear   SET off; the number stays.
     * Waiting     ends when SET is on or the number is another than at the beginning: so a waiter that sleeps through a set and a
     *             clear was woken all the same.
     */
    public static final int BYTES = SignalWord.BYTES;

    private static final int SET = 2;
    private static final int ONE_MORE = 4;

    private Events() {}

    /** Whether it is set. */
    public static boolean isSet(Words words, long at) {
        return isSet(words.get(at));
    }

    private static boolean isSet(long word) {
        return (word & SET) != 0;
    }

    /** Sets it and wakes all who wait. */
    public static void set(Words words, long at) {
        while (true) { // until it is set, by whomever
            long seen = words.get(at);
            if (isSet(seen)) return;
            long next = ((seen & ~SignalWord.W) + ONE_MORE) | SET;
            if (SignalWord.change(words, at, seen, next & 0xFFFF_FFFFL)) return;
        }
    }

    /** Clears it. */
    public static void clear(Words words, long at) {
        while (true) { // until it is clear, by whomever
            long seen = words.get(at);
            if (!isSet(seen) || words.cas(at, seen, seen & ~SET)) return;
        }
    }

    /** Waits until it is set; false if the time ran out. */
    public static boolean await(
            Words words, WaitCells cells, long at, long deadlineNanos, boolean interruptible)
            throws InterruptedException {
        long number = words.get(at) & -ONE_MORE;
        SignalWord.Until set = word -> isSet(word) || (word & -ONE_MORE) != number;
        return SignalWaits.ended(
                SignalWord.await(words, cells, at, set, deadlineNanos, interruptible));
    }

    /**
     * Announces that somebody sleeps on the word's lower half until it is set.
     *
     * @return the lower half to sleep on, or 0 if it is set
     */
    public static int announce(Words words, long at) {
        while (true) { // until announced or set
            long seen = words.get(at);
            if (isSet(seen)) return 0;
            if (words.cas(at, seen, seen | SignalWord.W)) return (int) (seen | SignalWord.W);
        }
    }

    /** What any death calls for. */
    public static void sweep(Words words, long at) {
        SignalWord.sweep(words, at);
    }
}
