package dev.interlock;

import dev.interlock.internal.os.KillPoints;
import dev.interlock.internal.region.Mapping;
import dev.interlock.internal.sync.LockState;
import dev.interlock.internal.sync.Words;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * A Java record of primitives in shared memory, always read and written as a whole: a reader sees what one writer
 * wrote, never parts of two, also if a writer is killed in the middle; then the value is the one before. Reading takes
 * no lock.
 *
 * <p>Writing waits for other writers, a microsecond or so; an interrupt does not end that wait. Handles are safe for
 * use by many threads, and may be sent to other processes. All methods that reach the memory throw {@link IllegalStateException} when the
 * {@link Region} is closed.
 *
 * @param <R> the record
 */
public final class SharedRecord<R extends Record> extends SharedObject {
    /*
     * Two copies and a version; the lowest bit of the version says which copy is current.
     *
     * set         under the writers' lock: write the other copy, then version + 1. That store is the commit.
     * get         read the version, the copy, the version again: unchanged means that no writer touched that copy,
     *             since the first write to it comes after the version has moved on.
     * Death       before the commit: the current copy was never touched. The writers' lock is freed by the sweep, and
     *             the next writer starts over on the other copy; there is nothing to repair, so nobody is told.
     * Order       The commit is volatile. A writer's stores to a copy come after its read of the version (it holds the
     *             lock), a reader's loads of the copy lie between two loads of the version, kept there by acquire
     *             fences.
     */
    private static final long serialVersionUID = 1L;
    private static final int TRIES = 1000;

    private final transient RecordLayout<R> layout;
    private final transient Mapping words;
    private final transient MemorySegment memory;
    private final transient long at;
    private final transient LockState writers;

    @SuppressWarnings(
            "unchecked") // the handle was made with this class, and its signature compared
    SharedRecord(Handle handle) {
        super(handle);
        this.layout = RecordLayout.of((Class<R>) Objects.requireNonNull(handle.recordType()));
        this.words = handle.region().mapping();
        this.memory = words.memory();
        this.at = handle.payload();
        this.writers =
                handle.region().lock(at + RecordLayout.WRITERS_LOCK, LockState.Manner.INTERNAL);
    }

    /**
     * Reads the record. Never waits for a sleeping or stopped writer.
     *
     * @return a new record
     */
    public R get() {
        return layout.fromCells(read());
    }

    private long[] read() {
        for (int i = 0; i < TRIES; i++) {
            long version = words.get(at + RecordLayout.VERSION);
            long[] cells = layout.readCells(memory, layout.copyAt(at, version));
            VarHandle.acquireFence();
            if (words.get(at + RecordLayout.VERSION) == version) return cells;
            Thread.onSpinWait();
        }
        return readAlone(); // writers come so fast that they must be held up for once
    }

    private long[] readAlone() {
        acquire();
        try {
            return layout.readCells(
                    memory, layout.copyAt(at, words.get(at + RecordLayout.VERSION)));
        } finally {
            release();
        }
    }

    /**
     * Writes the record.
     *
     * @param value the new record
     */
    public void set(R value) {
        long[] cells = layout.toCells(value);
        acquire();
        try {
            write(cells);
        } finally {
            release();
        }
    }

    /**
     * Changes the record by a function.
     *
     * @param update gives the new record for the old one; without side effects, as it is called again when others
     *     interfere. What it throws reaches the caller, and nothing is changed
     * @return the new record
     */
    public R update(UnaryOperator<R> update) {
        while (true) { // until nobody interfered
            long version = words.get(at + RecordLayout.VERSION);
            long[] old = layout.readCells(memory, layout.copyAt(at, version));
            VarHandle.acquireFence();
            if (words.get(at + RecordLayout.VERSION) != version) continue;
            R value = update.apply(layout.fromCells(old));
            if (writeIfUnchanged(version, layout.toCells(value))) return value;
        }
    }

    private boolean writeIfUnchanged(long version, long[] cells) {
        acquire();
        try {
            if (words.get(at + RecordLayout.VERSION) != version) return false;
            write(cells);
            return true;
        } finally {
            release();
        }
    }

    /* Under the writers' lock. */
    private void write(long[] cells) {
        long version = words.get(at + RecordLayout.VERSION);
        // Nothing of the copy is written before the version that made it free was read.
        VarHandle.fullFence();
        KillPoints.step();
        RecordLayout.writeCells(memory, layout.copyAt(at, version + 1), cells);
        words.put(at + RecordLayout.VERSION, version + 1);
    }

    private void acquire() {
        if (writers.isHeldByCurrentThread())
            throw new IllegalStateException(
                    "A record's own methods were called from within its update.");
        writers.acquire(words, at + RecordLayout.WRITERS_LOCK, Words.NEVER, false);
    }

    private void release() {
        writers.release(words, at + RecordLayout.WRITERS_LOCK);
    }

    /**
     * The lock that belongs to this record, for what takes more than one access. The methods of this class do not use
     * it.
     *
     * @return the lock; the same one in all processes
     */
    public SharedLock lock() {
        return new SharedLock(handle.lockWithin(0));
    }

    @Override
    String state() {
        try {
            return ": " + get();
        } catch (IllegalStateException closed) {
            throw closed;
        } catch (RuntimeException refused) { // by the record's constructor
            return ", whose values its constructor refuses: " + refused.getMessage();
        }
    }
}
