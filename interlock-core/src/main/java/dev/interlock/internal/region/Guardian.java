package dev.interlock.internal.region;

import dev.interlock.internal.sync.Cpus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The thread of this JVM that learns of the death of other processes and sweeps for them, see {@link DeathWatch}. It begins when the first
 * region is about to be opened, with the loading of what that is going to need ({@link Preload}), which saves the start of a thread.
 */
public final class Guardian extends Thread {
    /*
     * Life        There is one thread while started is set, which changes under LOCK only: begin sets it, and the thread takes it back when
     *             it ends. That is when no region was opened for UNUSED_MILLIS, or when an error ended its preparations; once it
     *             runs the DeathWatch it stays.
     * No start is lost   add first adds and then begins; the thread looks at ATTACHMENTS and takes started back in one step. So it sees the
     *             attachment and stays, or begin sees that it has gone and starts another.
     * Refused     Where no thread can be started, since there is no memory or a limit is reached, opening goes on without. Nobody
     *             relies on a thread that is not there: until isWatching says yes, waiters look after the owners themselves. As they ask
     *             they try again, and so does who opens a region.
     * Wanted      is set for good by the first who waits for another process, and ends the pause of UNDISTURBED_MILLIS.
     * Starting    is set for good by who starts a pool, and prolongs that pause: the first worker needs the CPUs more.
     */

    /** A short program ends before we make it link native code, and load the classes for it. */
    private static final long UNDISTURBED_MILLIS = 100;

    /** The same for one that starts a pool. */
    private static final long UNDISTURBED_START_MILLIS = 400;

    /** How long it waits for a region to be opened before it ends. */
    private static final long UNUSED_MILLIS = 1000;

    /** Between two tries of those who wait to start a thread: the JVM prints a warning for each one that fails. */
    private static final long RETRY_MILLIS = 1000;

    static final Object LOCK = new Object();

    private static final List<Attachment> ATTACHMENTS = new ArrayList<>(); // guarded by LOCK
    private static boolean started; // guarded by LOCK
    private static long retryNanos = System.nanoTime(); // guarded by LOCK; for who waits
    private static boolean wanted; // guarded by LOCK
    private static boolean starting; // guarded by LOCK
    private static volatile @Nullable DeathWatch watch; // written under LOCK, once

    private Guardian() {
        super(null, null, "interlock-guardian", 256 << 10, false);
        setDaemon(true);
    }

    /** Starts the thread if there is none and one is to be had; to be called as early as possible. */
    public static void begin() {
        synchronized (LOCK) {
            if (started) return;
            try {
                new Guardian().start();
                started = true;
            } catch (OutOfMemoryError e) { // also what a limit of threads gives
                failed();
            }
        }
    }

    /** Whether the kernel announces deaths to this process. */
    static boolean isWatching() {
        DeathWatch made = watch;
        boolean watching = made != null && made.isWatching();
        if (!watching) hurry();
        return watching;
    }

    private static void hurry() {
        synchronized (LOCK) {
            wanted = true;
            LOCK.notifyAll();
            if (System.nanoTime() - retryNanos >= 0) begin();
        }
    }

    /** The first worker of a pool is about to be started: what nobody waits for is put off. */
    public static void starts() {
        synchronized (LOCK) {
            starting = true;
        }
    }

    static void add(Attachment attachment) {
        synchronized (LOCK) {
            ATTACHMENTS.add(attachment);
            LOCK.notifyAll();
            if (watch != null) watch.lookAgain();
        }
        begin();
    }

    /** On return the guardian no longer touches the attachment. */
    static void remove(Attachment attachment) {
        synchronized (LOCK) {
            ATTACHMENTS.remove(attachment);
            if (watch != null) watch.forget(attachment);
        }
    }

    @Override
    public void run() {
        try {
            Preload.loadAll();
            if (!isUsed()) return;
            Cpus.isOne(); // by now, whoever is the first to wait
            awaitNeed();
            watch().run();
        } catch (Throwable e) {
            failed(); // there is no memory, most likely
        }
    }

    private static void failed() {
        synchronized (LOCK) {
            started = false;
            retryNanos = inMillis(RETRY_MILLIS);
        }
    }

    /** Waits for the first region to be opened. If that takes long, somebody only looked at regions: another thread begins when it happens. */
    private static boolean isUsed() {
        synchronized (LOCK) {
            long deadline = inMillis(UNUSED_MILLIS);
            while (ATTACHMENTS.isEmpty() && pause(deadline)) {} // until then, or there is one
            started = !ATTACHMENTS.isEmpty();
            return started;
        }
    }

    /** Waits until a short program would have ended. */
    private static void awaitNeed() {
        synchronized (LOCK) {
            long deadline = inMillis(UNDISTURBED_MILLIS);
            long latest = inMillis(UNDISTURBED_START_MILLIS);
            // until then, or somebody waits for another
            while (!wanted && (pause(deadline) || (starting && pause(latest)))) {}
        }
    }

    private static long inMillis(long millis) {
        return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** Waits until something changes. Answers whether there is time left. */
    @SuppressWarnings("WaitNotInLoop") // its callers loop
    private static boolean pause(long deadline) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        try {
            if (left > 0) LOCK.wait(left);
            return left > 0;
        } catch (Exception e) { // an interrupt, but that would be one more class to load
            return false; // somebody found this thread and wants it to go on
        }
    }

    private static DeathWatch watch() {
        synchronized (LOCK) {
            DeathWatch made = new DeathWatch(ATTACHMENTS);
            watch = made;
            return made;
        }
    }
}
