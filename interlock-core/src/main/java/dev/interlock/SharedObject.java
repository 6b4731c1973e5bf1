package dev.interlock;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A handle to an object in a {@link Region}. Handles are small and safe for use by many threads; any number of them may
 * refer to one object, and then they are equal, also if they came from different openings of the region. A handle
 * travels to other processes as a reference: in a task, through a queue or as a result. On arrival it refers to the
 * same object, and its region is open.
 *
 * <p>When the region is closed, all methods that need its memory throw {@link IllegalStateException}, and the handle
 * cannot be sent any more. Its name, {@code equals}, {@code hashCode} and {@code toString} remain.
 */
public abstract class SharedObject implements Serializable {
    private static final long serialVersionUID = 1L;

    final transient Handle handle;

    SharedObject(Handle handle) {
        this.handle = handle;
    }

    /**
     * The name that the object was made with.
     *
     * @return the name; empty if it was made without one. For a lock that belongs to another object, that object's
     */
    public final String name() {
        return handle.name();
    }

    /**
     * Whether both are handles to the same object.
     *
     * @param other to compare with
     * @return whether they are
     */
    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof SharedObject shared && handle.refersTo(shared.handle);
    }

    /**
     * A hash code of the object that this refers to, not of its contents.
     *
     * @return the hash code
     */
    @Override
    public final int hashCode() {
        return handle.hashOfObject();
    }

    /**
     * Names the object, its region and what is in it, unless the region is closed.
     *
     * @return for people to read
     */
    @Override
    public final String toString() {
        if (!handle.region().isClosed()) {
            try {
                return handle.describe() + state();
            } catch (IllegalStateException closedMeanwhile) {
                // and so say it
            }
        }
        return handle.describe() + ", closed";
    }

    /** What {@link #toString()} says of the contents, after the name. */
    abstract String state();

    /* Inherited by all handles: none of them is ever written to a stream itself. */
    final Object writeReplace() {
        return handle;
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw Handle.notDirectly();
    }

    private void readObjectNoData() throws InvalidObjectException {
        throw Handle.notDirectly();
    }
}
