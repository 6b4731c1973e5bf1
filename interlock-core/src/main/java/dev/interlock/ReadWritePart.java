package dev.interlock;

import dev.interlock.internal.region.Mapping;
import dev.interlock.internal.region.OpenRegion;
import dev.interlock.internal.sync.LockState.Acquired;
import dev.interlock.internal.sync.ReadWriteState;
import dev.interlock.internal.sync.Words;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

/** What the two locks of a {@link SharedReadWriteLock} have in common. */
abstract sealed class ReadWritePart extends SharedObject implements Lock
        permits SharedReadLock, SharedWriteLock {
    private static final long serialVersionUID = 1L;

    final transient OpenRegion region;
    final transient Mapping words;
    final transient MemorySegment memory; // of words, at hand for the common case
    final transient ReadWriteState state;
    private final transient Held held = new Held();

    ReadWritePart(Handle handle) {
        super(handle);
        this.region = handle.region();
        this.words = region.mapping();
        this.memory = words.memory();
        this.state = region.readWriteLock(handle.payload());
    }

    /** A lock that is held; closing it unlocks. Made for {@code try (var _ = lock.acquire()) { … }}. */
    public final class Held implements AutoCloseable {
        private Held() {}

        /**
         * Unlocks.
         *
         * @throws IllegalMonitorStateException if the calling thread does not hold the lock
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
     * @throws DeadlockException as {@code lock()}
     */
    public final Held acquire() {
        lock();
        return held;
    }

    /**
     * Acquires the lock unless the thread is interrupted, on entry or while it waits.
     *
     * @throws InterruptedException if interrupted; the lock is not held then, or as often as before, and the thread's status is
     *     cleared
     * @throws DeadlockException as {@code lock()}
     */
    @Override
    public final void lockInterruptibly() throws InterruptedException {
        if (Thread.interrupted()) throw new InterruptedException();
        requireUninterrupted(lock(Words.NEVER, true));
    }

    /**
     * Acquires the lock, waiting for it at most that long; see {@link #tryLock(Duration)}.
     *
     * @param time how long; zero or less tries once
     * @param unit of {@code time}
     * @return whether the lock was acquired; false if the time ran out
     * @throws InterruptedException if interrupted, on entry or while waiting; the lock is not held then, or as often as before
     */
    @Override
    public final boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        return tryLockNanos(unit.toNanos(time));
    }

    /**
     * Acquires the lock, waiting for it at most that long.
     *
     * @param timeout how long; zero or less tries once
     * @return whether the lock was acquired; false if the time ran out, and at once for the write lock if the calling thread holds
     *     the read lock only
     * @throws InterruptedException if interrupted, on entry or while waiting; the lock is not held then, or as often as before
     */
    public final boolean tryLock(Duration timeout) throws InterruptedException {
        return tryLockNanos(Timeouts.toNanos(timeout));
    }

    private boolean tryLockNanos(long nanos) throws InterruptedException {
        if (Thread.interrupted()) throw new InterruptedException();
        if (nanos <= 0 || wouldWaitForItself()) return tryLock();
        return requireUninterrupted(lock(Timeouts.deadline(nanos), true));
    }

    /**
     * Acquires the lock if that is possible at once.
     *
     * @return whether the lock was acquired
     */
    @Override
    public abstract boolean tryLock();

    /** Waits for the lock if need be. */
    abstract Acquired lock(long deadlineNanos, boolean interruptible);

    /** Whether the calling thread waits for others in vain, because they wait for it. */
    abstract boolean wouldWaitForItself();

    private static boolean requireUninterrupted(Acquired acquired) throws InterruptedException {
        if (acquired == Acquired.INTERRUPTED) throw new InterruptedException();
        return acquired == Acquired.YES;
    }

    final SharedReadWriteLock whole() {
        return new SharedReadWriteLock(handle.whole());
    }

    @Override
    String state() {
        return whole().state();
    }
}
