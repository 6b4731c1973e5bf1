package dev.interlock.bench.report;

import org.jspecify.annotations.Nullable;

/**
 * What we want to reach.
 *
 * @param against the party that we compare with, or null if the limit is in the unit of the result
 * @param limit of ours divided by theirs, or of ours; an upper one if smaller is better, else a lower one
 */
public record Target(@Nullable String against, double limit) {
    /** A limit for ours divided by theirs. */
    public static Target ratio(String against, double limit) {
        return new Target(against, limit);
    }

    /** A limit for ours alone. */
    public static Target absolute(double limit) {
        return new Target(null, limit);
    }

    /** The limit, for people. */
    public String text(Unit unit) {
        String sign = unit.smallerIsBetter() ? "≤ " : "≥ ";
        return sign + (against == null ? unit.format(limit) : Unit.digits(limit) + " ×");
    }
}
