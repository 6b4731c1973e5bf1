package dev.interlock;

/** Named raw bytes. */
public final class SharedBlock implements java.io.Serializable {
    private static final long serialVersionUID = 1L;

    SharedBlock() {}

    public long size() { throw new UnsupportedOperationException(); }
    public java.lang.foreign.MemorySegment segment() { throw new UnsupportedOperationException(); }
    public java.nio.ByteBuffer byteBuffer() { throw new UnsupportedOperationException(); }
    public java.nio.file.Path path() { throw new UnsupportedOperationException(); }
}
