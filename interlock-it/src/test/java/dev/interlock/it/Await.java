package dev.interlock.it;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waiting for conditions under a watchdog. */
final class Await {
    /** How long anything may take on a machine that does other things too. */
    static final Duration WATCHDOG =
            Duration.ofSeconds(Integer.getInteger("interlock.it.watchdog", 90));

    /** Fewer looks within that time mean that this process stood still, and with it all that it waits for. */
    private static final int LEAST_LOOKS = 1000;

    private Await() {}

    /** Waits until the condition holds; after {@link #WATCHDOG} fails with all that is known of the test's processes. */
    static void until(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + WATCHDOG.toNanos();
        long pause = 100_000;
        for (int looks = 0; !condition.call(); looks++) {
            if (looks >= LEAST_LOOKS && System.nanoTime() > end)
                throw Diagnosis.failure("waited in vain until " + what);
            LockSupport.parkNanos(pause);
            pause = Math.min(2 * pause, 20_000_000);
        }
    }

    static void sleep(long millis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(millis);
    }
}
