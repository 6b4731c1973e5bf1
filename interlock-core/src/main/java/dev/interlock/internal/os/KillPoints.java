package dev.interlock.internal.os;

import org.jspecify.annotations.Nullable;

/**
 * Lets a crash test kill this process, as {@code kill -9} does, at the k-th step of an operation. Every store,
 * compare-and-set and call to the operating system that others can see is preceded by {@link #step()}. Without
 * {@code -Dinterlock.killpoints=true} the compiler removes all of it.
 */
public final class KillPoints {
    /** Whether steps are counted at all. */
    public static final boolean ENABLED = Boolean.getBoolean("interlock.killpoints");

    private static final long UNARMED = Long.MAX_VALUE;

    private static Thread only = Thread.currentThread(); // published by the store to remaining
    private static @Nullable Runnable action; // null: die; published by the store to remaining
    private static volatile long remaining = UNARMED;

    private KillPoints() {}

    /** A step that others can see is about to be made. */
    public static void step() {
        if (ENABLED) count();
    }

    /** From now on the process dies before the k-th step (1 is the next one) that the calling thread makes. */
    public static void dieAtStep(long k) {
        if (!Syscalls.linkNow()) throw new IllegalStateException("There is no native access.");
        arm(k, Thread.currentThread(), null);
    }

    /**
     * From now on {@code thread} runs the action, once, before the k-th step that it makes. For tests that watch another
     * thread, that stop the process instead of killing it, or that must not link native code.
     */
    public static void atStep(long k, Thread thread, Runnable action) {
        arm(k, thread, action);
    }

    private static void arm(long k, Thread thread, @Nullable Runnable action) {
        if (!ENABLED)
            throw new IllegalStateException("Start the JVM with -Dinterlock.killpoints=true");
        KillPoints.only = thread;
        KillPoints.action = action;
        remaining = k;
    }

    /**
     * Stops counting.
     *
     * @return how many steps were still to come, had the operation gone on
     */
    public static long disarm() {
        long left = remaining;
        remaining = UNARMED;
        return left;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread counts
    private static void count() {
        if (remaining == UNARMED || Thread.currentThread() != only) return;
        if (--remaining > 0) return;
        remaining = UNARMED;
        Runnable last = action;
        if (last == null) Syscalls.killSelf();
        else last.run();
    }
}
