package dev.interlock.internal.os;

/**
 * Lets a crash test kill this process, as {@code kill -9} does, at the k-th step of an operation. Every store,
 * compare-and-set and call to the operating system that others can see is preceded by {@link #step()}. Without
 * {@code -Dinterlock.killpoints=true} the compiler removes all of it, and {@link Countdown}, which counts, is not even loaded.
 */
public final class KillPoints {
    /** Whether steps are counted at all. */
    public static final boolean ENABLED = Boolean.getBoolean("interlock.killpoints");

    private KillPoints() {}

    /** A step that others can see is about to be made. */
    public static void step() {
        if (ENABLED) Countdown.step();
    }

    /** From now on the process dies before the k-th step (1 is the next one) that the calling thread makes. */
    public static void dieAtStep(long k) {
        Countdown.toDeath(k);
    }

    /**
     * From now on {@code thread} runs the action, once, before the k-th step that it makes. For tests that watch another
     * thread, that stop the process instead of killing it, or that must not link native code.
     */
    public static void atStep(long k, Thread thread, Runnable action) {
        Countdown.arm(k, thread, action);
    }

    /**
     * Stops counting.
     *
     * @return how many steps were still to come, had the operation gone on
     */
    public static long disarm() {
        return Countdown.disarm();
    }
}
