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

    private Await() {}

    /** Waits until the condition holds; after {@link #WATCHDOG} fails with all that is known of the test's processes. */
    static void until(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + WATCHDOG.toNanos();
        for (long pause = 100_000; !condition.call(); pause = Math.min(2 * pause, 20_000_000)) {
            if (System.nanoTime() > end) throw Diagnosis.failure("waited in vain until " + what);
            LockSupport.parkNanos(pause);
        }
    }

    static void sleep(long millis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(millis);
    }
}
