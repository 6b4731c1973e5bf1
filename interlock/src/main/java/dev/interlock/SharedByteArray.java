package dev.interlock;

/** An array of byte in shared memory. */
public final class SharedByteArray implements java.io.Serializable {
    private static final long serialVersionUID = 1L;

    SharedByteArray() {}

    public long length() { throw new UnsupportedOperationException(); }
    public byte get(long index) { throw new UnsupportedOperationException(); }
    public void set(long index, byte value) { throw new UnsupportedOperationException(); }
    public byte getAndAdd(long index, byte delta) { throw new UnsupportedOperationException(); }
    public byte addAndGet(long index, byte delta) { throw new UnsupportedOperationException(); }
    public boolean compareAndSet(long index, byte expected, byte value) { throw new UnsupportedOperationException(); }
    public byte[] toArray() { throw new UnsupportedOperationException(); }
    public void copyFrom(byte[] source) { throw new UnsupportedOperationException(); }
    public void copyFrom(byte[] source, int sourceIndex, long index, int count) { throw new UnsupportedOperationException(); }
    public void copyTo(byte[] target) { throw new UnsupportedOperationException(); }
    public void copyTo(long index, byte[] target, int targetIndex, int count) { throw new UnsupportedOperationException(); }
    public java.lang.foreign.MemorySegment segment() { throw new UnsupportedOperationException(); }
    public java.nio.ByteBuffer buffer() { throw new UnsupportedOperationException(); }
    public SharedLock lock() { throw new UnsupportedOperationException(); }
}
