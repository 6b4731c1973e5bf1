package dev.interlock.bench;

import static dev.interlock.bench.report.Result.OURS;

import dev.interlock.Region;
import dev.interlock.bench.report.Result;
import dev.interlock.bench.report.Series;
import dev.interlock.bench.report.Target;
import dev.interlock.bench.report.Unit;
import dev.interlock.bench.worker.ContendedWorker.Step;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Two processes that do nothing but take one lock, add one to a shared counter, and release it. The counter must be right in the end.
 * Three things are of interest: how much they get done together, how fair that is, and how long the unluckiest had to wait. The
 * longest wait is taken in a run of its own, in which every acquisition is timed, in C as in Java.
 */
final class Contended implements Benchmark {
    private static final int LONG_RUNS = 3;
    private static final int RATE = 0;
    private static final int SMALLER_SHARE = 1;
    private static final int LONGEST_WAIT = 2;

    @Override
    public String name() {
        return "contended";
    }

    @Override
    public List<Result> run(Lab lab) throws Exception {
        try (var region = Region.temporary();
                var ours = new Duel(lab, region, Step.INTERLOCK);
                var files = new Duel(lab, region, Step.FILE_LOCK);
                var threads = new Duel(lab, region, Step.REENTRANT_LOCK)) {
            Duration time = lab.effort().contended();
            ours.run(time, false);
            threads.run(time, false); // for the compiler
            Rounds rounds =
                    new Rounds()
                            .with(OURS, () -> rates(ours.run(time, false)))
                            .with(Peers.MUTEX, () -> rates(c(lab, "normal", time, false)))
                            .with(Peers.ROBUST_MUTEX, () -> rates(c(lab, "robust", time, false)))
                            .with(Peers.FUTEX, () -> rates(c(lab, "futex", time, false)))
                            .with(Peers.REENTRANT_LOCK, () -> rates(threads.run(time, false)))
                            .with(Peers.FILE_LOCK, () -> rates(files.run(time, false)))
                            .with(Peers.PYTHON_LOCK, () -> rates(python(lab, time)))
                            .run(lab.effort().rounds());
            List<Series> waits = longestWaits(lab, ours);
            String placement = lab.twoCpus().text();
            return List.of(
                    Result.of(
                                    name(),
                                    "two processes, both together",
                                    Unit.PER_SECOND,
                                    rounds.series(RATE))
                            .withTargets(Target.ratio(Peers.MUTEX, 0.8))
                            .withNotes(placement),
                    Result.of(
                                    name(),
                                    "two processes, share of the one that got less",
                                    Unit.SHARE,
                                    rounds.series(SMALLER_SHARE))
                            .withTargets(Target.absolute(0.2)),
                    Result.of(
                                    name(),
                                    "two processes, longest wait in "
                                            + lab.effort().longestWait().toMillis() / 1e3
                                            + " s",
                                    Unit.NANOS,
                                    waits)
                            .withTargets(Target.absolute(50e6)));
        }
    }

    private static List<Series> longestWaits(Lab lab, Duel ours)
            throws IOException, InterruptedException {
        ours.run(lab.effort().contended(), true); // for the compiler
        Duration time = lab.effort().longestWait();
        return new Rounds()
                .with(OURS, () -> rates(ours.run(time, true)))
                .with(Peers.MUTEX, () -> rates(c(lab, "normal", time, true)))
                .run(Math.min(LONG_RUNS, lab.effort().rounds()))
                .series(LONGEST_WAIT);
    }

    private static Duel.Outcome c(Lab lab, String kind, Duration time, boolean timed)
            throws Exception {
        return Duel.Outcome.of(
                lab.c()
                        .run(
                                "contended",
                                kind,
                                time.toMillis(),
                                lab.twoCpus().first(),
                                lab.twoCpus().second(),
                                timed ? 1 : 0));
    }

    private static Duel.Outcome python(Lab lab, Duration time) throws Exception {
        return Duel.Outcome.of(
                lab.python()
                        .run(
                                "contended",
                                time.toMillis(),
                                lab.twoCpus().first(),
                                lab.twoCpus().second()));
    }

    private static double[][] rates(Duel.Outcome outcome) {
        return new double[][] {
            {outcome.total() / outcome.elapsedNanos() * 1e9},
            {Math.min(outcome.first(), outcome.second()) / outcome.total()},
            {outcome.longestWaitNanos()}
        };
    }
}
