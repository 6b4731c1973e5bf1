package dev.interlock;

/** A long in shared memory. */
public final class SharedLong implements java.io.Serializable {
    private static final long serialVersionUID = 1L;

    SharedLong() {}

    public long get() { throw new UnsupportedOperationException(); }
    public void set(long value) { throw new UnsupportedOperationException(); }
    public long getAndSet(long value) { throw new UnsupportedOperationException(); }
    public long getPlain() { throw new UnsupportedOperationException(); }
    public void setPlain(long value) { throw new UnsupportedOperationException(); }
    public boolean compareAndSet(long expected, long value) { throw new UnsupportedOperationException(); }
    public long getAndUpdate(java.util.function.LongUnaryOperator update) { throw new UnsupportedOperationException(); }
    public long updateAndGet(java.util.function.LongUnaryOperator update) { throw new UnsupportedOperationException(); }
    public long getAndAdd(long delta) { throw new UnsupportedOperationException(); }
    public long addAndGet(long delta) { throw new UnsupportedOperationException(); }
    public long incrementAndGet() { throw new UnsupportedOperationException(); }
    public long getAndIncrement() { throw new UnsupportedOperationException(); }
    public long decrementAndGet() { throw new UnsupportedOperationException(); }
    public long getAndDecrement() { throw new UnsupportedOperationException(); }
    public long accumulateAndGet(long x, java.util.function.LongBinaryOperator op) { throw new UnsupportedOperationException(); }
    public long getAndAccumulate(long x, java.util.function.LongBinaryOperator op) { throw new UnsupportedOperationException(); }
    public SharedLock lock() { throw new UnsupportedOperationException(); }
}
