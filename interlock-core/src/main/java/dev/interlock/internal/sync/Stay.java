package dev.interlock.internal.sync;

import java.util.concurrent.locks.ReentrantLock;

/**
 * A process's stay in a region, as its threads see it that change what others see, in several steps, whether or not the opening
 * through which they came is closed meanwhile. While one does, the process does not leave; once it has left, none begins.
 */
public final class Stay {
    private final ReentrantLock leaving = new ReentrantLock();
    private boolean over; // guarded by leaving

    /** Begins some steps, to be ended by {@link #end}; false if the process leaves the region. */
    @SuppressWarnings("LockNotBeforeTry") // end() unlocks
    boolean begin() {
        leaving.lock();
        if (!over) return true;
        leaving.unlock();
        return false;
    }

    /** Whether the calling thread is in the middle of some. */
    boolean isBegun() {
        return leaving.isHeldByCurrentThread();
    }

    /** Ends them. */
    void end() {
        leaving.unlock();
    }

    /** The process leaves the region: waits for who has begun, and lets nobody begin any more. */
    public void close() {
        leaving.lock();
        try {
            over = true;
        } finally {
            leaving.unlock();
        }
    }
}
