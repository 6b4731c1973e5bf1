package dev.interlock.internal.sync;

/** Waiting for a word to say that something has happened, all who wait at once. */
final class SignalWord {
    /*
     * Layout      the lower half is what threads sleep on; its lowest bit is W, the rest is the user's. It must change with everything
     *             that a waiter is to see.
     * States      W = 1: somebody may sleep. Set by who is about to sleep, on a word that does not yet say what it waits for. Who
     *             changes the word, to one that says it to all, keeps W, wakes all, and takes W off the very word that it left:
     *             whoever fell asleep meanwhile did so on another word. A change that says it to some only leaves W there.
     * No lost wake-up   The kernel compares and sleeps as one step: changed before, the sleep ends at once; changed after, the changer
     *             saw W.
     * Death       of who changed the word before it woke: W is set, and the sweep after any death wakes all who sleep on such a
     *             word. Of who sleeps: nothing.
     */
    static final int W = 1;
    static final int BYTES = 128; // a word and what WaitCell.CONTENTION says
    private static final int SPINS = 200;
    private static final boolean ONE_CPU = Cpus.ONE;

    private SignalWord() {}

    /** What a waiter waits for. */
    interface Until {
        boolean isOver(long word);
    }

    /** How a wait ended. */
    enum Seen {
        YES,
        TIMED_OUT,
        INTERRUPTED
    }

    /** Sleeps until the word says so. An interrupt that ends the wait is cleared. */
    static Seen await(
            Words words,
            WaitCells cells,
            long at,
            Until until,
            long deadlineNanos,
            boolean interruptible) {
        if (until.isOver(words.get(at)) || spin(words, at, until)) return Seen.YES;
        if (isTimeOver(words, deadlineNanos)) return Seen.TIMED_OUT;
        long cell = cells.enterIfPossible(WaitCell.Kind.OTHER, at, WaitCell.flags(deadlineNanos));
        try {
            return sleep(words, at, until, deadlineNanos, interruptible);
        } finally {
            cells.leave(cell);
        }
    }

    static boolean spin(Words words, long at, Until until) {
        int spins = ONE_CPU ? 0 : words.spins(SPINS);
        for (int i = 0; i < spins; i++) {
            Thread.onSpinWait();
            if (until.isOver(words.get(at))) return true;
        }
        return false;
    }

    private static Seen sleep(
            Words words, long at, Until until, long deadlineNanos, boolean interruptible) {
        while (true) { // until it is over, or the time is, or the thread is interrupted
            long seen = words.get(at);
            if (until.isOver(seen)) return Seen.YES;
            if (interruptible && Thread.interrupted()) return Seen.INTERRUPTED;
            if (isTimeOver(words, deadlineNanos)) return Seen.TIMED_OUT;
            long announced = seen | W;
            if (announced != seen && !words.cas(at, seen, announced)) continue;
            words.await(at, (int) announced, deadlineNanos, interruptible);
        }
    }

    static boolean isTimeOver(Words words, long deadlineNanos) {
        return deadlineNanos != Words.NEVER && words.nanoTime() >= deadlineNanos;
    }

    /** Changes the word, which the caller has just seen, and wakes all; false if it was another by then. */
    static boolean change(Words words, long at, long seen, long value) {
        long left = value | (seen & W);
        if (!words.cas(at, seen, left)) return false;
        if ((left & W) != 0) {
            words.wake(at, Integer.MAX_VALUE);
            words.cas(at, left, left & ~W);
        }
        return true;
    }

    /** What any death calls for. */
    static void sweep(Words words, long at) {
        if ((words.get(at) & W) != 0) words.wake(at, Integer.MAX_VALUE);
    }
}
