package dev.interlock.internal.sync;

import org.jspecify.annotations.Nullable;

/**
 * The one thread of a process that may store a count to some word without a locked instruction, as nobody else stores there: the first
 * that asks and, when that has ended, the next. Others have to do without. Most queues are read by one thread of each process.
 *
 * <p>Keeps that thread in memory until another takes its place or the process leaves the region: a weak reference would be a load more for
 * each message.
 */
public final class SoleWriter {
    /*
     * Written under this, read without: a thread finds itself here only if it came here itself and has not ended, as only the dead are
     * replaced; and what the dead one stored is seen by who has seen that it is dead.
     */
    private @Nullable Thread thread;
    private long count; // written by that thread

    /** Nobody yet, and 0. */
    public SoleWriter() {}

    /** Makes the calling thread the one if there is none; whether it is, from then on until it ends. */
    boolean claim() {
        return thread == Thread.currentThread() || replaceIfDead();
    }

    private boolean replaceIfDead() {
        Thread seen = thread;
        return (seen == null || !seen.isAlive()) && replace();
    }

    private synchronized boolean replace() {
        if (thread != null && thread.isAlive()) return false;
        thread = Thread.currentThread();
        return true;
    }

    /** Counts more, after {@link #claim}, and answers the sum. */
    long count(int more) {
        return count += more;
    }
}
