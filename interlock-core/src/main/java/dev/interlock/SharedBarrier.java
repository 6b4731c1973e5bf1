package dev.interlock;

import dev.interlock.internal.region.OpenRegion;
import dev.interlock.internal.sync.BarrierState;
import dev.interlock.internal.sync.Words;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A place where a number of threads, of one process or of many, wait until all have arrived, again and again: as
 * {@link java.util.concurrent.CyclicBarrier} and Python's {@code Barrier}.
 *
 * <p><b>Breaking.</b> If one of those who wait is interrupted, runs out of time or calls {@link #abort()}, the barrier
 * breaks: all who wait get a {@link BrokenBarrierException}, as does everybody who comes, until {@link #reset()}.
 *
 * <p><b>Death.</b> The barrier also breaks if a process dies that has it while others wait: who should come may be
 * missing now. A process has the barrier from when it got the first handle to it until it closes the region. Nothing
 * breaks if nobody waits. A process that ends in another way without having closed the region counts as dead, since nobody
 * can tell; one that only passes the barrier on should close it. A process that dies when all have arrived holds nobody up.
 *
 * <p><b>Action.</b> The last to arrive runs the action that its own handle was made with, if any, before the others go on;
 * they go on even if their time ran out meanwhile. An action is an object of one JVM: it does not travel with the handle. What it throws
 * reaches the thread that ran it, and breaks the barrier for the others. It must not use the barrier: waiting for it,
 * {@link #abort()} and {@link #reset()} throw {@link IllegalStateException} there. All others that call one of these while it runs,
 * or whose wait ends by time or an interrupt, wait until it is done, whatever their time limit. So it must not wait for what
 * such a thread has, a lock perhaps.
 *
 * <p>{@code CyclicBarrier} and Python agree in all but this: the number that {@link #await()} answers is
 * {@code CyclicBarrier}'s, counting what is still to come; {@link #abort()} is Python's. What a thread did before it
 * arrived happens-before the action, and that before what follows in all. Handles are safe for use by many threads, and
 * may be sent to other processes. All methods that reach the memory throw {@link IllegalStateException} when the
 * {@link Region} is closed; a wait that this ends breaks the barrier. Virtual threads wait without holding a carrier.
 */
public final class SharedBarrier extends SharedObject {
    private static final long serialVersionUID = 1L;

    private final transient OpenRegion region;
    private final transient BarrierState state;
    private final transient int parties;
    private final transient @Nullable Runnable action;

    SharedBarrier(Handle handle, @Nullable Runnable action) {
        super(handle);
        this.region = handle.region();
        this.parties = (int) region.heap().option(handle.payload());
        this.state = region.barrier(handle.payload(), parties);
        this.action = action;
    }

    /**
     * Waits until all parties have arrived; not at all if this is the last.
     *
     * @return how many were still to come: one less than the number of parties for the first, 0 for the last
     * @throws InterruptedException if interrupted, on entry or while waiting, and it is not broken already; the barrier is broken
     *     then and the thread's status cleared
     * @throws BrokenBarrierException if it is or gets broken
     * @throws DeadlockException if it would wait for an action that waits for a lock which the calling thread owns
     */
    public int await() throws InterruptedException, BrokenBarrierException {
        try {
            return awaitUntil(Words.NEVER);
        } catch (TimeoutException e) {
            throw new AssertionError(e); // there was no limit
        }
    }

    /**
     * Waits until all parties have arrived, or for that long; longer while an action runs.
     *
     * @param timeout how long; zero or less waits not at all: unless this is the last to arrive, the barrier breaks
     * @return how many were still to come: one less than the number of parties for the first, 0 for the last
     * @throws InterruptedException if interrupted, on entry or while waiting; the barrier is broken then
     * @throws BrokenBarrierException if it is or gets broken
     * @throws TimeoutException if the time ran out; the barrier is broken then
     * @throws DeadlockException as {@link #await()}
     */
    public int await(Duration timeout)
            throws InterruptedException, BrokenBarrierException, TimeoutException {
        return awaitUntil(Timeouts.deadline(Math.max(0, Timeouts.toNanos(timeout))));
    }

    /**
     * Waits until all parties have arrived, or for that long; see {@link #await(Duration)}.
     *
     * @param time how long
     * @param unit of {@code time}
     * @return how many were still to come
     * @throws InterruptedException if interrupted, on entry or while waiting; the barrier is broken then
     * @throws BrokenBarrierException if it is or gets broken
     * @throws TimeoutException if the time ran out; the barrier is broken then
     * @throws DeadlockException as {@link #await()}
     */
    public int await(long time, TimeUnit unit)
            throws InterruptedException, BrokenBarrierException, TimeoutException {
        return awaitUntil(Timeouts.deadline(Math.max(0, unit.toNanos(time))));
    }

    private int awaitUntil(long deadlineNanos)
            throws InterruptedException, BrokenBarrierException, TimeoutException {
        region.requireOpen();
        return state.await(action, deadlineNanos);
    }

    /**
     * Breaks the barrier: all who wait, and all who come until {@link #reset()}, get a {@link BrokenBarrierException}. If an action
     * runs, this waits until it is done.
     *
     * @throws DeadlockException as {@link #await()}
     */
    public void abort() {
        region.requireOpen();
        state.abort();
    }

    /**
     * Makes the barrier whole: whoever comes now waits for all parties anew. All who wait get a {@link BrokenBarrierException}. After
     * a break all have to agree on who resets; another barrier is simpler. If an action runs, this waits until it is done.
     *
     * @throws DeadlockException as {@link #await()}
     */
    public void reset() {
        region.requireOpen();
        state.reset();
    }

    /**
     * Whether it is broken, at this moment.
     *
     * @return whether it is
     */
    public boolean isBroken() {
        region.requireOpen();
        return state.isBroken();
    }

    /**
     * How many threads it takes.
     *
     * @return the number that it was made with
     */
    public int getParties() {
        return parties;
    }

    /**
     * How many threads have arrived and wait for others, at this moment.
     *
     * @return their number; 0 if it is broken
     */
    public int getNumberWaiting() {
        region.requireOpen();
        return state.waiting();
    }

    @Override
    String state() {
        return isBroken() ? ", broken" : ", " + getNumberWaiting() + " of " + parties + " waiting";
    }
}
