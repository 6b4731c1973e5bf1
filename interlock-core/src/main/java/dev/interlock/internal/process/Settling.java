package dev.interlock.internal.process;

import dev.interlock.internal.os.Footprint;
import java.util.concurrent.TimeUnit;

/*
 * The JVM's compilers are at work for a moment after the practice, and what they used for it lies in the JVM's own pool for five seconds
 * more. So memory is given back twice, and after that this thread is gone and nothing in a spare wakes up any more.
 */
/** Makes a spare small while it waits for a task. */
final class Settling extends Thread {
    private static final int[] PAUSES_MILLIS = {700, 5_500};

    private boolean ended; // guarded by this

    Settling() {
        super(null, null, "interlock-settling", 0, false);
        setDaemon(true);
    }

    /** The task is there. On return this does nothing more. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    @Override
    public void run() {
        try {
            for (int pause : PAUSES_MILLIS) {
                if (!shrinkAfter(pause)) return;
            }
        } catch (InterruptedException e) {
            return; // somebody found this thread and wants it to end
        }
    }

    private synchronized boolean shrinkAfter(int pauseMillis) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pauseMillis);
        while (!ended) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) break;
            wait(left);
        }
        if (!ended) Footprint.shrink();
        return !ended;
    }
}
