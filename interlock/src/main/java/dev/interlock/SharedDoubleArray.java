package dev.interlock;

/** An array of double in shared memory. */
public final class SharedDoubleArray implements java.io.Serializable {
    private static final long serialVersionUID = 1L;

    SharedDoubleArray() {}

    public long length() { throw new UnsupportedOperationException(); }
    public double get(long index) { throw new UnsupportedOperationException(); }
    public void set(long index, double value) { throw new UnsupportedOperationException(); }
    public double getAndAdd(long index, double delta) { throw new UnsupportedOperationException(); }
    public double addAndGet(long index, double delta) { throw new UnsupportedOperationException(); }
    public boolean compareAndSet(long index, double expected, double value) { throw new UnsupportedOperationException(); }
    public double[] toArray() { throw new UnsupportedOperationException(); }
    public void copyFrom(double[] source) { throw new UnsupportedOperationException(); }
    public void copyFrom(double[] source, int sourceIndex, long index, int count) { throw new UnsupportedOperationException(); }
    public void copyTo(double[] target) { throw new UnsupportedOperationException(); }
    public void copyTo(long index, double[] target, int targetIndex, int count) { throw new UnsupportedOperationException(); }
    public java.lang.foreign.MemorySegment segment() { throw new UnsupportedOperationException(); }
    public java.nio.DoubleBuffer buffer() { throw new UnsupportedOperationException(); }
    public SharedLock lock() { throw new UnsupportedOperationException(); }
}
