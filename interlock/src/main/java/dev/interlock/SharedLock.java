package dev.interlock;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/** A lock between threads and processes. */
public final class SharedLock implements Lock, java.io.Serializable {
    private static final long serialVersionUID = 1L;

    SharedLock() {}

    /** Unlocks when closed. */
    public interface Held extends AutoCloseable {
        @Override
        void close();
    }

    public Held acquire() { throw new UnsupportedOperationException(); }
    @Override public void lock() { throw new UnsupportedOperationException(); }
    @Override public void lockInterruptibly() throws InterruptedException { throw new UnsupportedOperationException(); }
    @Override public boolean tryLock() { throw new UnsupportedOperationException(); }
    @Override public boolean tryLock(long time, TimeUnit unit) throws InterruptedException { throw new UnsupportedOperationException(); }
    public boolean tryLock(Duration timeout) throws InterruptedException { throw new UnsupportedOperationException(); }
    @Override public void unlock() { throw new UnsupportedOperationException(); }
    @Override public Condition newCondition() { throw new UnsupportedOperationException(); }
    public boolean isLocked() { throw new UnsupportedOperationException(); }
    public boolean isHeldByCurrentThread() { throw new UnsupportedOperationException(); }
    public Optional<LockOwner> owner() { throw new UnsupportedOperationException(); }
    public long token() { throw new UnsupportedOperationException(); }
    public boolean isAbandoned() { throw new UnsupportedOperationException(); }
    public void markConsistent() { throw new UnsupportedOperationException(); }
}
