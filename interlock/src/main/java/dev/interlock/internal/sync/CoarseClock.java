package dev.interlock.internal.sync;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The time of day to about ten milliseconds, for a fraction of what reading the clock costs (as much as half an uncontended lock).
 * A thread refreshes it while it is asked often, and sleeps when it is not.
 */
final class CoarseClock {
    private static final long TICK_NANOS = 10_000_000;
    private static final int IDLE_TICKS = 20;
    private static final int OFTEN = 64;

    private static volatile long now; // 0 while the ticker sleeps; written by the ticker only
    private static boolean
            used; // set by readers, cleared by the ticker; a lost update only delays or ends the
    // ticking
    private static int
            asked; // how often the clock itself was read since the ticker slept; races lose counts,
    // harmlessly
    private static @Nullable Thread ticker;

    private CoarseClock() {}

    /** Milliseconds of the epoch. */
    static long millis() {
        long millis = now;
        if (millis == 0) return readClock();
        if (!used) used = true;
        return millis;
    }

    private static long readClock() {
        if (++asked >= OFTEN) startTicking();
        return System.currentTimeMillis();
    }

    private static synchronized void startTicking() {
        asked = 0;
        used = true;
        if (ticker == null) {
            ticker =
                    Thread.ofPlatform()
                            .daemon()
                            .name("interlock-clock")
                            .unstarted(CoarseClock::tick);
            ticker.start();
        } else {
            LockSupport.unpark(ticker);
        }
    }

    private static void tick() {
        int idle = 0;
        while (true) {
            if (used) {
                idle = 0;
                used = false;
            } else if (++idle == IDLE_TICKS) {
                now = 0;
                LockSupport.park(); // a spurious return costs one round
                idle = 0;
            }
            now = System.currentTimeMillis();
            LockSupport.parkNanos(TICK_NANOS);
        }
    }
}
