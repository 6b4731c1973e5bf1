package dev.interlock.internal.sync;

import java.lang.foreign.MemorySegment;

/** Waiting until something can be done that others make possible, one waiter at a time. */
final class RingSignal {
    /*
     * Layout      63..32 flags of its user, set for ever | 31..2 number of signals | 1 S: nobody sleeps on this word
     *             0 W: somebody may sleep
     * States      W S                                     leaves by
     *             0 0   nobody waits                      a waiter announces itself: CAS to W
     *             1 0   somebody may sleep                who signals: CAS to W|S, number + 1, then wakes one
     *             1 1   signalled                         a waiter: CAS to W;  who signals: as above;  who signalled, when its
     *                                                     wake found nobody: CAS of the very word it left to 0 0
     * Waiting     announce; try; sleep on the announced word. Who changed what a waiter looks at signals then.
     * No lost wake-up   The try comes after the announcement, the signal after the change, and all are volatile: either the try
     *             sees the change or the signal sees W. In the second case the word changes, so that a waiter that does not
     *             sleep yet will not. W goes off only from a word with S, on which nobody falls asleep: who comes upon one makes
     *             it another first. The number makes it the very word. But for those who may go untold:
     * Untold      Who changes something by a store may look for W before others see that store: then try and look both come too
     *             early. A fence would keep them in order, but waits for the cache line of each store. So a waiter that such a
     *             change would help tries once more by itself, two milliseconds after it announced the word on which it sleeps. By
     *             then the store is seen, as no CPU keeps one back for a thousandth of that; and whoever stores later sees W,
     *             which stays as long as the word does. A word that comes back is the same announcement, or 2^30 signals
     *             later. See ADR 30.
     * One for another   A signal is for any waiter, and what it tells of may serve more than one: so whoever ends its wait,
     *             for whatever reason, signals anew.
     * Death       of who changed something and did not signal, or signalled and did not wake; of who was woken: the sweep after
     *             any death wakes all.
     * Not promised   A waiter that is stopped right after it was woken keeps that wake-up; the next change wakes another.
     * Flags       spare who signals a look at other words: whoever wants such a look sets the flag first. Then it does what a waiter
     *             does, so that either it sees the change or the signal sees the flag, or it goes untold.
     * Tested by   RingModelTest, RingSignalTest, UntoldWaitersTest; of a queue's flags, END there, ELSE in SharedQueueContractTest.
     */
    static final int W = 1;
    static final int S = 2;
    private static final int ONE_MORE = 4;
    private static final long LOWER_HALF = 0xFFFF_FFFFL;

    /** Not done: wait on. Other negative numbers and all others end the wait. */
    static final long NOT_YET = -1;

    /** How a wait without success ended. */
    static final long TIMED_OUT = -3;

    static final long INTERRUPTED = -4; // and the thread's status is cleared

    private RingSignal() {}

    /** What a waiter tries to do. */
    interface Attempt {
        /** Answers {@link #NOT_YET} to wait on. */
        long tryOnce();

        /** Until when to sleep before trying again, at most; not later than the deadline. */
        long until(long deadlineNanos);

        /** Whether who makes it possible may not tell: see Untold. Asked after a try. */
        boolean mayGoUntold();
    }

    /**
     * Tries and sleeps in turns. Whatever comes of it, the caller signals afterwards.
     *
     * @param opening through which the caller reached the region: when that is closed, this throws
     */
    static long await(
            Words words,
            Words opening,
            long at,
            Attempt attempt,
            long deadlineNanos,
            boolean interruptible) {
        SecondTry second = new SecondTry(words);
        while (true) { // until done, timed out or interrupted
            second.begin();
            int announced = announce(words, at);
            long result = attempt.tryOnce();
            if (result != NOT_YET) return result;
            if (interruptible && Thread.interrupted()) return INTERRUPTED;
            if (SignalWord.isTimeOver(words, deadlineNanos)) return TIMED_OUT;
            long until = attempt.until(deadlineNanos);
            if (attempt.mayGoUntold()) until = second.until(announced, until);
            opening.await(at, announced, until, interruptible);
        }
    }

    /** Answers the word on which to sleep. */
    static int announce(Words words, long at) {
        while (true) { // until the word says W and not S
            long seen = words.get(at);
            long announced = (seen | W) & ~S;
            if (announced == seen || words.cas(at, seen, announced)) return (int) announced;
        }
    }

    /** Sets a flag, a bit of the upper half. */
    static void flag(Words words, long at, long flag) {
        long seen;
        do { // until it is set, by whomever
            seen = words.get(at);
        } while ((seen & flag) == 0 && !words.cas(at, seen, seen | flag));
    }

    /** Tells one waiter, if there is any, that something may have changed; after the change. */
    static void signal(Words words, long at) {
        long seen = words.get(at);
        if ((seen & W) != 0) wake(words, at, seen, 1);
    }

    /** The same, with a piece at hand in which the word lies; {@code at} is its offset there. */
    static void signal(Words words, MemorySegment piece, long pieceAt, long at) {
        long seen = words.get(piece, pieceAt, at);
        if ((seen & W) != 0) wake(words, pieceAt + at, seen, 1);
    }

    /** Tells all. */
    static void signalAll(Words words, long at) {
        long seen = words.get(at);
        if ((seen & W) != 0) wake(words, at, seen, Integer.MAX_VALUE);
    }

    private static void wake(Words words, long at, long seen, int count) {
        while (true) { // until signalled, or nobody waits
            long left = (seen & ~LOWER_HALF) | ((seen + ONE_MORE | W | S) & LOWER_HALF);
            if (words.cas(at, seen, left)) {
                if (words.wake(at, count) == 0) words.cas(at, left, left & ~(W | S));
                return;
            }
            seen = words.get(at);
            if ((seen & W) == 0) return;
        }
    }
}
