package dev.interlock;

import dev.interlock.internal.sync.LockState.Acquired;
import dev.interlock.internal.sync.Words;
import java.util.concurrent.locks.Condition;

/**
 * The read lock of a {@link SharedReadWriteLock}, which any number of threads of any processes hold at once while nobody
 * writes. It is reentrant, and may be sent to other processes alone.
 */
public final class SharedReadLock extends ReadWritePart {
    private static final long serialVersionUID = 1L;

    SharedReadLock(Handle handle) {
        super(handle);
    }

    /**
     * Acquires the read lock, waiting until nobody writes if need be, and behind a writer that waits for readers to leave. A thread
     * that holds the read lock or the write lock gets it at once. An interrupt does not end the wait; the thread's status stays set.
     *
     * @throws DeadlockException if what the calling thread owns is waited for, in a circle, by who writes; the lock is not held then
     * @throws Error if the calling thread would hold it more than 65,535 times; it holds it as often as before
     */
    @Override
    public void lock() {
        if (!state.readIfOpen(words, memory)) lock(Words.NEVER, false);
    }

    /**
     * Acquires the read lock if no other thread writes or waits for readers to leave. Never waits.
     *
     * @return whether the lock was acquired; always true for a thread that holds the read lock or the write lock
     */
    @Override
    public boolean tryLock() {
        return state.tryRead(words);
    }

    /**
     * Gives one hold back. With the last hold of the last reader a waiting writer proceeds, in whatever process.
     *
     * @throws IllegalMonitorStateException if the calling thread does not hold the read lock
     */
    @Override
    public void unlock() {
        if (state.releaseRead(words, memory)) return;
        region.requireOpen();
        throw new IllegalMonitorStateException(
                "Cannot unlock: "
                        + handle.describe()
                        + " is not held by this thread ("
                        + ProcessHandle.current().pid()
                        + ", '"
                        + Thread.currentThread().getName()
                        + "'). Unlock it in the thread that locked it, as often as it did.");
    }

    /**
     * Read locks have no conditions.
     *
     * @return never
     * @throws UnsupportedOperationException always
     */
    @Override
    public Condition newCondition() {
        throw new UnsupportedOperationException(
                handle.describe() + " has no conditions. Use those of the write lock.");
    }

    @Override
    Acquired lock(long deadlineNanos, boolean interruptible) {
        return state.read(words, deadlineNanos, interruptible);
    }

    @Override
    boolean wouldWaitForItself() {
        return false;
    }
}
