package dev.interlock.internal.sync;

/** A count that goes down to zero, for which threads wait. */
public final class Latches {
    /*
     * Layout      62..32: count | 1: ZERO | 0: W, see SignalWord. ZERO is the only part of the lower half that changes, so counting
     *             wakes nobody before the last.
     * Death       What was counted stays counted: nothing is taken back.
     */
    public static final int BYTES = SignalWord.BYTES;

    private static final int ZERO = 2;
    private static final long ONE = 1L << 32;

    private Latches() {}

    /** The first word of a latch with that count. */
    public static long initial(int count) {
        return count == 0 ? ZERO : count * ONE;
    }

    /** What is left to count. */
    public static int count(Words words, long at) {
        return (int) (words.get(at) >>> 32);
    }

    /** Counts down by one, unless it is zero; at zero wakes all who wait. */
    public static void countDown(Words words, long at) {
        while (true) { // until counted
            long seen = words.get(at);
            if (isZero(seen)) return;
            long next = seen - ONE;
            boolean last = next >>> 32 == 0;
            boolean done =
                    last
                            ? SignalWord.change(words, at, seen, next | ZERO)
                            : words.cas(at, seen, next);
            if (done) return;
        }
    }

    private static boolean isZero(long word) {
        return (word & ZERO) != 0;
    }

    /** Waits for zero; false if the time ran out. */
    public static boolean await(Words words, WaitCells cells, long at, long deadlineNanos)
            throws InterruptedException {
        return SignalWaits.ended(
                SignalWord.await(words, cells, at, Latches::isZero, deadlineNanos, true));
    }

    /**
     * Announces that somebody sleeps on the word's lower half until it is zero.
     *
     * @return the lower half to sleep on, or 0 if it is zero
     */
    public static int announce(Words words, long at) {
        while (true) { // until announced or zero
            long seen = words.get(at);
            if (isZero(seen)) return 0;
            if (words.cas(at, seen, seen | SignalWord.W)) return (int) (seen | SignalWord.W);
        }
    }

    /** What any death calls for. */
    public static void sweep(Words words, long at) {
        SignalWord.sweep(words, at);
    }
}
