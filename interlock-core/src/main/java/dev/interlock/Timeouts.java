package dev.interlock;

import java.time.Duration;

/** Public durations, and the one kind of deadline that is used inside: nanoseconds on the monotonic clock. */
final class Timeouts {
    private Timeouts() {}

    /** Durations of more than 292 years are that long. */
    static long toNanos(Duration timeout) {
        try {
            return timeout.toNanos();
        } catch (ArithmeticException e) {
            return timeout.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    static long deadline(long nanos) {
        long deadline = System.nanoTime() + nanos;
        return deadline < 0 && nanos > 0 ? Long.MAX_VALUE : deadline;
    }
}
