package dev.interlock;

import dev.interlock.internal.region.Mapping;
import dev.interlock.internal.region.OpenRegion;
import dev.interlock.internal.sync.Latches;
import dev.interlock.internal.sync.Words;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A count that threads of all processes bring down to zero, for which others wait, as
 * {@link java.util.concurrent.CountDownLatch}. It is not reset.
 *
 * <p>What was counted stays counted when a process dies; if one dies before it counts, others wait on: use a time limit,
 * or {@link WaitSet} with the process. What a thread did before {@link #countDown()} happens-before what follows a wait
 * for it, in whatever process. Handles are safe for use by many threads, and may be sent to other processes. All
 * methods that reach the memory throw {@link IllegalStateException} when the {@link Region} is closed, also those that
 * are waiting then. Virtual threads wait without holding a carrier.
 */
public final class SharedCountDownLatch extends SharedObject implements Waitable {
    private static final long serialVersionUID = 1L;

    private final transient OpenRegion region;
    private final transient Mapping words;
    private final transient long at;

    SharedCountDownLatch(Handle handle) {
        super(handle);
        this.region = handle.region();
        this.words = region.mapping();
        this.at = handle.payload();
    }

    /** Counts down by one, and at zero wakes all who wait. Does nothing at zero. Never waits. */
    public void countDown() {
        Latches.countDown(words, at);
    }

    /**
     * What is left to count, at this moment.
     *
     * @return the count
     */
    public long getCount() {
        return Latches.count(words, at);
    }

    /**
     * Waits for zero; not at all at zero.
     *
     * @throws InterruptedException if interrupted, on entry, even at zero, or while waiting; the thread's status is cleared
     */
    public void await() throws InterruptedException {
        awaitUntil(Words.NEVER);
    }

    /**
     * Waits for zero, or for that long.
     *
     * @param timeout how long; zero or less looks once
     * @return whether the count is zero; false if the time ran out
     * @throws InterruptedException if interrupted, on entry or while waiting
     */
    public boolean await(Duration timeout) throws InterruptedException {
        return awaitUntil(Timeouts.deadline(Math.max(0, Timeouts.toNanos(timeout))));
    }

    /**
     * Waits for zero, or for that long; see {@link #await(Duration)}.
     *
     * @param time how long
     * @param unit of {@code time}
     * @return whether the count is zero
     * @throws InterruptedException if interrupted, on entry or while waiting
     */
    public boolean await(long time, TimeUnit unit) throws InterruptedException {
        return awaitUntil(Timeouts.deadline(Math.max(0, unit.toNanos(time))));
    }

    private boolean awaitUntil(long deadlineNanos) throws InterruptedException {
        if (Thread.interrupted()) throw new InterruptedException();
        return Latches.await(words, region.cells(), at, deadlineNanos);
    }

    Readiness readiness() {
        return new SignalReadiness(region, at, () -> Latches.announce(words, at));
    }

    @Override
    String state() {
        return ", " + getCount() + " left";
    }
}
