package dev.interlock.bench.report;

import java.util.List;
import java.util.Optional;

/**
 * One table: one thing, measured of us and of others.
 *
 * @param benchmark the name by which it is asked for
 * @param metric what was measured
 * @param unit of all samples
 * @param series ours first
 * @param targets what we want to reach
 * @param notes what one must know to read the numbers
 */
public record Result(
        String benchmark,
        String metric,
        Unit unit,
        List<Series> series,
        List<Target> targets,
        List<String> notes) {
    /** The name under which our own series go. */
    public static final String OURS = "interlock";

    /** Copies the lists. */
    public Result {
        series = List.copyOf(series);
        targets = List.copyOf(targets);
        notes = List.copyOf(notes);
    }

    /** A result without targets and notes. */
    public static Result of(String benchmark, String metric, Unit unit, List<Series> series) {
        return new Result(benchmark, metric, unit, series, List.of(), List.of());
    }

    /** This result with targets. */
    public Result withTargets(Target... targets) {
        return new Result(benchmark, metric, unit, series, List.of(targets), notes);
    }

    /** This result with notes. */
    public Result withNotes(String... notes) {
        return new Result(benchmark, metric, unit, series, targets, List.of(notes));
    }

    /** Our own series. */
    public Series ours() {
        return series.getFirst();
    }

    /** The series of that party, if it took part. */
    public Optional<Series> of(String who) {
        return series.stream().filter(s -> s.who().equals(who)).findFirst();
    }

    /** The median of ours divided by that of the other. Not a number if one of them is missing. */
    public double ratioTo(Series other) {
        return ours().median() / other.median();
    }

    /** Whether a target was reached. */
    public Verdict judge(Target target) {
        double value =
                target.against() == null
                        ? ours().median()
                        : of(target.against()).map(this::ratioTo).orElse(Double.NaN);
        if (Double.isNaN(value)) return Verdict.UNKNOWN;
        boolean met = unit.smallerIsBetter() ? value <= target.limit() : value >= target.limit();
        return met ? Verdict.MET : Verdict.MISSED;
    }
}
