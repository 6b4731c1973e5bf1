package dev.interlock;

/** An array of int in shared memory. */
public final class SharedIntArray implements java.io.Serializable {
    private static final long serialVersionUID = 1L;

    SharedIntArray() {}

    public long length() { throw new UnsupportedOperationException(); }
    public int get(long index) { throw new UnsupportedOperationException(); }
    public void set(long index, int value) { throw new UnsupportedOperationException(); }
    public int getAndAdd(long index, int delta) { throw new UnsupportedOperationException(); }
    public int addAndGet(long index, int delta) { throw new UnsupportedOperationException(); }
    public boolean compareAndSet(long index, int expected, int value) { throw new UnsupportedOperationException(); }
    public int[] toArray() { throw new UnsupportedOperationException(); }
    public void copyFrom(int[] source) { throw new UnsupportedOperationException(); }
    public void copyFrom(int[] source, int sourceIndex, long index, int count) { throw new UnsupportedOperationException(); }
    public void copyTo(int[] target) { throw new UnsupportedOperationException(); }
    public void copyTo(long index, int[] target, int targetIndex, int count) { throw new UnsupportedOperationException(); }
    public java.lang.foreign.MemorySegment segment() { throw new UnsupportedOperationException(); }
    public java.nio.IntBuffer buffer() { throw new UnsupportedOperationException(); }
    public SharedLock lock() { throw new UnsupportedOperationException(); }
}
