package dev.interlock.cli.soak;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Looks every millisecond whether anything has moved, and notes the longest time in which nothing did; and how late it was itself at
 * worst, since that is what the machine does to every thread.
 */
final class Metronome implements AutoCloseable {
    private static final long BEAT_NANOS = 1_000_000;

    private final LongSupplier work;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("metronome").unstarted(this::run);
    private volatile boolean closed;
    private volatile boolean paused = true;
    private volatile long longestPause; // written by its thread
    private volatile long longestDelay; // the same

    Metronome(LongSupplier work) {
        this.work = work;
        thread.start();
    }

    /** Begins to count. */
    void start() {
        paused = false;
    }

    private void run() {
        long seen = -1;
        long since = System.nanoTime();
        long last = since;
        while (!closed) {
            LockSupport.parkNanos(BEAT_NANOS);
            long now = System.nanoTime();
            if (!paused) longestDelay = Math.max(longestDelay, now - last - BEAT_NANOS);
            long current = work.getAsLong();
            if (current != seen || paused) since = now;
            else longestPause = Math.max(longestPause, now - since);
            seen = current;
            last = now;
        }
    }

    /** The longest time in which nothing moved. */
    long longestPauseNanos() {
        return longestPause;
    }

    /** The longest time for which this thread, which only wants to wake up, did not get to run. */
    long longestDelayNanos() {
        return longestDelay;
    }

    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        while (thread
                .isAlive()) { // its next beat comes soon, and the memory at which it looks goes
            // after that
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
