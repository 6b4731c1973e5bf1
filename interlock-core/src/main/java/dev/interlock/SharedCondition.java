package dev.interlock;

import dev.interlock.internal.region.Heap;
import dev.interlock.internal.region.Mapping;
import dev.interlock.internal.region.ObjectType;
import dev.interlock.internal.region.OpenRegion;
import dev.interlock.internal.sync.Conditions;
import dev.interlock.internal.sync.Conditions.Signalled;
import dev.interlock.internal.sync.Relockable;
import dev.interlock.internal.sync.WaitCells;
import dev.interlock.internal.sync.WaitList;
import dev.interlock.internal.sync.Words;
import java.time.Duration;
import java.util.Date;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.function.BooleanSupplier;

/**
 * Waiting, under a lock, for what other threads do under it, in whatever process: of a {@link SharedLock}, a
 * {@link SharedReentrantLock} or a {@link SharedWriteLock}. The calling thread of every method but the questions owns the
 * lock; else it gets an {@link IllegalMonitorStateException}.
 *
 * <p>As with any {@link Condition}, wait in a loop or with {@link #awaitUntil(BooleanSupplier, Duration)}. A signal goes
 * to the thread that has waited longest and never waits for it; a signalled thread acquires the lock anew before it
 * returns, and owns it as often as before.
 *
 * <p><b>Death.</b> A waiting process that is killed hurts nobody; a signal that reached it before it owned the lock again
 * goes to the next. If a process dies while it owns the lock, all who wait are woken: nobody else might signal them;
 * {@code isAbandoned()} of the lock tells. Only after such deaths, of an owner or of a signalled waiter, may a wait end
 * without a signal. A process that dies at other times may leave you waiting for what it would have done; use a time
 * limit against that.
 *
 * <p>With a lock whose policy is {@link OwnerDeathPolicy#THROW}, waiting can end with an {@link AbandonedException}, and
 * then the lock is not owned. So it is with a {@link DeadlockException}, which a waiting thread gets only if all threads of
 * the circle acquire their locks anew after a wait, and with an {@link IllegalStateException}, which those who wait get
 * when the {@link Region} is closed.
 *
 * <p>Handles are safe for use by many threads, and may be sent to other processes. Virtual threads wait without holding a
 * carrier.
 */
@SuppressWarnings({"WaitNotInLoop", "JavaUtilDate"}) // the caller loops; the interface has dates
public final class SharedCondition extends SharedObject implements Condition {
    private static final long serialVersionUID = 1L;

    private final transient OpenRegion region;
    private final transient Mapping words;
    private final transient WaitCells cells;
    private final transient long at;
    private final transient Relockable lock;

    SharedCondition(Handle handle) {
        super(handle);
        this.region = handle.region();
        this.words = region.mapping();
        this.cells = region.cells();
        this.at = handle.payload();
        long lockAt = Conditions.lockOf(words, at);
        long option = Conditions.optionOfLock(words, at);
        this.lock =
                (option & Conditions.OF_WRITER) != 0
                        ? region.readWriteLock(lockAt)
                        : region.lock(lockAt, LockOptions.of(option).manner());
    }

    /** Finds or makes a condition of that lock; makes one if the name is empty. */
    static SharedCondition make(Handle lock, String name) {
        Heap heap = lock.region().heap();
        Mapping words = lock.region().mapping();
        long option =
                lock.type() == ObjectType.READ_WRITE_LOCK
                        ? Conditions.OF_WRITER
                        : lock.lockOptions().code();
        Heap.Initializer first =
                payload -> Conditions.initialize(words, payload, lock.at(), option);
        long payload =
                name.isEmpty()
                        ? heap.create(Shapes.condition(lock), first)
                        : heap.getOrCreate(name, Shapes.condition(lock), first);
        return new SharedCondition(Handle.of(lock.owner(), payload, name, ObjectType.CONDITION));
    }

    /**
     * Waits until signalled or interrupted.
     *
     * @throws InterruptedException if interrupted, on entry or before a signal came; the lock is owned again, and the thread's
     *     status is cleared. If the signal came first, the wait ends as signalled and the status stays set
     * @throws RegionFullException if there is no memory to wait in, as in all forms; the lock is still owned
     */
    @Override
    public void await() throws InterruptedException {
        awaitUntilNanos(Words.NEVER);
    }

    /** Waits until signalled. An interrupt does not end the wait; the thread's status stays set. */
    @Override
    public void awaitUninterruptibly() {
        requireMayWait();
        check(Conditions.await(words, cells, lock, at, Words.NEVER, false));
    }

    /**
     * Waits until signalled or interrupted, or for that long.
     *
     * @param nanosTimeout how long, in nanoseconds; zero or less gives the lock away for a moment
     * @return an estimate of what was left; zero or less if the time ran out
     * @throws InterruptedException if interrupted, on entry or before a signal came; the lock is owned again
     */
    @Override
    public long awaitNanos(long nanosTimeout) throws InterruptedException {
        long deadline = Timeouts.deadline(Math.max(0, nanosTimeout));
        awaitUntilNanos(deadline);
        if (deadline == Words.NEVER) return nanosTimeout;
        return Math.min(nanosTimeout, deadline - System.nanoTime());
    }

