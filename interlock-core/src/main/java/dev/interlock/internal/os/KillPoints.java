package dev.interlock.internal.os;

/**
 * Lets a crash test kill this process, as {@code kill -9} does, at the k-th step of an operation. Every store,
 * compare-and-set and call to the operating system that others can see is preceded by {@link #step()}. Without
 * {@code -Dinterlock.killpoints=true} the compiler removes all of it.
 */
public final class KillPoints {
    /** Whether steps are counted at all. */
    public static final boolean ENABLED = Boolean.getBoolean("interlock.killpoints");

    private static volatile long remaining = Long.MAX_VALUE;
    private static volatile Thread only = Thread.currentThread();

    private KillPoints() {}

    /** A step that others can see is about to be made. */
    public static void step() {
        if (ENABLED) count();
    }

    /** From now on the process dies before the k-th step (1 is the next one) that the calling thread makes. */
    public static void dieAtStep(long k) {
        if (!ENABLED || !Syscalls.linkNow())
            throw new IllegalStateException("Start the JVM with -Dinterlock.killpoints=true");
        only = Thread.currentThread();
        remaining = k;
    }

    /**
     * Stops counting.
     *
     * @return how many steps were still to come, had the operation gone on
     */
    public static long disarm() {
        long left = remaining;
        remaining = Long.MAX_VALUE;
        return left;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread counts
    private static void count() {
        if (remaining == Long.MAX_VALUE || Thread.currentThread() != only) return;
        if (--remaining == 0) Syscalls.killSelf();
    }
}
