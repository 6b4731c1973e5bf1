package dev.interlock.internal.sync;

/** A lock as a condition uses it: given back for the wait, and taken anew. */
public interface Relockable {
    /** Whether the calling thread owns it. */
    boolean isHeldByCurrentThread();

    /** Whether the calling thread, which owns it, could take it anew. */
    default boolean canBeTakenAnew() {
        return true;
    }

    /** Releases it however often it is held, and answers that. The calling thread must own it. */
    int releaseAll(Words words, long at);

    /** Takes it for a thread that owned it and whose caller counts on that. */
    LockState.Acquired acquireAgain(Words words, long at);

    /** Makes the calling thread, which has just acquired it, hold it so many times. */
    void setHolds(int holds);
}
