package dev.interlock.internal.region;

import dev.interlock.internal.os.Futex;
import dev.interlock.internal.os.KillPoints;
import dev.interlock.internal.os.Syscalls;
import dev.interlock.internal.sync.Words;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A region's memory as one segment, from the first byte to the limit, whatever of it has been allocated yet. Closing
 * makes every access through it, also by segments that were cut from it, throw {@link IllegalStateException}.
 */
public final class Mapping implements Words, AutoCloseable {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    /** Makes what access takes, which costs a JVM without an AOT cache ten milliseconds the first time. */
    static void makeHandles() {
        MemorySegment memory = MemorySegment.ofArray(new long[1]);
        INT.setVolatile(memory, 0L, (int) (long) LONG.getVolatile(memory, 0L));
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, 0, new byte[1], 0, 1);
    }

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final Waits waits;
    private volatile boolean closed; // set before the waits', too: each use of a queue looks here

    /**
     * Maps a region.
     *
     * @param member this process's membership; null if nobody will wait through this mapping
     */
    Mapping(Path path, RandomAccessFile file, long bytes, @Nullable Attachment member) {
        waits = new Waits(member);
        memory = map(path, file, bytes, arena);
    }

    /*
     * In a thread that nobody knows and so nobody interrupts: an interrupt would close the channel, and the file with
     * it.
     */
    static MemorySegment map(Path path, RandomAccessFile file, long bytes, Arena arena) {
        MappingThread thread = new MappingThread(file, bytes, arena);
        thread.start();
        boolean interrupted = false;
        try {
            while (true) { // until the thread is done
                try {
                    thread.join();
                    return thread.result();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (IOException e) {
                    throw Errors.io(path, "map", e);
                }
            }
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    private static final class MappingThread extends Thread {
        private final RandomAccessFile file;
        private final long bytes;
        private final Arena arena;
        private @Nullable MemorySegment mapped; // read after the thread's end
        private @Nullable Throwable failure; // read after the thread's end

        MappingThread(RandomAccessFile file, long bytes, Arena arena) {
            super(null, null, "interlock-map", 0, false);
            this.file = file;
            this.bytes = bytes;
            this.arena = arena;
        }

        @Override
        public void run() {
            try {
                mapped = file.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
            } catch (Throwable e) {
                failure = e;
            }
        }

        MemorySegment result() throws IOException {
            if (mapped != null) return mapped;
            if (failure instanceof IOException io) throw io;
            throw new IOException(failure);
        }
    }

    /** Maps another file, to be unmapped together with this. */
    MemorySegment mapWith(Path path, RandomAccessFile file, long bytes) {
        return map(path, file, bytes, arena);
    }

    /** The whole region. Offsets in it are those of {@link Layout}. */
    @Override
    public MemorySegment memory() {
        return memory;
    }

    @Override
    public void requireOpen() {
        if (closed) throw new IllegalStateException("Already closed");
    }

    @Override
    public long get(long offset) {
        return get(memory, offset);
    }

    @Override
    public long get(MemorySegment memory, long offset) {
        return (long) LONG.getVolatile(memory, offset);
    }

    @Override
    public long getPlain(long offset) {
        return getPlain(memory, offset);
    }

    @Override
    public long getPlain(MemorySegment memory, long offset) {
        // Opaque is never hoisted out of a loop, and no dearer.
        return (long) LONG.getOpaque(memory, offset);
    }

    @Override
    public void put(long offset, long value) {
        put(memory, offset, value);
    }

    @Override
    public void put(MemorySegment memory, long offset, long value) {
        KillPoints.step();
        LONG.setVolatile(memory, offset, value);
    }

    @Override
    public void putRelease(MemorySegment memory, long offset, long value) {
        KillPoints.step();
        LONG.setRelease(memory, offset, value);
    }

    @Override
    public void putPlain(long offset, long value) {
        putPlain(memory, offset, value);
    }

    @Override
    public void putPlain(MemorySegment memory, long offset, long value) {
        KillPoints.step();
        LONG.setOpaque(memory, offset, value);
    }

    @Override
    public boolean cas(long offset, long expected, long value) {
        return cas(memory, offset, expected, value);
    }

    @Override
    public boolean cas(MemorySegment memory, long offset, long expected, long value) {
        KillPoints.step();
        return LONG.compareAndSet(memory, offset, expected, value);
    }

    @Override
    public long getAndAdd(long offset, long delta) {
        return getAndAdd(memory, offset, delta);
    }

    @Override
    public long getAndAdd(MemorySegment memory, long offset, long delta) {
        KillPoints.step();
        return (long) LONG.getAndAdd(memory, offset, delta);
    }

    @Override
    public MemorySegment piece(MemorySegment memory, long at, long bytes) {
        return memory.asSlice(at, bytes);
    }

    @Override
    public long get(MemorySegment piece, long at, long offset) {
        return (long) LONG.getVolatile(piece, offset);
    }

    @Override
    public long getPlain(MemorySegment piece, long at, long offset) {
        return getPlain(piece, offset);
    }

    @Override
    public void put(MemorySegment piece, long at, long offset, long value) {
        put(piece, offset, value);
    }

    @Override
    public void putRelease(MemorySegment piece, long at, long offset, long value) {
        putRelease(piece, offset, value);
    }

    @Override
    public void putPlain(MemorySegment piece, long at, long offset, long value) {
        putPlain(piece, offset, value);
    }

    @Override
    public boolean cas(MemorySegment piece, long at, long offset, long expected, long value) {
        return cas(piece, offset, expected, value);
    }

    @Override
    public long getAndAdd(MemorySegment piece, long at, long offset, long delta) {
        return getAndAdd(piece, offset, delta);
    }

    int getInt(long offset) {
        return (int) INT.getVolatile(memory, offset);
    }

    void putInt(long offset, int value) {
        KillPoints.step();
        INT.setVolatile(memory, offset, value);
    }

    int getAndAddInt(long offset, int delta) {
        KillPoints.step();
        return (int) INT.getAndAdd(memory, offset, delta);
    }

    /** The address of an offset in this process. */
    long address(long offset) {
        return memory.address() + offset;
    }

    @Override
    public Wait await(long offset, int expected, long deadlineNanos, boolean interruptible) {
        return waits.await(this, offset, expected, deadlineNanos, interruptible);
    }

    Waits waits() {
        return waits;
    }

    @Override
    public int wake(long offset, int count) {
        KillPoints.step();
        // Linking may take a while, but who sleeps there is in the kernel, and ours to wake.
        if (!Syscalls.linkNow()) return 1;
        return Futex.wake(address(offset), count);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    /** Whether {@link #close()} was called. */
    boolean isClosed() {
        return closed;
    }

    /**
     * Ends all waits, which then throw.
     *
     * @return whether a thread that waited may have taken a wake-up along, which others need
     */
    boolean endWaits() {
        closed = true;
        waits.close();
        return waits.wereUsed();
    }

    /** Ends all waits, and unmaps the memory when the last one has left. */
    @Override
    public void close() {
        closed = true;
        waits.close();
        arena.close();
    }
}
