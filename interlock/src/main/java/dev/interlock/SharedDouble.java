package dev.interlock;

/** A double in shared memory. */
public final class SharedDouble implements java.io.Serializable {
    private static final long serialVersionUID = 1L;

    SharedDouble() {}

    public double get() { throw new UnsupportedOperationException(); }
    public void set(double value) { throw new UnsupportedOperationException(); }
    public double getAndSet(double value) { throw new UnsupportedOperationException(); }
    public double getPlain() { throw new UnsupportedOperationException(); }
    public void setPlain(double value) { throw new UnsupportedOperationException(); }
    public boolean compareAndSet(double expected, double value) { throw new UnsupportedOperationException(); }
    public double getAndUpdate(java.util.function.DoubleUnaryOperator update) { throw new UnsupportedOperationException(); }
    public double updateAndGet(java.util.function.DoubleUnaryOperator update) { throw new UnsupportedOperationException(); }
    public double getAndAdd(double delta) { throw new UnsupportedOperationException(); }
    public double addAndGet(double delta) { throw new UnsupportedOperationException(); }
    public double incrementAndGet() { throw new UnsupportedOperationException(); }
    public double getAndIncrement() { throw new UnsupportedOperationException(); }
    public double decrementAndGet() { throw new UnsupportedOperationException(); }
    public double getAndDecrement() { throw new UnsupportedOperationException(); }
    public double accumulateAndGet(double x, java.util.function.DoubleBinaryOperator op) { throw new UnsupportedOperationException(); }
    public double getAndAccumulate(double x, java.util.function.DoubleBinaryOperator op) { throw new UnsupportedOperationException(); }
    public SharedLock lock() { throw new UnsupportedOperationException(); }
}
