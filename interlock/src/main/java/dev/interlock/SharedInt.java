package dev.interlock;

/** A int in shared memory. */
public final class SharedInt implements java.io.Serializable {
    private static final long serialVersionUID = 1L;

    SharedInt() {}

    public int get() { throw new UnsupportedOperationException(); }
    public void set(int value) { throw new UnsupportedOperationException(); }
    public int getAndSet(int value) { throw new UnsupportedOperationException(); }
    public int getPlain() { throw new UnsupportedOperationException(); }
    public void setPlain(int value) { throw new UnsupportedOperationException(); }
    public boolean compareAndSet(int expected, int value) { throw new UnsupportedOperationException(); }
    public int getAndUpdate(java.util.function.IntUnaryOperator update) { throw new UnsupportedOperationException(); }
    public int updateAndGet(java.util.function.IntUnaryOperator update) { throw new UnsupportedOperationException(); }
    public int getAndAdd(int delta) { throw new UnsupportedOperationException(); }
    public int addAndGet(int delta) { throw new UnsupportedOperationException(); }
    public int incrementAndGet() { throw new UnsupportedOperationException(); }
    public int getAndIncrement() { throw new UnsupportedOperationException(); }
    public int decrementAndGet() { throw new UnsupportedOperationException(); }
    public int getAndDecrement() { throw new UnsupportedOperationException(); }
    public int accumulateAndGet(int x, java.util.function.IntBinaryOperator op) { throw new UnsupportedOperationException(); }
    public int getAndAccumulate(int x, java.util.function.IntBinaryOperator op) { throw new UnsupportedOperationException(); }
    public SharedLock lock() { throw new UnsupportedOperationException(); }
}
