package dev.interlock;

/** An array of long in shared memory. */
public final class SharedLongArray implements java.io.Serializable {
    private static final long serialVersionUID = 1L;

    SharedLongArray() {}

    public long length() { throw new UnsupportedOperationException(); }
    public long get(long index) { throw new UnsupportedOperationException(); }
    public void set(long index, long value) { throw new UnsupportedOperationException(); }
    public long getAndAdd(long index, long delta) { throw new UnsupportedOperationException(); }
    public long addAndGet(long index, long delta) { throw new UnsupportedOperationException(); }
    public boolean compareAndSet(long index, long expected, long value) { throw new UnsupportedOperationException(); }
    public long[] toArray() { throw new UnsupportedOperationException(); }
    public void copyFrom(long[] source) { throw new UnsupportedOperationException(); }
    public void copyFrom(long[] source, int sourceIndex, long index, int count) { throw new UnsupportedOperationException(); }
    public void copyTo(long[] target) { throw new UnsupportedOperationException(); }
    public void copyTo(long index, long[] target, int targetIndex, int count) { throw new UnsupportedOperationException(); }
    public java.lang.foreign.MemorySegment segment() { throw new UnsupportedOperationException(); }
    public java.nio.LongBuffer buffer() { throw new UnsupportedOperationException(); }
    public SharedLock lock() { throw new UnsupportedOperationException(); }
}
