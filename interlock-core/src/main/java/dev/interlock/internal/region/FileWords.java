package dev.interlock.internal.region;

import dev.interlock.internal.sync.Words;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A region's words reached by reading and writing its file, for a process that is alone with it: it holds the join lock
 * and all members are dead. Saves the mapping, which costs a cold JVM more than all the rest of opening a region.
 */
final class FileWords implements Words {
    private static final int PAGE = 1 << 16;

    private final RegionFile file;
    private ByteBuffer page = ByteBuffer.allocate(0);
    private long pageStart = -1;

    FileWords(RegionFile file) {
        this.file = file;
    }

    @Override
    public long get(long offset) {
        if (offset < 0 || offset > file.limit() - 8)
            throw Errors.corrupt(file.path(), "it refers to offset " + offset);
        long start = offset & -PAGE;
        if (start != pageStart) load(start);
        return page.getLong((int) (offset - start));
    }

    private void load(long start) {
        try {
            int length = (int) Math.min(PAGE, file.limit() - start);
            page = ByteBuffer.wrap(file.read(start, length)).order(ByteOrder.LITTLE_ENDIAN);
            pageStart = start;
        } catch (IOException e) {
            throw Errors.io(file.path(), "read", e);
        }
    }

    @Override
    public void put(long offset, long value) {
        try {
            file.writeLong(offset, value);
            pageStart = -1;
        } catch (IOException e) {
            throw Errors.io(file.path(), "write", e);
        }
    }

    @Override
    public boolean cas(long offset, long expected, long value) {
        if (get(offset) != expected) return false;
        put(offset, value);
        return true;
    }

    @Override
    public long getPlain(long offset) {
        return get(offset);
    }

    @Override
    public void putPlain(long offset, long value) {
        put(offset, value);
    }

    @Override
    public long getAndAdd(long offset, long delta) {
        long before = get(offset);
        put(offset, before + delta);
        return before;
    }

    /** Nobody is there to sleep. */
    @Override
    public int wake(long offset, int count) {
        return 0;
    }

    @Override
    public Wait await(long offset, int expected, long deadlineNanos, boolean interruptible) {
        throw new IllegalStateException("alone with the region, and yet waiting");
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }
}
