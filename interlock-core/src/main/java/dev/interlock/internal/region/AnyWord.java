package dev.interlock.internal.region;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** One thread's wait for the first of several words, of one region or several, and for a bell that others ring. */
public final class AnyWord {
    private final Thread thread = Thread.currentThread();
    private volatile boolean rung;

    /**
     * A word.
     *
     * @param expected what its lower half was when there was reason to wait
     */
    public record Watched(Mapping mapping, long offset, int expected) {
        private boolean hasChanged() {
            return (int) mapping.get(offset) != expected;
        }
    }

    /** Ends the wait, or the next one. Any thread may do so. */
    public void ring() {
        rung = true;
        LockSupport.unpark(thread);
    }

    /**
     * Parks until a word changes or is woken, the bell rings, the thread is interrupted (its status stays set), the time is over
     * or a region is closed. May return for no reason.
     *
     * @param deadlineNanos on the clock of {@link System#nanoTime()}, or {@link Long#MAX_VALUE}
     */
    public void await(List<Watched> words, long deadlineNanos) {
        if (maySleep(words)) sleep(words, deadlineNanos);
        else poll(words, deadlineNanos);
        rung = false; // the caller looks at everything again
    }

    private static boolean maySleep(List<Watched> words) {
        for (Watched word : words) {
            if (!word.mapping.waits().maySleepForMany()) return false;
        }
        return true;
    }

    private void sleep(List<Watched> words, long deadlineNanos) {
        List<VirtualWaits.Waiter> waiters = new ArrayList<>();
        try {
            for (Watched word : words) {
                var waiter = new VirtualWaits.Waiter(word.mapping, word.offset, word.expected);
                waiters.add(waiter);
                word.mapping.waits().enter(waiter);
            }
            while (!isOver(waiters)) { // until there is something to look at
                long left = left(deadlineNanos);
                if (left <= 0 || thread.isInterrupted()) return;
                LockSupport.parkNanos(left);
            }
        } finally {
            for (int i = 0; i < waiters.size(); i++)
                words.get(i).mapping.waits().leave(waiters.get(i));
        }
    }

    private boolean isOver(List<VirtualWaits.Waiter> waiters) {
        if (rung) return true;
        for (VirtualWaits.Waiter waiter : waiters) {
            if (waiter.isOver()) return true;
        }
        return false;
    }

    private void poll(List<Watched> words, long deadlineNanos) {
        try (Poll poll = new Poll(deadlineNanos)) {
            do { // until there is something to look at, or to decide anew
                if (rung || thread.isInterrupted()) return;
                for (Watched word : words) {
                    if (word.hasChanged()) return;
                }
            } while (poll.pause());
        }
    }

    private static long left(long deadlineNanos) {
        return deadlineNanos == Long.MAX_VALUE ? Long.MAX_VALUE : deadlineNanos - System.nanoTime();
    }
}
