package dev.interlock.bench.jmh;

/**
 * How often a benchmark does what it measures before JMH looks at its flag and counts. Both would be a tenth of what a few nanoseconds
 * are, and the peers in C look at the clock as rarely.
 */
final class Loop {
    static final int LENGTH = 1000;

    private Loop() {}
}
