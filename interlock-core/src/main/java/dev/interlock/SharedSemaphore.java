package dev.interlock;

import dev.interlock.internal.region.AnyWord;
import dev.interlock.internal.region.Mapping;
import dev.interlock.internal.region.OpenRegion;
import dev.interlock.internal.sync.SemaphoreState;
import dev.interlock.internal.sync.SemaphoreState.Acquired;
import dev.interlock.internal.sync.WaitList;
import dev.interlock.internal.sync.Words;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Permits that threads of all processes share, as {@link java.util.concurrent.Semaphore} and Python's {@code Semaphore}.
 *
 * <p><b>Death.</b> Unless made otherwise, permits belong to the process that acquired them, whichever thread did: when it
 * dies, at any instruction, they come back within milliseconds, and when it closes the region. Only that process can
 * release them. {@link SemaphoreOptions#unowned()} gives the semantics of the two classes named above: anybody may
 * release, also what nobody acquired, and what a dead process had is lost. If something else wrote into the region's file, so that permits
 * belong to a process that is not there, who waits for them and {@link #tryAcquire()} get a {@link RegionCorruptException}, and acquire nothing.
 *
 * <p><b>Order.</b> What a thread did before {@link #release()} happens-before what follows the acquisition of the permit,
 * in whatever process. <b>Fairness.</b> Those who wait are served in the order in which they came, and a request for
 * many permits holds up those behind it; but a running thread may take permits before those who wait, unless the
 * semaphore is made {@linkplain SemaphoreOptions#fair() fair}.
 *
 * <p>Handles are safe for use by many threads, and may be sent to other processes. Virtual threads wait without holding a
 * carrier. All methods that reach the memory throw {@link IllegalStateException} when the {@link Region} is closed, also
 * those that are waiting then, and {@link RegionFullException} if they have to wait and there is no memory for that; nothing
 * is acquired then. A number of permits that is negative is an {@link IllegalArgumentException}; zero permits are
 * acquired and released at once, except that acquiring them from a fair semaphore waits in line like the rest.
 */
public final class SharedSemaphore extends SharedObject implements Waitable {
    private static final long serialVersionUID = 1L;

    private final transient OpenRegion region;
    private final transient SemaphoreState state;
    private final transient Mapping words;
    private final transient MemorySegment memory; // of words, at hand for the common case
    private final transient boolean owned;
    private final transient boolean fair;

    SharedSemaphore(Handle handle) {
        super(handle);
        this.region = handle.region();
        this.state = region.semaphore(handle.payload());
        this.words = region.mapping();
        this.memory = words.memory();
        this.owned = state.manner().owned();
        this.fair = state.manner().fair();
    }

    /**
     * Acquires a permit, waiting for it if need be.
     *
     * @throws InterruptedException if interrupted, on entry or while waiting; nothing is acquired then
     */
    public void acquire() throws InterruptedException {
        acquire(1);
    }

    /**
     * Acquires permits, all at once, waiting for them if need be.
     *
     * @param permits how many
     * @throws InterruptedException if interrupted, on entry or while waiting; nothing is acquired then
     */
    public void acquire(int permits) throws InterruptedException {
        if (!acquireIfIdle(permits)) acquireUntil(permits, Words.NEVER);
    }

    /** Acquires a permit. An interrupt does not end the wait; the thread's status stays set. */
    public void acquireUninterruptibly() {
        acquireUninterruptibly(1);
    }

    /**
     * Acquires permits, all at once. An interrupt does not end the wait; the thread's status stays set.
     *
     * @param permits how many
     */
    public void acquireUninterruptibly(int permits) {
        if (!state.acquireIfIdle(words, memory, checked(permits)))
            state.acquire(permits, Words.NEVER, false);
    }

    /**
     * Acquires a permit if one is available. Never waits, and does not mind those who wait for a fair semaphore.
     *
     * @return whether it was acquired
     */
    public boolean tryAcquire() {
        return tryAcquire(1);
    }

    /**
     * Acquires permits if that many are available. Never waits, and does not mind those who wait for a fair semaphore.
     *
     * @param permits how many
     * @return whether they were acquired
     */
    public boolean tryAcquire(int permits) {
        return state.acquireIfIdle(words, memory, checked(permits)) || state.tryAcquire(permits);
    }

    /**
     * Acquires a permit, waiting for it at most that long.
     *
     * @param timeout how long; zero or less tries once
     * @return whether it was acquired; false if the time ran out
     * @throws InterruptedException if interrupted, on entry or while waiting; nothing is acquired then
     */
    public boolean tryAcquire(Duration timeout) throws InterruptedException {
        return tryAcquire(1, timeout);
    }

    /**
     * Acquires permits, all at once, waiting for them at most that long.
     *
     * @param permits how many
     * @param timeout how long; zero or less tries once
     * @return whether they were acquired; false if the time ran out
     * @throws InterruptedException if interrupted, on entry or while waiting; nothing is acquired then
     */
    public boolean tryAcquire(int permits, Duration timeout) throws InterruptedException {
        return acquireWithin(permits, Timeouts.toNanos(timeout));
    }

    /**
     * Acquires a permit, waiting for it at most that long; see {@link #tryAcquire(Duration)}.
     *
     * @param time how long
     * @param unit of {@code time}
     * @return whether it was acquired
     * @throws InterruptedException if interrupted, on entry or while waiting; nothing is acquired then
     */
    public boolean tryAcquire(long time, TimeUnit unit) throws InterruptedException {
        return tryAcquire(1, time, unit);
    }

    /**
     * Acquires permits, all at once, waiting for them at most that long; see {@link #tryAcquire(int, Duration)}.
     *
     * @param permits how many
     * @param time how long
     * @param unit of {@code time}
     * @return whether they were acquired
     * @throws InterruptedException if interrupted, on entry or while waiting; nothing is acquired then
     */
    public boolean tryAcquire(int permits, long time, TimeUnit unit) throws InterruptedException {
        return acquireWithin(permits, unit.toNanos(time));
    }

    private boolean acquireWithin(int permits, long nanos) throws InterruptedException {
        return acquireIfIdle(permits)
                || acquireUntil(permits, Timeouts.deadline(Math.max(0, nanos)));
    }

    /* The common case, small enough for the compiler to have it wherever permits are acquired. */
    private boolean acquireIfIdle(int permits) throws InterruptedException {
        checked(permits);
        if (Thread.interrupted()) throw new InterruptedException();
        return state.acquireIfIdle(words, memory, permits);
    }

    private boolean acquireUntil(int permits, long deadlineNanos) throws InterruptedException {
        Acquired acquired = state.acquire(permits, deadlineNanos, true);
        if (acquired == Acquired.INTERRUPTED) throw new InterruptedException();
        return acquired == Acquired.YES;
    }

    /**
     * Releases a permit.
     *
     * @throws IllegalStateException if this process holds none, or there would be too many; nothing is changed then
     */
    public void release() {
        release(1);
    }

    /**
     * Releases permits, and wakes who waits for them.
     *
     * @param permits how many
     * @throws IllegalStateException if this process holds fewer; if the semaphore is bounded and there would be more than at
     *     the beginning; or more than 2,147,483,647. Nothing is changed then
     */
    public void release(int permits) {
        if (!state.releaseIfIdle(words, memory, checked(permits))) releaseSlowly(permits);
    }

    private void releaseSlowly(int permits) {
        int problem = state.release(permits);
        if (problem < 0) return;
        throw new IllegalStateException(
                "Cannot release "
                        + permits
                        + ": "
                        + (owned
                                ? "this process holds " + problem + " of the permits of "
                                : "there would be too many, as " + problem + " are available of ")
                        + handle.describe()
                        + ". Release what you acquired, once; or make it "
                        + (owned
                                ? "with SemaphoreOptions.unowned()."
                                : "without bounded(), for at most 2,147,483,647."));
    }

    /**
     * How many permits are available, at this moment.
     *
     * @return their number
     */
    public int availablePermits() {
        return SemaphoreState.available(words, handle.payload());
    }

    /**
     * Acquires all permits that are available.
     *
     * @return how many were acquired
     */
    public int drainPermits() {
        return state.drain();
    }

    /**
     * How many permits this process holds.
     *
     * @return their number; 0 if permits are not owned
     */
    public int heldPermits() {
        region.requireOpen();
        return owned ? state.held() : 0;
    }

    /**
     * Whether it was made fair.
     *
     * @return whether it was
     */
    public boolean isFair() {
        return fair;
    }

    /**
     * Whether any thread of any process waits for permits, at this moment.
     *
     * @return whether one does
     */
    public boolean hasQueuedThreads() {
        return getQueueLength() > 0;
    }

    /**
     * How many threads of all processes wait for permits, at this moment.
     *
     * @return their number
     */
    public int getQueueLength() {
        return WaitList.count(words, region.cells().root(), handle.payload());
    }

    private static int checked(int permits) {
        if (permits < 0)
            throw new IllegalArgumentException("permits is " + permits + ". Use 0 or more.");
        return permits;
    }

    Readiness readiness() {
        long cell = state.watch();
        return new Readiness() {
            @Override
            public boolean isReady() {
                return state.isReady(cell);
            }

            @Override
            public AnyWord.@Nullable Watched watched() {
                return region.watched(cell);
            }

            @Override
            public void close() {
                state.stopWatching(cell);
            }
        };
    }

    @Override
    String state() {
        return ", " + availablePermits() + " available";
    }
}
