package dev.interlock.internal.region;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Closes a file when its lock has had the same owner for too long, which ends the wait for that lock. The kernel's own wait knows no
 * deadline. Each owner writes something else into the file, so that a long queue is not taken for an owner that hangs.
 */
final class JoinWatchdog extends Thread {
    private static final long PAUSE_NANOS = 1_000_000;
    private static final long NOTHING = 0; // is told by a file without contents

    private final RandomAccessFile file;
    private final long patienceNanos;
    private boolean dismissed; // guarded by this

    JoinWatchdog(RandomAccessFile file, long patienceNanos) {
        super(null, null, "interlock-join-watchdog", 128 << 10, false);
        setDaemon(true);
        this.file = file;
        this.patienceNanos = patienceNanos;
    }

    /**
     * Waits for the join lock. Answers whether the thread had been interrupted, which is cleared: a wait would end at once.
     *
     * @throws ClosedChannelException if its owner does not get on, or the thread is interrupted now
     */
    static boolean waitForLock(RandomAccessFile file, long patienceNanos) throws IOException {
        return new JoinWatchdog(file, patienceNanos).waitForLock();
    }

    boolean waitForLock() throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            start(); // or there is no thread
            waitForLock(file);
        } catch (IOException | RuntimeException | Error e) {
            if (interrupted) Thread.currentThread().interrupt();
            throw e;
        } finally {
            dismiss();
        }
        return interrupted;
    }

    /*
     * The kernel queues who waits. It refuses to when it believes in a deadlock: it takes a process for one thread, so
     * two processes that each hold one region's lock and wait for the other's, in different threads, look like that.
     */
    private static void waitForLock(RandomAccessFile open) throws IOException {
        while (true) { // until locked, or closed by an interrupt or the watchdog
            try {
                open.getChannel().lock(0, 1, false);
                return;
            } catch (ClosedChannelException e) {
                throw e;
            } catch (IOException | OverlappingFileLockException e) {
                if (JoinLock.tryLock(open)) return;
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** On return the file is closed, or stays open. */
    synchronized void dismiss() {
        dismissed = true;
        notifyAll();
    }

    @Override
    public synchronized void run() {
        if (dismissed) return; // the file is the owner's, who may be writing into it
        try {
            long before = told(file);
            while (waitedInVain()) { // until dismissed, or the owner is still the same
                long now = told(file);
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

    /** What the lock's owner has told last. */
    static long told(RandomAccessFile file) throws IOException {
        byte[] bytes = new byte[Long.BYTES];
        file.seek(0);
        return file.read(bytes) < bytes.length ? NOTHING : ByteBuffer.wrap(bytes).getLong(0);
    }
}
