package dev.interlock;

import dev.interlock.internal.region.ObjectType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.function.UnaryOperator;

/**
 * A {@code boolean} in shared memory, with the operations of an atomic variable. Reads and writes are volatile and
 * whole, also when a process is killed in the middle of one, unless a method says otherwise.
 *
 * <p>Handles are safe for use by many threads, and may be sent to other processes. All methods that reach the memory throw
 * {@link IllegalStateException} when the {@link Region} is closed. No method waits.
 */
public final class SharedBoolean extends SharedObject {
    private static final long serialVersionUID = 1L;
    private static final VarHandle VALUE = ValueLayout.JAVA_INT.varHandle();

    private final transient MemorySegment memory;
    private final transient long at;

    SharedBoolean(Handle handle) {
        super(handle);
        this.memory = handle.region().mapping().memory();
        this.at = handle.payload();
    }

    /**
     * Reads the value.
     *
     * @return the value
     */
    public boolean get() {
        return (int) VALUE.getVolatile(memory, at) != 0;
    }

    /**
     * Writes the value.
     *
     * @param value the new value
     */
    public void set(boolean value) {
        VALUE.setVolatile(memory, at, (value ? 1 : 0));
    }

    /**
     * Reads the value without ordering it among other accesses; for values that a lock guards.
     *
     * @return the value
     */
    public boolean getPlain() {
        return (int) VALUE.get(memory, at) != 0;
    }

    /**
     * Writes the value without ordering it among other accesses; for values that a lock guards.
     *
     * @param value the new value
     */
    public void setPlain(boolean value) {
        VALUE.set(memory, at, (value ? 1 : 0));
    }

    /**
     * Writes the value and answers the one before.
     *
     * @param value the new value
     * @return the old value
     */
    public boolean getAndSet(boolean value) {
        return (int) VALUE.getAndSet(memory, at, (value ? 1 : 0)) != 0;
    }

    /**
     * Writes the value if it is the expected one.
     *
     * @param expected the value it must have
     * @param value the new value
     * @return whether it was written
     */
    public boolean compareAndSet(boolean expected, boolean value) {
        return VALUE.compareAndSet(memory, at, (expected ? 1 : 0), (value ? 1 : 0));
    }

    /**
     * Changes the value by a function, and answers the one before.
     *
     * @param update gives the new value for the old one; without side effects, as it may be called again when others
     *     interfere
     * @return the old value
     */
    public boolean getAndUpdate(UnaryOperator<Boolean> update) {
        while (true) { // until nobody interfered
            boolean old = get();
            if (compareAndSet(old, update.apply(old))) return old;
        }
    }

    /**
     * Changes the value by a function, and answers the new one.
     *
     * @param update gives the new value for the old one; without side effects, as it may be called again when others
     *     interfere
     * @return the new value
     */
    public boolean updateAndGet(UnaryOperator<Boolean> update) {
        while (true) { // until nobody interfered
            boolean old = get();
            boolean value = update.apply(old);
            if (compareAndSet(old, value)) return value;
        }
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
