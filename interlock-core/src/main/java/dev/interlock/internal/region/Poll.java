package dev.interlock.internal.region;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Looking again and again, at growing intervals, instead of sleeping in the kernel: for a while, after which the caller decides
 * anew, as it may be able to sleep by then.
 */
final class Poll implements AutoCloseable {
    private static final long FIRST_PAUSE_NANOS = 20_000;
    private static final long LONGEST_PAUSE_NANOS = 1_000_000;
    private static final long MOST_NANOS = 10_000_000;

    /* To decide anew may be to look at all who wait. Among more threads than this each of them does so less often. */
    private static final int FEW = 8;
    private static final AtomicInteger POLLING = new AtomicInteger(); // threads of this JVM

    private final long end;
    private long pause = FIRST_PAUSE_NANOS;

    /**
     * Begins.
     *
     * @param deadlineNanos on the clock of {@link System#nanoTime()}, or {@link Long#MAX_VALUE}
     */
    Poll(long deadlineNanos) {
        int polling = POLLING.incrementAndGet();
        long most = MOST_NANOS * Math.max(1, polling / FEW);
        end = Math.min(deadlineNanos, System.nanoTime() + most);
    }

    /** Pauses until the next look, or until the thread is unparked or interrupted; false if the time is over. */
    boolean pause() {
        long left = end - System.nanoTime();
        if (left <= 0) return false;
        LockSupport.parkNanos(Math.min(pause, left));
        pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        return true;
    }

    @Override
    public void close() {
        POLLING.decrementAndGet();
    }
}
