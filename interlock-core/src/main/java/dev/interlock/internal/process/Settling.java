package dev.interlock.internal.process;

import dev.interlock.internal.os.Footprint;

/*
 * The JVM's compilers are at work for a moment after the practice, and what they used for it lies in the JVM's own pool for five seconds
 * more. So memory is given back twice, and after that this thread is gone and nothing in a spare wakes up any more.
 */
/** Makes a spare small while it waits for a task. */
final class Settling extends Thread {
    private static final int[] PAUSES_MILLIS = {700, 5_500};

    Settling() {
        super(null, null, "interlock-settling", 0, false);
        setDaemon(true);
    }

    /** The task is there. It does not wait for what this is doing, which ends soon. */
    void end() {
        interrupt();
    }

    @Override
    public void run() {
        try {
            for (int pause : PAUSES_MILLIS) {
                Thread.sleep(pause);
                Footprint.shrink();
            }
        } catch (InterruptedException e) {
            return; // the task is there
        }
    }
}
