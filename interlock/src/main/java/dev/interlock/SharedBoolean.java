package dev.interlock;

/** A boolean in shared memory. */
public final class SharedBoolean implements java.io.Serializable {
    private static final long serialVersionUID = 1L;

    SharedBoolean() {}

    public boolean get() { throw new UnsupportedOperationException(); }
    public void set(boolean value) { throw new UnsupportedOperationException(); }
    public boolean getAndSet(boolean value) { throw new UnsupportedOperationException(); }
    public boolean getPlain() { throw new UnsupportedOperationException(); }
    public void setPlain(boolean value) { throw new UnsupportedOperationException(); }
    public boolean compareAndSet(boolean expected, boolean value) { throw new UnsupportedOperationException(); }
    public boolean getAndUpdate(java.util.function.UnaryOperator<Boolean> update) { throw new UnsupportedOperationException(); }
    public boolean updateAndGet(java.util.function.UnaryOperator<Boolean> update) { throw new UnsupportedOperationException(); }
    public SharedLock lock() { throw new UnsupportedOperationException(); }
}
