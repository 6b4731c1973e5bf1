package dev.interlock.internal.process;

import java.time.Duration;

/** Durations as nanoseconds. */
final class Waiting {
    private Waiting() {}

    /** At least zero; 292 years for anything longer. */
    static long nanos(Duration timeout) {
        if (timeout.isNegative()) return 0;
        try {
            return timeout.toNanos();
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }
}
