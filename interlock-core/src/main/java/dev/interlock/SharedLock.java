package dev.interlock;

import dev.interlock.internal.region.Mapping;
import dev.interlock.internal.region.OpenRegion;
import dev.interlock.internal.sync.LockDisplay;
import dev.interlock.internal.sync.LockState;
import dev.interlock.internal.sync.Words;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * A lock between threads, of one JVM or of many. It is not reentrant.
 *
 * <p><b>Death of the owner.</b> If the process that owns the lock dies, at any instruction and even by {@code kill -9},
 * the lock becomes free within milliseconds and {@linkplain #isAbandoned() abandoned}: what it guards may be half
 * written. What the next owner is told is the lock's {@link OwnerDeathPolicy}. A stopped, slow or paused process is
 * alive and keeps its locks, as does a process whose thread ended without unlocking.
 *
 * <p><b>Order.</b> What a thread did before {@link #unlock()} happens-before what follows the next acquisition, in
 * whatever process.
 *
 * <p><b>Fairness.</b> A running thread may take the lock before one that has waited longer, which makes it fast; a
 * waiter that was passed over for a millisecond goes before all newcomers.
 *
 * <p>Handles are safe for use by many threads, and may be sent to other processes. Virtual threads wait without holding
 * a carrier. All methods that reach the memory throw {@link IllegalStateException} when the {@link Region} is closed, also those that are
 * waiting then.
 */
public final class SharedLock extends SharedObject implements Lock {
    private static final long serialVersionUID = 1L;

    private final transient OpenRegion region;
    private final transient Mapping words;
    private final transient MemorySegment memory; // of words, at hand for the common case
    private final transient long at;
    private final transient LockState state;
    private final transient Held held = new Held();

    SharedLock(Handle handle) {
        super(handle);
        this.region = handle.region();
        this.words = region.mapping();
        this.memory = words.memory();
        this.at = handle.at();
        OwnerDeathPolicy policy = handle.policy();
        this.state =
                region.lock(
                        at, policy == OwnerDeathPolicy.THROW, policy == OwnerDeathPolicy.IGNORE);
    }

    /** A lock that is held; closing it unlocks. Made for {@code try (var _ = lock.acquire()) { … }}. */
    public final class Held implements AutoCloseable {
        private Held() {}

        /**
         * Unlocks.
         *
         * @throws IllegalMonitorStateException if the calling thread does not own the lock
         */
        @Override
        public void close() {
            unlock();
        }
    }

    /**
     * Acquires the lock, as {@link #lock()} does, and unlocks it when the result is closed.
     *
     * @return what to close
     * @throws DeadlockException if the calling thread owns the lock
     * @throws AbandonedException if an owner died and the policy is to throw; the lock is not held then
     */
    public Held acquire() {
        lock();
        return held;
    }

    /**
     * Acquires the lock, waiting for its owner if need be. An interrupt does not end the wait; the thread's status
     * stays set.
     *
     * @throws DeadlockException if the calling thread owns the lock: it would wait for itself for ever
     * @throws AbandonedException if an owner died and the policy is to throw; the lock is not held then
     */
    @Override
    public void lock() {
        if (!state.acquireIfIdle(words, memory, at)) lockSlowly();
    }

    private void lockSlowly() {
        requireNotOwner();
        require(state.acquire(words, at, Words.NEVER, false));
    }

    /**
     * Acquires the lock unless the thread is interrupted, on entry or while it waits.
     *
     * @throws InterruptedException if interrupted; the lock is not held then and the thread's status is cleared
     * @throws DeadlockException if the calling thread owns the lock
     * @throws AbandonedException if an owner died and the policy is to throw; the lock is not held then
     */
    @Override
    public void lockInterruptibly() throws InterruptedException {
        if (Thread.interrupted()) throw new InterruptedException();
        if (state.acquireIfIdle(words, memory, at)) return;
        requireNotOwner();
        requireUninterrupted(state.acquire(words, at, Words.NEVER, true));
    }

    /**
     * Acquires the lock if nobody owns it. Never waits.
     *
     * @return whether the lock was acquired; false also if the calling thread owns it
     * @throws AbandonedException if an owner died and the policy is to throw; the lock is not held then
     */
    @Override
    public boolean tryLock() {
        return require(state.tryAcquire(words, at));
    }

    /**
     * Acquires the lock, waiting for it at most that long; see {@link #tryLock(Duration)}.
     *
     * @param time how long; zero or less tries once
     * @param unit of {@code time}
     * @return whether the lock was acquired
     * @throws InterruptedException if interrupted, on entry or while waiting; the lock is not held then
     */
    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        return tryLockNanos(unit.toNanos(time));
    }

    /**
     * Acquires the lock, waiting for it at most that long.
     *
     * @param timeout how long; zero or less tries once
     * @return whether the lock was acquired; false if the time ran out
     * @throws InterruptedException if interrupted, on entry or while waiting; the lock is not held then
     * @throws DeadlockException if the calling thread owns the lock and would wait
     * @throws AbandonedException if an owner died and the policy is to throw; the lock is not held then
     */
    public boolean tryLock(Duration timeout) throws InterruptedException {
        return tryLockNanos(Timeouts.toNanos(timeout));
    }

    private boolean tryLockNanos(long nanos) throws InterruptedException {
        if (Thread.interrupted()) throw new InterruptedException();
        if (nanos <= 0) return tryLock();
        requireNotOwner();
        return requireUninterrupted(state.acquire(words, at, Timeouts.deadline(nanos), true));
    }

    /**
     * Releases the lock and wakes one waiter, in whatever process.
     *
     * @throws IllegalMonitorStateException if the calling thread does not own the lock; the message names who does
     */
    @Override
    public void unlock() {
        if (!state.isHeldByCurrentThread()) throw notOwner("unlock");
        state.release(words, memory, at);
    }

    /**
     * Conditions of shared locks are not offered yet.
     *
     * @throws UnsupportedOperationException always
     */
    @Override
    public Condition newCondition() {
        throw new UnsupportedOperationException(
                "SharedLock has no conditions yet. Wait with a second lock, or poll a shared value.");
    }

    /**
     * Whether any thread of any process owns the lock, at this moment.
     *
     * @return whether it is owned
     */
    public boolean isLocked() {
        state.lookAfterOwner(words, at);
        return LockDisplay.isLocked(words, at);
    }

    /**
     * Whether the calling thread owns the lock.
     *
     * @return whether it does
     */
    public boolean isHeldByCurrentThread() {
        return state.isHeldByCurrentThread();
    }

    /**
     * Who owns the lock. Asking never waits and never disturbs the owner; the answer may be old when you read it.
     *
     * @return the owner, or empty if the lock is free
     */
    public Optional<LockOwner> owner() {
        state.lookAfterOwner(words, at);
        return region.owner(at);
    }

    /**
     * A number that grows with every acquisition of the lock, by whatever process. Send it along with what you do under
     * the lock, and let the receiver refuse smaller ones than it has seen: so a former owner that was taken for dead
     * cannot do harm.
     *
     * @return the number of the latest acquisition; the caller's own if it owns the lock
     */
    public long token() {
        return LockDisplay.token(words, at);
    }

    /**
     * Whether an owner died holding the lock and nobody called {@link #markConsistent()} since. With
     * {@link OwnerDeathPolicy#IGNORE} the next acquisition forgets it.
     *
     * @return whether what the lock guards may be half written
     */
    public boolean isAbandoned() {
        state.lookAfterOwner(words, at);
        return LockDisplay.isAbandoned(words, at);
    }

    /**
     * Declares what the lock guards to be whole again. The calling thread owns the lock, or nobody does.
     *
     * @throws IllegalMonitorStateException if somebody else owns the lock
     */
    public void markConsistent() {
        if (state.isHeldByCurrentThread()) {
            LockDisplay.clearAbandoned(words, at);
            return;
        }
        state.lookAfterOwner(words, at);
        if (!LockDisplay.clearAbandonedIfFree(words, at)) {
            throw notOwner("mark consistent");
        }
    }

    private void requireNotOwner() {
        if (state.isHeldByCurrentThread()) {
            throw new DeadlockException(
                    handle.describe()
                            + " is owned by this thread ("
                            + ownerText()
                            + "), which would wait for itself for ever. "
                            + "It is not reentrant: unlock it first.");
        }
    }

    private boolean requireUninterrupted(LockState.Acquired acquired) throws InterruptedException {
        if (acquired == LockState.Acquired.INTERRUPTED) throw new InterruptedException();
        return require(acquired);
    }

    private boolean require(LockState.Acquired acquired) {
        if (acquired == LockState.Acquired.ABANDONED) {
            throw new AbandonedException(
                    handle.describe()
                            + " was abandoned: its owner died, and what it guards may be half written. "
                            + "Repair that, then call markConsistent().");
        }
        return acquired == LockState.Acquired.YES;
    }

    private IllegalMonitorStateException notOwner(String action) {
        return new IllegalMonitorStateException(
                "Cannot "
                        + action
                        + ": "
                        + handle.describe()
                        + " is "
                        + ownerText()
                        + ", not owned by this thread ("
                        + ProcessHandle.current().pid()
                        + ", '"
                        + Thread.currentThread().getName()
                        + "'). Unlock it in the thread that locked it, once.");
    }

    private String ownerText() {
        return owner().map(o ->
                        "owned by pid "
                                + o.pid()
                                + " ("
                                + o.processName()
                                + "), thread '"
                                + o.threadName()
                                + "', since "
                                + o.since())
                .orElse("free");
    }

    @Override
    String state() {
        return ", " + ownerText();
    }
}
