package dev.interlock;

/** An array of short in shared memory. */
public final class SharedShortArray implements java.io.Serializable {
    private static final long serialVersionUID = 1L;

    SharedShortArray() {}

    public long length() { throw new UnsupportedOperationException(); }
    public short get(long index) { throw new UnsupportedOperationException(); }
    public void set(long index, short value) { throw new UnsupportedOperationException(); }
    public short getAndAdd(long index, short delta) { throw new UnsupportedOperationException(); }
    public short addAndGet(long index, short delta) { throw new UnsupportedOperationException(); }
    public boolean compareAndSet(long index, short expected, short value) { throw new UnsupportedOperationException(); }
    public short[] toArray() { throw new UnsupportedOperationException(); }
    public void copyFrom(short[] source) { throw new UnsupportedOperationException(); }
    public void copyFrom(short[] source, int sourceIndex, long index, int count) { throw new UnsupportedOperationException(); }
    public void copyTo(short[] target) { throw new UnsupportedOperationException(); }
    public void copyTo(long index, short[] target, int targetIndex, int count) { throw new UnsupportedOperationException(); }
    public java.lang.foreign.MemorySegment segment() { throw new UnsupportedOperationException(); }
    public java.nio.ShortBuffer buffer() { throw new UnsupportedOperationException(); }
    public SharedLock lock() { throw new UnsupportedOperationException(); }
}
