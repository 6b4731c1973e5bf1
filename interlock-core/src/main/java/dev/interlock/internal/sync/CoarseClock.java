package dev.interlock.internal.sync;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The time of day to about ten milliseconds, for next to nothing; reading the real clock costs four uncontended locks. A thread
 * refreshes it while it is asked often, and sleeps without a deadline when it is not.
 */
final class CoarseClock {
    private static final long TICK_NANOS = 10_000_000;
    private static final int IDLE_TICKS = 20;
    private static final int OFTEN = 64;

    /**
     * Milliseconds of the epoch, or 0 while nobody refreshes it. For comparing with what {@link #millis()} gave last; not volatile,
     * as all readers stand behind a compare-and-set.
     */
    static long now; // written by the ticker only

    /** Set by askers, cleared by the ticker. A lost update delays or ends the ticking, no more. */
    private static boolean used;

    /** How often the real clock was read since the ticker slept. Races lose counts, harmlessly. */
    private static int asked;

    private static @Nullable Thread ticker;

    private CoarseClock() {}

    /** Milliseconds of the epoch, never 0. */
    static long millis() {
        long millis = now;
        if (millis == 0) return readClock();
        used = true;
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
        while (true) { // as long as the JVM
            idle = used ? 0 : idle + 1;
            used = false;
            if (idle == IDLE_TICKS) {
                now = 0;
                LockSupport.park(); // a spurious return costs some ticks
                idle = 0;
            }
            now = System.currentTimeMillis();
            LockSupport.parkNanos(TICK_NANOS);
        }
    }
}
