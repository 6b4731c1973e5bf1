package dev.interlock;

import dev.interlock.internal.region.ObjectType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * A {@code double} in shared memory, with the operations of an atomic variable. Reads and writes are volatile and
 * whole, also when a process is killed in the middle of one, unless a method says otherwise. {@link #compareAndSet} and
 * the update methods compare bits, as {@link Double#doubleToRawLongBits} gives them: {@code 0.0} and {@code -0.0}
 * differ, a NaN equals itself.
 *
 * <p>Handles are safe for use by many threads, and may be sent to other processes. All methods that reach the memory throw
 * {@link IllegalStateException} when the {@link Region} is closed. No method waits.
 */
public final class SharedDouble extends SharedObject {
    private static final long serialVersionUID = 1L;
    private static final VarHandle VALUE = ValueLayout.JAVA_LONG.varHandle();

    private final transient MemorySegment memory;
    private final transient long at;

    SharedDouble(Handle handle) {
        super(handle);
        this.memory = handle.region().mapping().memory();
        this.at = handle.payload();
    }

    /**
     * Reads the value.
     *
     * @return the value
     */
    public double get() {
        return Double.longBitsToDouble((long) VALUE.getVolatile(memory, at));
    }

    /**
     * Writes the value.
     *
     * @param value the new value
     */
    public void set(double value) {
        VALUE.setVolatile(memory, at, Double.doubleToRawLongBits(value));
    }

    /**
     * Reads the value without ordering it among other accesses; for values that a lock guards.
     *
     * @return the value
     */
    public double getPlain() {
        return Double.longBitsToDouble((long) VALUE.get(memory, at));
    }

    /**
     * Writes the value without ordering it among other accesses; for values that a lock guards.
     *
     * @param value the new value
     */
    public void setPlain(double value) {
        VALUE.set(memory, at, Double.doubleToRawLongBits(value));
    }

    /**
     * Writes the value and answers the one before.
     *
     * @param value the new value
     * @return the old value
     */
    public double getAndSet(double value) {
        return Double.longBitsToDouble(
                (long) VALUE.getAndSet(memory, at, Double.doubleToRawLongBits(value)));
    }

    /**
     * Writes the value if it is the expected one.
     *
     * @param expected the value it must have
     * @param value the new value
     * @return whether it was written
     */
    public boolean compareAndSet(double expected, double value) {
        return VALUE.compareAndSet(
                memory,
                at,
                Double.doubleToRawLongBits(expected),
                Double.doubleToRawLongBits(value));
    }

    /**
     * Changes the value by a function, and answers the one before.
     *
     * @param update gives the new value for the old one; without side effects, as it may be called again when others
     *     interfere
     * @return the old value
     */
    public double getAndUpdate(DoubleUnaryOperator update) {
        while (true) { // until nobody interfered
            double old = get();
            if (compareAndSet(old, update.applyAsDouble(old))) return old;
        }
    }

    /**
     * Changes the value by a function, and answers the new one.
     *
     * @param update gives the new value for the old one; without side effects, as it may be called again when others
     *     interfere
     * @return the new value
     */
    public double updateAndGet(DoubleUnaryOperator update) {
        while (true) { // until nobody interfered
            double old = get();
            double value = update.applyAsDouble(old);
            if (compareAndSet(old, value)) return value;
        }
    }

    /**
     * Adds to the value, and answers the one before.
     *
     * @param delta what to add
     * @return the old value
     */
    public double getAndAdd(double delta) {
        return getAndUpdate(value -> value + delta);
    }

    /**
     * Adds to the value, and answers the new one.
     *
     * @param delta what to add
     * @return the new value
     */
    public double addAndGet(double delta) {
        return updateAndGet(value -> value + delta);
    }

    /**
     * Adds one, and answers the new value.
     *
     * @return the new value
     */
    public double incrementAndGet() {
        return addAndGet(1);
    }

    /**
     * Adds one, and answers the old value.
     *
     * @return the old value
     */
    public double getAndIncrement() {
        return getAndAdd(1);
    }

    /**
     * Subtracts one, and answers the new value.
     *
     * @return the new value
     */
    public double decrementAndGet() {
        return addAndGet(-1);
    }

    /**
     * Subtracts one, and answers the old value.
     *
     * @return the old value
     */
    public double getAndDecrement() {
        return getAndAdd(-1);
    }

    /**
     * Combines the value with another one, and answers the new value.
     *
     * @param other the second operand
     * @param operator gives the new value; without side effects, as it may be called again when others interfere
     * @return the new value
     */
    public double accumulateAndGet(double other, DoubleBinaryOperator operator) {
        return updateAndGet(value -> operator.applyAsDouble(value, other));
    }

    /**
     * Combines the value with another one, and answers the old value.
     *
     * @param other the second operand
     * @param operator gives the new value; without side effects, as it may be called again when others interfere
     * @return the old value
     */
    public double getAndAccumulate(double other, DoubleBinaryOperator operator) {
        return getAndUpdate(value -> operator.applyAsDouble(value, other));
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
