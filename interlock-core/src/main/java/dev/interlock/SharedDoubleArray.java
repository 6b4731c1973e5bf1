package dev.interlock;

import dev.interlock.internal.region.ObjectType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * An array of {@code double} in shared memory. Accesses to one element are volatile and atomic; bulk copies are
 * neither, and run at the speed of memory: guard them with {@link #lock()} where it matters.
 *
 * <p>Handles are safe for use by many threads, and may be sent to other processes. All methods that reach the memory throw
 * {@link IllegalStateException} when the {@link Region} is closed, and {@link IndexOutOfBoundsException} for elements
 * that do not exist; nothing is copied then. No method waits.
 */
public final class SharedDoubleArray extends SharedObject {
    private static final long serialVersionUID = 1L;
    private static final int BYTES = Double.BYTES;
    private static final VarHandle BITS = ValueLayout.JAVA_LONG.varHandle();

    private final transient MemorySegment elements;
    private final transient long length;

    SharedDoubleArray(Handle handle) {
        super(handle);
        this.length = handle.region().heap().length(handle.payload());
        MemorySegment all = handle.region().mapping().memory();
        this.elements = all.asSlice(handle.payload() + ObjectType.AFTER_LOCK, length * BYTES);
    }

    /* An index so large that the product overflows must not become a valid offset. */
    private long at(long index) {
        if (index < 0 || index >= length)
            throw new IndexOutOfBoundsException(
                    "Index " + index + " of " + handle.describe() + " of length " + length);
        return index * BYTES;
    }

    /**
     * The number of elements.
     *
     * @return the length
     */
    public long length() {
        return length;
    }

    /**
     * Reads an element.
     *
     * @param index of the element
     * @return its value
     */
    public double get(long index) {
        return Double.longBitsToDouble((long) BITS.getVolatile(elements, at(index)));
    }

    /**
     * Writes an element.
     *
     * @param index of the element
     * @param value its new value
     */
    public void set(long index, double value) {
        BITS.setVolatile(elements, at(index), Double.doubleToRawLongBits(value));
    }

    /**
     * Adds to an element as one step, and answers its value before.
     *
     * @param index of the element
     * @param delta what to add
     * @return its old value
     */
    public double getAndAdd(long index, double delta) {
        while (true) { // until nobody interfered
            double old = get(index);
            if (compareAndSet(index, old, old + delta)) return old;
        }
    }

    /**
     * Adds to an element as one step, and answers its new value.
     *
     * @param index of the element
     * @param delta what to add
     * @return its new value
     */
    public double addAndGet(long index, double delta) {
        return getAndAdd(index, delta) + delta;
    }

    /**
     * Writes an element if it has the expected value, as one step.
     * Compares bits, as {@link Double#doubleToRawLongBits} gives them.
     *
     * @param index of the element
     * @param expected the value it must have
     * @param value its new value
     * @return whether it was written
     */
    public boolean compareAndSet(long index, double expected, double value) {
        return BITS.compareAndSet(
                elements,
                at(index),
                Double.doubleToRawLongBits(expected),
                Double.doubleToRawLongBits(value));
    }

    /**
     * Changes an element by a function as one step, and answers its value before.
     *
     * @param index of the element
     * @param update gives the new value for the old one; without side effects, as it may be called again when others
     *     interfere
     * @return its old value
     */
    public double getAndUpdate(long index, DoubleUnaryOperator update) {
        while (true) { // until nobody interfered
            double old = get(index);
            if (compareAndSet(index, old, update.applyAsDouble(old))) return old;
        }
    }

    /**
     * Changes an element by a function as one step, and answers its new value.
     *
     * @param index of the element
     * @param update gives the new value for the old one; without side effects, as it may be called again when others
     *     interfere
     * @return its new value
     */
    public double updateAndGet(long index, DoubleUnaryOperator update) {
        while (true) { // until nobody interfered
            double old = get(index);
            double value = update.applyAsDouble(old);
            if (compareAndSet(index, old, value)) return value;
        }
    }

    /**
     * Combines an element with another value as one step, and answers its new value.
     *
     * @param index of the element
     * @param other the second operand
     * @param operator gives the new value for the old one and the other; without side effects, as it may be called again
     *     when others interfere
     * @return its new value
     */
    public double accumulateAndGet(long index, double other, DoubleBinaryOperator operator) {
        return updateAndGet(index, old -> operator.applyAsDouble(old, other));
    }

    /**
     * Copies all elements.
     *
     * @return a new array
     * @throws IllegalStateException if there are more than a Java array holds, or the region is closed
     */
    public double[] toArray() {
        return elements.toArray(ValueLayout.JAVA_DOUBLE);
    }

    /**
     * Copies a whole Java array to the first elements.
     *
     * @param source not longer than this array
     */
    public void copyFrom(double[] source) {
        copyFrom(source, 0, 0, source.length);
    }

    /**
     * Copies elements of a Java array to elements of this one.
     *
     * @param source the Java array
     * @param sourceIndex first element to copy
     * @param index where the first one goes
     * @param count how many
     */
    public void copyFrom(double[] source, int sourceIndex, long index, int count) {
        requireRange(index, count);
        MemorySegment.copy(
                source, sourceIndex, elements, ValueLayout.JAVA_DOUBLE, index * BYTES, count);
    }

    /**
     * Copies the first elements to a whole Java array.
     *
     * @param target not longer than this array
     */
    public void copyTo(double[] target) {
        copyTo(0, target, 0, target.length);
    }

    /**
     * Copies elements of this array to elements of a Java array.
     *
     * @param index first element to copy
     * @param target the Java array
     * @param targetIndex where the first one goes
     * @param count how many
     */
    public void copyTo(long index, double[] target, int targetIndex, int count) {
        requireRange(index, count);
        MemorySegment.copy(
                elements, ValueLayout.JAVA_DOUBLE, index * BYTES, target, targetIndex, count);
    }

    private void requireRange(long index, int count) {
        if (count < 0 || index < 0 || index > length - count) {
            throw new IndexOutOfBoundsException(
                    count
                            + " elements from index "
                            + index
                            + " of "
                            + handle.describe()
                            + " of length "
                            + length);
        }
    }

    /**
     * The elements as a memory segment: no copy, bounds-checked, usable until the region is closed and throwing
     * {@link IllegalStateException} from then on.
     *
     * @return a segment of {@code length() * 8} bytes
     */
    public MemorySegment segment() {
        handle.region().requireOpen();
        return elements;
    }

    /**
     * The elements as a buffer: no copy, bounds-checked, usable until the region is closed.
     *
     * @return a buffer of {@code length()} elements
     * @throws IllegalStateException if they take more than 2 GiB, or the region is closed
     */
    public DoubleBuffer buffer() {
        handle.region().requireOpen();
        return elements.asByteBuffer().order(ByteOrder.nativeOrder()).asDoubleBuffer();
    }

    /**
     * The lock that belongs to this array, for what takes more than one access. The methods of this class do not use
     * it.
     *
     * @return the lock; the same one in all processes
     */
    public SharedLock lock() {
        return new SharedLock(handle.lockWithin(0));
    }

    @Override
    String state() {
        return " of length " + length;
    }
}
