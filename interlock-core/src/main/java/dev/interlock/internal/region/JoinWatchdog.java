package dev.interlock.internal.region;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.concurrent.TimeUnit;

/**
 * Closes a file when its lock has had the same owner for too long, which ends the wait for that lock. The kernel's own wait knows no
 * deadline. Each owner writes something else into the file, so that a long queue is not taken for an owner that hangs.
 */
final class JoinWatchdog extends Thread {
    private final RandomAccessFile file;
    private final long patienceNanos;
    private boolean dismissed; // guarded by this

    JoinWatchdog(RandomAccessFile file, long patienceNanos) {
        super(null, null, "interlock-join-watchdog", 128 << 10, false);
        setDaemon(true);
        this.file = file;
        this.patienceNanos = patienceNanos;
    }

    /** On return the file is closed, or stays open. */
    synchronized void dismiss() {
        dismissed = true;
        notifyAll();
    }

    @Override
    public synchronized void run() {
        try {
            long before = JoinLock.told(file);
            while (waitedInVain()) { // until dismissed, or the owner is still the same
                long now = JoinLock.told(file);
                if (now == before) {
                    file.close();
                    return;
                }
                before = now;
            }
        } catch (InterruptedException | IOException e) {
            // Nobody has this thread to interrupt it; a file that cannot be closed goes on waiting.
        }
    }

    private boolean waitedInVain() throws InterruptedException {
        long deadline = System.nanoTime() + patienceNanos;
        for (long left; !dismissed && (left = deadline - System.nanoTime()) > 0; )
            wait(TimeUnit.NANOSECONDS.toMillis(left) + 1);
        return !dismissed;
    }
}
