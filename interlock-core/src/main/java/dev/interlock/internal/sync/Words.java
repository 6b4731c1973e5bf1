package dev.interlock.internal.sync;

import java.lang.foreign.MemorySegment;

/** Shared memory as the algorithms see it: 64-bit words at byte offsets that are multiples of 8, and sleeping on their lower halves. */
public interface Words {
    /** No deadline. */
    long NEVER = Long.MAX_VALUE;

    /** Reads with volatile semantics. */
    long get(long offset);

    /** Reads with no order. */
    long getPlain(long offset);

    /** Stores with volatile semantics. */
    void put(long offset, long value);

    /**
     * Stores with release semantics, with {@link #memory()} at hand: whoever sees this sees what was done before, but the calling
     * thread may go on before others see it.
     */
    default void putRelease(MemorySegment memory, long offset, long value) {
        put(offset, value);
    }

    /** Stores with no order; for what a later volatile access publishes, or for hints. */
    void putPlain(long offset, long value);

    /** Stores {@code value} if the word is {@code expected}, with volatile semantics. */
    boolean cas(long offset, long expected, long value);

    /** Adds, and answers the value before, with volatile semantics. */
    long getAndAdd(long offset, long delta);

    /**
     * The memory, for a caller that keeps it at hand and passes it back: reaching it through this object is a load more before an
     * atomic instruction, a tenth of its time.
     */
    default MemorySegment memory() {
        return MemorySegment.NULL;
    }

    /**
     * Throws if access has ended: for who works with other words of the same memory, which last longer.
     *
     * @throws IllegalStateException if so
     */
    default void requireOpen() {}

    /** As {@link #get(long)}, with {@link #memory()} at hand. */
    default long get(MemorySegment memory, long offset) {
        return get(offset);
    }

    /** As {@link #getPlain(long)}, with {@link #memory()} at hand. */
    default long getPlain(MemorySegment memory, long offset) {
        return getPlain(offset);
    }

    /** As {@link #putPlain(long, long)}, with {@link #memory()} at hand. */
    default void putPlain(MemorySegment memory, long offset, long value) {
        putPlain(offset, value);
    }

    /** As {@link #put(long, long)}, with {@link #memory()} at hand. */
    default void put(MemorySegment memory, long offset, long value) {
        put(offset, value);
    }

    /** As {@link #cas(long, long, long)}, with {@link #memory()} at hand. */
    default boolean cas(MemorySegment memory, long offset, long expected, long value) {
        return cas(offset, expected, value);
    }

    /** As {@link #getAndAdd(long, long)}, with {@link #memory()} at hand. */
    default long getAndAdd(MemorySegment memory, long offset, long delta) {
        return getAndAdd(offset, delta);
    }

    /**
     * Those bytes of {@link #memory()} alone, for accesses by the methods below: an offset in them is checked with less effort.
     */
    default MemorySegment piece(MemorySegment memory, long at, long bytes) {
        return memory;
    }

    /** As {@link #get(long)}, at an offset from the beginning of a piece, which lies at {@code at}. */
    default long get(MemorySegment piece, long at, long offset) {
        return get(at + offset);
    }

    /** As {@link #getPlain(long)}, the same way. */
    default long getPlain(MemorySegment piece, long at, long offset) {
        return getPlain(at + offset);
    }

    /** As {@link #put(long, long)}, the same way. */
    default void put(MemorySegment piece, long at, long offset, long value) {
        put(at + offset, value);
    }

    /** As {@link #putRelease}, the same way. */
    default void putRelease(MemorySegment piece, long at, long offset, long value) {
        putRelease(piece, at + offset, value);
    }

    /** As {@link #putPlain(long, long)}, the same way. */
    default void putPlain(MemorySegment piece, long at, long offset, long value) {
        putPlain(at + offset, value);
    }

    /** As {@link #cas(long, long, long)}, the same way. */
    default boolean cas(MemorySegment piece, long at, long offset, long expected, long value) {
        return cas(at + offset, expected, value);
    }

    /** As {@link #getAndAdd(long, long)}, the same way. */
    default long getAndAdd(MemorySegment piece, long at, long offset, long delta) {
        return getAndAdd(at + offset, delta);
    }

    /**
     * How often a thread looks at a word before it sleeps.
     *
     * @param usual how often it does so where others run meanwhile
     */
    default int spins(int usual) {
        return usual;
    }

    /** How a wait ended. Each may be spurious; the caller looks again. */
    enum Wait {
        /** Somebody called {@link #wake}; that wake-up is used up. */
        WOKEN,
        /** The lower half was not as expected. */
        CHANGED,
        /** The deadline passed. */
        TIMED_OUT,
        /** The thread was interrupted; its status is still set. */
        INTERRUPTED
    }

    /**
     * Sleeps while the lower half of the word is {@code expected}. Comparing and falling asleep are one step.
     *
     * @param deadlineNanos on the clock of {@link #nanoTime()}, or {@link #NEVER}
     * @param interruptible whether an interrupt ends the wait
     */
    Wait await(long offset, int expected, long deadlineNanos, boolean interruptible);

    /**
     * Wakes threads of any process that sleep on the word.
     *
     * @return how many were woken; a positive number if that is not known
     */
    int wake(long offset, int count);

    /** The monotonic clock of deadlines, the same in all processes. */
    long nanoTime();
}
