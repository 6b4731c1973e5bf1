package dev.interlock;

import java.time.Duration;

/** Waits in tests until others wait. */
final class Waiters {
    /** Longer than any test may take. */
    static final Duration LONG = Duration.ofMinutes(10);

    private static final boolean POLLS =
            System.getProperty("interlock.wait", "futex").equals("poll")
                    || Boolean.getBoolean("interlock.futex.waitv.refused");

    private Waiters() {}

    /**
     * How many virtual threads stand in one line for long: a thousand, but fewer where each polls, as all look while one after the
     * other goes, which takes the square of their number.
     */
    static int manyVirtualThreads() {
        return POLLS ? 300 : 1000;
    }

    /** Returns when so many threads stand in line for the lock. */
    static void awaitQueued(OwnedLock lock, int count) {
        Watchdog.await(
                count + " in line for " + lock + ", not " + lock.getQueueLength(),
                () -> lock.getQueueLength() == count);
    }

    /** Returns when so many threads wait for a signal. */
    static void awaitWaiting(SharedCondition condition, int count) {
        Watchdog.await(
                count + " waiting for " + condition, () -> condition.getWaitQueueLength() == count);
    }

    /** Gives one signal, as a thread that has nothing else to do. */
    static void signal(OwnedLock lock, SharedCondition condition) {
        lock.lock();
        try {
            condition.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Signals all. */
    static void signalAll(OwnedLock lock, SharedCondition condition) {
        lock.lock();
        try {
            condition.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
