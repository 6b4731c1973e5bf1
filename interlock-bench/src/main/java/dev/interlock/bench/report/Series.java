package dev.interlock.bench.report;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.stat.StatUtils;
import org.jspecify.annotations.Nullable;

/**
 * All that was measured of one party.
 *
 * @param who the party
 * @param samples in the order in which they were taken; empty if there are none
 * @param missing why there are none, or null
 */
public record Series(String who, List<Double> samples, @Nullable String missing) {
    /** Copies the samples. */
    public Series {
        samples = List.copyOf(samples);
    }

    /** A party that was measured. */
    public static Series of(String who, double... samples) {
        return new Series(who, Arrays.stream(samples).boxed().toList(), null);
    }

    /** A party that could not be measured. */
    public static Series missing(String who, String reason) {
        return new Series(who, List.of(), reason);
    }

    /** Whether there is anything to show. */
    public boolean isMeasured() {
        return !samples.isEmpty();
    }

    /** The middle one, or not a number if there are none. */
    public double median() {
        return percentile(50);
    }

    /** What that percentage of the samples does not exceed, interpolated; not a number if there are none. */
    public double percentile(double percent) {
        return StatUtils.percentile(
                samples.stream().mapToDouble(Double::doubleValue).toArray(), percent);
    }
}
