package dev.interlock.bench.worker;

import java.util.concurrent.TimeUnit;

/** What the workers of a pool are given to do. */
public final class PoolTasks {
    private static final long LONGER_THAN_ANYONE_WAITS_SECONDS = 60;

    private PoolTasks() {}

    /** Nothing. */
    public static int nothing() {
        return 0;
    }

    /** Nothing, of an item. */
    public static int same(int item) {
        return item;
    }

    /** Steps of a random generator, each of which needs the one before. */
    public static long compute(int steps) {
        long x = 1;
        for (int i = 0; i < steps; i++) x = x * 6364136223846793005L + (x >>> 33) + i;
        return x;
    }

    /** The time at which a task begins, for whoever has the same clock: all processes of a Linux machine. */
    public static long now() {
        return System.nanoTime();
    }

    /** Waits to be killed. */
    public static int sleep() throws InterruptedException {
        TimeUnit.SECONDS.sleep(LONGER_THAN_ANYONE_WAITS_SECONDS);
        return 0;
    }
}
