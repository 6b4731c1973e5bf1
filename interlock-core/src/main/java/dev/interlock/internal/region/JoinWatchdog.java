package dev.interlock.internal.region;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.concurrent.TimeUnit;

/** Closes a file at a deadline, which ends the wait for its lock. The kernel's own wait knows no deadline. */
final class JoinWatchdog extends Thread {
    private final RandomAccessFile file;
    private final long deadline;
    private boolean dismissed; // guarded by this

    JoinWatchdog(RandomAccessFile file, long deadlineNanos) {
        super(null, null, "interlock-join-watchdog", 128 << 10, false);
        setDaemon(true);
        this.file = file;
        this.deadline = deadlineNanos;
    }

    /** On return the file is closed, or stays open. */
    synchronized void dismiss() {
        dismissed = true;
        notifyAll();
    }

    @Override
    public synchronized void run() {
        try {
            for (long left; !dismissed && (left = deadline - System.nanoTime()) > 0; )
                wait(TimeUnit.NANOSECONDS.toMillis(left) + 1);
            if (!dismissed) file.close();
        } catch (InterruptedException | IOException e) {
            // Nobody has this thread to interrupt it; a file that cannot be closed goes on waiting.
        }
    }
}
