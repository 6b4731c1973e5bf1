package dev.interlock;

/** An array of float in shared memory. */
public final class SharedFloatArray implements java.io.Serializable {
    private static final long serialVersionUID = 1L;

    SharedFloatArray() {}

    public long length() { throw new UnsupportedOperationException(); }
    public float get(long index) { throw new UnsupportedOperationException(); }
    public void set(long index, float value) { throw new UnsupportedOperationException(); }
    public float getAndAdd(long index, float delta) { throw new UnsupportedOperationException(); }
    public float addAndGet(long index, float delta) { throw new UnsupportedOperationException(); }
    public boolean compareAndSet(long index, float expected, float value) { throw new UnsupportedOperationException(); }
    public float[] toArray() { throw new UnsupportedOperationException(); }
    public void copyFrom(float[] source) { throw new UnsupportedOperationException(); }
    public void copyFrom(float[] source, int sourceIndex, long index, int count) { throw new UnsupportedOperationException(); }
    public void copyTo(float[] target) { throw new UnsupportedOperationException(); }
    public void copyTo(long index, float[] target, int targetIndex, int count) { throw new UnsupportedOperationException(); }
    public java.lang.foreign.MemorySegment segment() { throw new UnsupportedOperationException(); }
    public java.nio.FloatBuffer buffer() { throw new UnsupportedOperationException(); }
    public SharedLock lock() { throw new UnsupportedOperationException(); }
}
