package dev.interlock.internal.sync;

import java.util.List;

/** What a waiter may ask about the process that owns what it waits for. */
public interface Owners {
    /**
     * How long a waiter may sleep before it asks again. Asking makes sure that the owner's death will be noticed: forever if the
     * kernel will announce it, a short time if it cannot be announced yet, in which case the owner was just looked at.
     *
     * @param slot of the owner's process
     */
    long patienceNanos(int slot);

    /**
     * Looks once whether the process died and nobody has noticed yet, and if so does what its death calls for: for those who ask and
     * do not wait. Cheap while the kernel would have announced it.
     *
     * @param slot of the owner's process, or -1 for none
     */
    void look(int slot);

    /**
     * Whether there is no process in that slot: then, by now, no word names it that was not damaged.
     *
     * @param slot of the owner's process
     */
    default boolean isFree(int slot) {
        return false;
    }

    /**
     * What is thrown when an object says what nobody can have written there.
     *
     * @param at where the object lies
     * @param what it says, after its name in a sentence
     */
    default RuntimeException damaged(long at, String what) {
        return new IllegalStateException("the object at " + at + " " + what);
    }

    /**
     * Describes a deadlock.
     *
     * @param circle the threads, beginning with the one that gives way
     * @return what that one throws
     */
    RuntimeException deadlock(List<Deadlocks.Edge> circle);
}
