package dev.interlock.internal.os;

import org.jspecify.annotations.Nullable;

/** Counts the steps of one thread, and acts before one of them: see {@link KillPoints}. */
final class Countdown {
    private static final long UNARMED = Long.MAX_VALUE;

    private static Thread only = Thread.currentThread(); // published by the store to remaining
    private static @Nullable Runnable action; // null: die; published by the store to remaining
    private static volatile long remaining = UNARMED;

    private Countdown() {}

    static void toDeath(long k) {
        if (!Syscalls.linkNow()) throw new IllegalStateException("There is no native access.");
        arm(k, Thread.currentThread(), null);
    }

    static void arm(long k, Thread thread, @Nullable Runnable action) {
        if (!KillPoints.ENABLED)
            throw new IllegalStateException("Start the JVM with -Dinterlock.killpoints=true");
        Countdown.only = thread;
        Countdown.action = action;
        remaining = k;
    }

    /** Answers how many steps were still to come. */
    static long disarm() {
        long left = remaining;
        remaining = UNARMED;
        return left;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread counts
    static void step() {
        if (remaining == UNARMED || Thread.currentThread() != only) return;
        if (--remaining > 0) return;
        remaining = UNARMED;
        Runnable last = action;
        if (last == null) Syscalls.killSelf();
        else last.run();
    }
}
