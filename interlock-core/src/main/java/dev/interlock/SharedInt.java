package dev.interlock;

import dev.interlock.internal.region.ObjectType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;

/**
 * An {@code int} in shared memory, with the operations of an atomic variable. Reads and writes are volatile and whole,
 * also when a process is killed in the middle of one, unless a method says otherwise.
 *
 * <p>Handles are safe for use by many threads, and may be sent to other processes. All methods that reach the memory throw
 * {@link IllegalStateException} when the {@link Region} is closed. No method waits.
 */
public final class SharedInt extends SharedObject {
    private static final long serialVersionUID = 1L;
    private static final VarHandle VALUE = ValueLayout.JAVA_INT.varHandle();

    private final transient MemorySegment memory;
    private final transient long at;

    SharedInt(Handle handle) {
        super(handle);
        this.memory = handle.region().mapping().memory();
        this.at = handle.payload();
    }

    /**
     * Reads the value.
     *
     * @return the value
     */
    public int get() {
        return (int) VALUE.getVolatile(memory, at);
    }

    /**
     * Writes the value.
     *
     * @param value the new value
     */
    public void set(int value) {
        VALUE.setVolatile(memory, at, value);
    }

    /**
     * Reads the value without ordering it among other accesses; for values that a lock guards.
     *
     * @return the value
     */
    public int getPlain() {
        return (int) VALUE.get(memory, at);
    }

    /**
     * Writes the value without ordering it among other accesses; for values that a lock guards.
     *
     * @param value the new value
     */
    public void setPlain(int value) {
        VALUE.set(memory, at, value);
    }

    /**
     * Writes the value and answers the one before.
     *
     * @param value the new value
     * @return the old value
     */
    public int getAndSet(int value) {
        return (int) VALUE.getAndSet(memory, at, value);
    }

    /**
     * Writes the value if it is the expected one.
     *
     * @param expected the value it must have
     * @param value the new value
     * @return whether it was written
     */
    public boolean compareAndSet(int expected, int value) {
        return VALUE.compareAndSet(memory, at, expected, value);
    }

    /**
     * Changes the value by a function, and answers the one before.
     *
     * @param update gives the new value for the old one; without side effects, as it may be called again when others
     *     interfere
     * @return the old value
     */
    public int getAndUpdate(IntUnaryOperator update) {
        while (true) { // until nobody interfered
            int old = get();
            if (compareAndSet(old, update.applyAsInt(old))) return old;
        }
    }

    /**
     * Changes the value by a function, and answers the new one.
     *
     * @param update gives the new value for the old one; without side effects, as it may be called again when others
     *     interfere
     * @return the new value
     */
    public int updateAndGet(IntUnaryOperator update) {
        while (true) { // until nobody interfered
            int old = get();
            int value = update.applyAsInt(old);
            if (compareAndSet(old, value)) return value;
        }
    }

    /**
     * Adds to the value, and answers the one before. Overflow wraps around.
     *
     * @param delta what to add
     * @return the old value
     */
    public int getAndAdd(int delta) {
        return (int) VALUE.getAndAdd(memory, at, delta);
    }

    /**
     * Adds to the value, and answers the new one.
     *
     * @param delta what to add
     * @return the new value
     */
    public int addAndGet(int delta) {
        return getAndAdd(delta) + delta;
    }

    /**
     * Adds one, and answers the new value.
     *
     * @return the new value
     */
    public int incrementAndGet() {
        return addAndGet(1);
    }

    /**
     * Adds one, and answers the old value.
     *
     * @return the old value
     */
    public int getAndIncrement() {
        return getAndAdd(1);
    }

    /**
     * Subtracts one, and answers the new value.
     *
     * @return the new value
     */
    public int decrementAndGet() {
        return addAndGet(-1);
    }

    /**
     * Subtracts one, and answers the old value.
     *
     * @return the old value
     */
    public int getAndDecrement() {
        return getAndAdd(-1);
    }

    /**
     * Combines the value with another one, and answers the new value.
     *
     * @param other the second operand
     * @param operator gives the new value; without side effects, as it may be called again when others interfere
     * @return the new value
     */
    public int accumulateAndGet(int other, IntBinaryOperator operator) {
        return updateAndGet(value -> operator.applyAsInt(value, other));
    }

    /**
     * Combines the value with another one, and answers the old value.
     *
     * @param other the second operand
     * @param operator gives the new value; without side effects, as it may be called again when others interfere
     * @return the old value
     */
    public int getAndAccumulate(int other, IntBinaryOperator operator) {
        return getAndUpdate(value -> operator.applyAsInt(value, other));
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
