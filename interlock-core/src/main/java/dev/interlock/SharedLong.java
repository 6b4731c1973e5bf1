package dev.interlock;

import dev.interlock.internal.region.ObjectType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/**
 * A {@code long} in shared memory, with the operations of an atomic variable. Reads and writes are volatile and whole,
 * also when a process is killed in the middle of one, unless a method says otherwise.
 *
 * <p>Handles are safe for use by many threads, and may be sent to other processes. All methods that reach the memory throw
 * {@link IllegalStateException} when the {@link Region} is closed. No method waits.
 */
public final class SharedLong extends SharedObject {
    private static final long serialVersionUID = 1L;
    private static final VarHandle VALUE = ValueLayout.JAVA_LONG.varHandle();

    private final transient MemorySegment memory;
    private final transient long at;

    SharedLong(Handle handle) {
        super(handle);
        this.memory = handle.region().mapping().memory();
        this.at = handle.payload();
    }

    /**
     * Reads the value.
     *
     * @return the value
     */
    public long get() {
        return (long) VALUE.getVolatile(memory, at);
    }

    /**
     * Writes the value.
     *
     * @param value the new value
     */
    public void set(long value) {
        VALUE.setVolatile(memory, at, value);
    }

    /**
     * Reads the value without ordering it among other accesses; for values that a lock guards.
     *
     * @return the value
     */
    public long getPlain() {
        return (long) VALUE.get(memory, at);
    }

    /**
     * Writes the value without ordering it among other accesses; for values that a lock guards.
     *
     * @param value the new value
     */
    public void setPlain(long value) {
        VALUE.set(memory, at, value);
    }

    /**
     * Writes the value and answers the one before.
     *
     * @param value the new value
     * @return the old value
     */
    public long getAndSet(long value) {
        return (long) VALUE.getAndSet(memory, at, value);
    }

    /**
     * Writes the value if it is the expected one.
     *
     * @param expected the value it must have
     * @param value the new value
     * @return whether it was written
     */
    public boolean compareAndSet(long expected, long value) {
        return VALUE.compareAndSet(memory, at, expected, value);
    }

    /**
     * Changes the value by a function, and answers the one before.
     *
     * @param update gives the new value for the old one; without side effects, as it may be called again when others
     *     interfere
     * @return the old value
     */
    public long getAndUpdate(LongUnaryOperator update) {
        while (true) { // until nobody interfered
            long old = get();
            if (compareAndSet(old, update.applyAsLong(old))) return old;
        }
    }

    /**
     * Changes the value by a function, and answers the new one.
     *
     * @param update gives the new value for the old one; without side effects, as it may be called again when others
     *     interfere
     * @return the new value
     */
    public long updateAndGet(LongUnaryOperator update) {
        while (true) { // until nobody interfered
            long old = get();
            long value = update.applyAsLong(old);
            if (compareAndSet(old, value)) return value;
        }
    }

    /**
     * Adds to the value, and answers the one before. Overflow wraps around.
     *
     * @param delta what to add
     * @return the old value
     */
    public long getAndAdd(long delta) {
        return (long) VALUE.getAndAdd(memory, at, delta);
    }

    /**
     * Adds to the value, and answers the new one.
     *
     * @param delta what to add
     * @return the new value
     */
    public long addAndGet(long delta) {
        return getAndAdd(delta) + delta;
    }

    /**
     * Adds one, and answers the new value.
     *
     * @return the new value
     */
    public long incrementAndGet() {
        return addAndGet(1);
    }

    /**
     * Adds one, and answers the old value.
     *
     * @return the old value
     */
    public long getAndIncrement() {
        return getAndAdd(1);
    }

    /**
     * Subtracts one, and answers the new value.
     *
     * @return the new value
     */
    public long decrementAndGet() {
        return addAndGet(-1);
    }

    /**
     * Subtracts one, and answers the old value.
     *
     * @return the old value
     */
    public long getAndDecrement() {
        return getAndAdd(-1);
    }

    /**
     * Combines the value with another one, and answers the new value.
     *
     * @param other the second operand
     * @param operator gives the new value; without side effects, as it may be called again when others interfere
     * @return the new value
     */
    public long accumulateAndGet(long other, LongBinaryOperator operator) {
        return updateAndGet(value -> operator.applyAsLong(value, other));
    }

    /**
     * Combines the value with another one, and answers the old value.
     *
     * @param other the second operand
     * @param operator gives the new value; without side effects, as it may be called again when others interfere
     * @return the old value
     */
    public long getAndAccumulate(long other, LongBinaryOperator operator) {
        return getAndUpdate(value -> operator.applyAsLong(value, other));
    }

    /**
     * The lock that belongs to this value, for what takes more than one access. The methods of this class do not use
     * it.
     *
     * @return the lock; the same one in all processes
     */
    public SharedLock lock() {
        return new SharedLock(handle.lockWithin(ObjectType.AFTER_VALUE));
    }

    @Override
    String state() {
        return ": " + get();
    }
}
