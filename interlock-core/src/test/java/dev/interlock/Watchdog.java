package dev.interlock;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits in tests for what is bound to happen, and ends them if it does not. */
final class Watchdog {
    private static final long SECONDS = 60;
    private static final long PAUSE_NANOS = 100_000;

    private Watchdog() {}

    /** Returns when the condition holds. */
    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end)
                throw new AssertionError("Not within " + SECONDS + " s: " + what);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Returns when the thread sleeps, or queues to sleep, for a lock. */
    static void awaitWaiting(Thread thread) {
        await(thread + " waits", () -> isWaiting(thread));
    }

    private static boolean isWaiting(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame ->
                        frame.getClassName().endsWith(".Waits")
                                || frame.getMethodName().equals("acquireInTurn"));
    }

    /** Returns when the thread has ended. */
    static void join(Thread thread) throws InterruptedException {
        if (!thread.join(java.time.Duration.ofSeconds(SECONDS)))
            throw new AssertionError(
                    thread + " still runs: " + Arrays.toString(thread.getStackTrace()));
    }
}
