package dev.interlock.internal.sync;

import org.jspecify.annotations.Nullable;

/**
 * The one thread of a process that may store a count to some word without a locked instruction, as nobody else stores there: the first
 * that asks and, when that has ended, the next. Others have to do without. Most queues are read by one thread of each process.
 */
public final class SoleWriter {
    /*
     * Not volatile: a thread finds itself here only if it came here itself and has not ended, as only the dead are replaced; and what
     * the dead one stored is seen by who has seen that it is dead.
     */
    private @Nullable Thread thread;
    private long count;

    /** Nobody yet, and 0. */
    public SoleWriter() {}

    /** Whether the calling thread is the one, from now on until it ends. */
    boolean isMe() {
        return thread == Thread.currentThread() || becomeMe();
    }

    private boolean becomeMe() {
        Thread seen = thread;
        return (seen == null || !seen.isAlive()) && replaceTheDead();
    }

    private synchronized boolean replaceTheDead() {
        if (thread != null && thread.isAlive()) return false;
        thread = Thread.currentThread();
        return true;
    }

    /** Counts more, if {@link #isMe}, and answers the sum. */
    long count(int more) {
        return count += more;
    }
}
