package dev.interlock.internal.sync;

/** A lock as a condition uses it: given back for the wait, and taken anew. */
public interface Relockable {
    /** Whether the calling thread owns it. */
    boolean isHeldByCurrentThread();

    /** Whether the calling thread, which owns it, could take it anew. */
    default boolean canBeTakenAnew() {
        return true;
    }

    /**
     * Wakes the thread that sleeps on that cell, which was chosen, when the calling thread, which owns the lock, has released it. Until
     * then it could only wait for the lock; and where the two share a CPU, it would do so at once. If the lock is fair it is woken at
     * once, for its place in line.
     */
    void wakeAtRelease(Words words, long cell);

    /** Releases it however often it is held, and answers that. The calling thread must own it. */
    int releaseAll(Words words, long at);

    /** Takes it for a thread that owned it and whose caller counts on that. */
    LockState.Acquired acquireAgain(Words words, long at);

    /** Makes the calling thread, which has just acquired it, hold it so many times. */
    void setHolds(int holds);
}
