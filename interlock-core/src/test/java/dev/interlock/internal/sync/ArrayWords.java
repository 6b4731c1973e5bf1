package dev.interlock.internal.sync;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/** Memory of this JVM, whose clock stands until a test moves it, and of which a test may close one view. */
class ArrayWords implements Words {
    private static final long PAUSE_NANOS = 100_000;

    private final AtomicLongArray longs;
    private final AtomicLong clock;
    private volatile boolean closed;

    ArrayWords(int bytes) {
        this(new AtomicLongArray(bytes / 8), new AtomicLong());
    }

    /** Another view of the same memory. */
    ArrayWords(ArrayWords same) {
        this(same.longs, same.clock);
    }

    private ArrayWords(AtomicLongArray longs, AtomicLong clock) {
        this.longs = longs;
        this.clock = clock;
    }

    final void close() {
        closed = true;
    }

    final void advance(long nanos) {
        clock.addAndGet(nanos);
    }

    private int index(long offset) {
        if (closed) throw new IllegalStateException("closed");
        return (int) (offset / 8);
    }

    @Override
    public long get(long offset) {
        return longs.get(index(offset));
    }

    @Override
    public long getPlain(long offset) {
        return get(offset);
    }

    @Override
    public void put(long offset, long value) {
        longs.set(index(offset), value);
    }

    @Override
    public void putPlain(long offset, long value) {
        put(offset, value);
    }

    @Override
    public boolean cas(long offset, long expected, long value) {
        return longs.compareAndSet(index(offset), expected, value);
    }

    @Override
    public long getAndAdd(long offset, long delta) {
        return longs.getAndAdd(index(offset), delta);
    }

    @Override
    public Wait await(long offset, int expected, long deadlineNanos, boolean interruptible) {
        if ((int) get(offset) == expected) LockSupport.parkNanos(PAUSE_NANOS);
        return Wait.CHANGED;
    }

    @Override
    public int wake(long offset, int count) {
        return 0; // nobody sleeps long
    }

    @Override
    public long nanoTime() {
        return clock.get();
    }
}
