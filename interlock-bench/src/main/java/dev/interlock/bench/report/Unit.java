package dev.interlock.bench.report;

import java.util.Locale;

/** What the numbers of a result are, and which of two is the better one. */
public enum Unit {
    /** Nanoseconds; fewer are better. */
    NANOS("ns", true, "ns µs ms s"),
    /** How often per second; more is better. */
    PER_SECOND("1/s", false, "/s k/s M/s G/s"),
    /** Bytes per second; more are better. */
    BYTES_PER_SECOND("B/s", false, "B/s kB/s MB/s GB/s"),
    /** Bytes; fewer are better. */
    BYTES("B", true, "B kB MB GB"),
    /** A part of a whole, 0 to 1; more is better. */
    SHARE("share", false, "share");

    private final String symbol;
    private final boolean smallerIsBetter;
    private final String steps; // symbols, each a thousand times the one before

    Unit(String symbol, boolean smallerIsBetter, String steps) {
        this.symbol = symbol;
        this.smallerIsBetter = smallerIsBetter;
        this.steps = steps;
    }

    /** As it is written in JSON, where numbers are never scaled. */
    public String symbol() {
        return symbol;
    }

    /** Whether a smaller number is the better one. */
    public boolean smallerIsBetter() {
        return smallerIsBetter;
    }

    /** Three digits and the unit that fits. */
    public String format(double value) {
        if (this == SHARE) return digits(value * 100) + " %";
        String[] symbols = steps.split(" ", -1);
        int step = 0;
        double scaled = value;
        while (Math.abs(scaled) >= 999.5 && step < symbols.length - 1) {
            scaled /= 1000;
            step++;
        }
        return digits(scaled) + " " + symbols[step];
    }

    /** A number with three digits. */
    static String digits(double value) {
        double size = Math.abs(value);
        int decimals = size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