    /**
     * Waits until signalled or interrupted, or for that long; see {@link #await(Duration)}.
     *
     * @param time how long
     * @param unit of {@code time}
     * @return false if the time ran out
     * @throws InterruptedException if interrupted, on entry or before a signal came; the lock is owned again
     */
    @Override
    public boolean await(long time, TimeUnit unit) throws InterruptedException {
        return awaitUntilNanos(Timeouts.deadline(Math.max(0, unit.toNanos(time))));
    }

    /**
     * Waits until signalled or interrupted, or for that long.
     *
     * @param timeout how long; zero or less gives the lock away for a moment
     * @return false if the time ran out
     * @throws InterruptedException if interrupted, on entry or before a signal came; the lock is owned again
     */
    public boolean await(Duration timeout) throws InterruptedException {
        return awaitUntilNanos(Timeouts.deadline(Math.max(0, Timeouts.toNanos(timeout))));
    }

    /**
     * Waits until signalled or interrupted, or until that time.
     *
     * @param deadline by the system's clock as it goes now; setting the clock meanwhile does not change how long this waits
     * @return false if the time has come
     * @throws InterruptedException if interrupted, on entry or before a signal came; the lock is owned again
     */
    @Override
    public boolean awaitUntil(Date deadline) throws InterruptedException {
        long now = System.currentTimeMillis();
        // Dates before the year 0 would overflow.
        long millis = deadline.getTime() > now ? deadline.getTime() - now : 0;
        return await(millis, TimeUnit.MILLISECONDS);
    }

    /**
     * Waits until something is the case, looking at it under the lock: at once and after every signal.
     *
     * @param condition what to wait for; what it throws reaches the caller, who then owns the lock
     * @param timeout how long to wait at most; zero or less looks once
     * @return what the condition said last
     * @throws InterruptedException if interrupted while waiting; the lock is owned again
     */
    public boolean awaitUntil(BooleanSupplier condition, Duration timeout)
            throws InterruptedException {
        requireMayWait();
        long deadline = Timeouts.deadline(Math.max(0, Timeouts.toNanos(timeout)));
        while (true) { // until it is so, or the time is over
            if (condition.getAsBoolean()) return true;
            if (deadline != Words.NEVER && System.nanoTime() >= deadline) return false;
            awaitUntilNanos(deadline);
        }
    }

    private boolean awaitUntilNanos(long deadline) throws InterruptedException {
        requireMayWait();
        if (Thread.interrupted()) throw new InterruptedException();
        Signalled signalled = check(Conditions.await(words, cells, lock, at, deadline, true));
        if (signalled == Signalled.INTERRUPTED) throw new InterruptedException();
        return signalled == Signalled.YES;
    }

    /** Wakes the thread that has waited longest, if any waits; it goes on once the lock is free. Never waits. */
    @Override
    public void signal() {
        requireOwner("signal");
        Conditions.signal(words, cells, lock, at);
    }

    /** Wakes all threads that wait; they go on one by one, as the lock becomes free. Never waits. */
    @Override
    public void signalAll() {
        requireOwner("signal");
        Conditions.signalAll(words, cells, lock, at);
    }

    /**
     * Whether any thread waits, at this moment. Anybody may ask.
     *
     * @return whether one does
     */
    public boolean hasWaiters() {
        return getWaitQueueLength() > 0;
    }

    /**
     * How many threads of all processes wait, at this moment. Anybody may ask.
     *
     * @return their number
     */
    public int getWaitQueueLength() {
        return WaitList.waiting(words, cells.root(), at).size();
    }

    private Signalled check(Signalled signalled) {
        if (signalled == Signalled.ABANDONED) {
            throw new AbandonedException(
                    "The lock of "
                            + handle.describe()
                            + " was abandoned: its owner died, and what it guards may be half written. "
                            + "Repair that, then call markConsistent(). This thread does not own it any more.");
        }
        return signalled;
    }

    private void requireMayWait() {
        requireOwner("await");
        if (lock.canBeTakenAnew()) return;
        throw new DeadlockException(
                "This thread ('"
                        + Thread.currentThread().getName()
                        + "') reads, and waiting on "
                        + handle.describe()
                        + " ends with the write lock, which waits for all readers: it would wait for itself for ever. "
                        + "Unlock the read lock first.");
    }

    private void requireOwner(String action) {
        if (lock.isHeldByCurrentThread()) return;
        region.requireOpen();
        throw new IllegalMonitorStateException(
                "Cannot "
                        + action
                        + " on "
                        + handle.describe()
                        + ": this thread ('"
                        + Thread.currentThread().getName()
                        + "') does not own its lock. Lock it first.");
    }

    @Override
    String state() {
        return ", " + getWaitQueueLength() + " waiting";
    }
}
