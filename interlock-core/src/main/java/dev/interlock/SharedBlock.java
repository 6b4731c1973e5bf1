package dev.interlock;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * Raw bytes in shared memory, in a file of their own, so that programs in other languages can map them too:
 * {@code numpy.memmap(path, dtype='f8')}, or {@code mmap} in C. The file holds these bytes and nothing else.
 *
 * <p>Handles are safe for use by many threads, and may be sent to other processes. All methods that reach the memory throw
 * {@link IllegalStateException} when the {@link Region} is closed. Nothing is ordered or atomic but by the methods of
 * the segment; guard what takes more than one access with a lock.
 */
public final class SharedBlock extends SharedObject {
    private static final long serialVersionUID = 1L;

    private final transient MemorySegment bytes;

    SharedBlock(Handle handle) {
        super(handle);
        this.bytes = handle.region().mapBlock(handle.payload());
    }

    /**
     * The size.
     *
     * @return the size in bytes
     */
    public long size() {
        return bytes.byteSize();
    }

    /**
     * The bytes: no copy, bounds-checked, usable until the region is closed and throwing {@link IllegalStateException}
     * from then on.
     *
     * @return a segment of {@link #size()} bytes
     */
    public MemorySegment segment() {
        handle.region().requireOpen();
        return bytes;
    }

    /**
     * The bytes as a buffer in native byte order: no copy, bounds-checked, usable until the region is closed.
     *
     * @return a buffer of {@link #size()} bytes
     * @throws IllegalStateException if there are more than 2 GiB, or the region is closed
     */
    public ByteBuffer byteBuffer() {
        handle.region().requireOpen();
        return bytes.asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /**
     * The file, for other programs to map. It goes with the region; who has it mapped then may go on using it.
     *
     * @return its path
     */
    public Path path() {
        return handle.region().blockPath(handle.payload());
    }

    @Override
    String state() {
        return " of " + size() + " bytes";
    }
}
