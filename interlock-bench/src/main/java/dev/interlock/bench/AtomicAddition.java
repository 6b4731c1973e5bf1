package dev.interlock.bench;

import static dev.interlock.bench.report.Result.OURS;

import dev.interlock.Region;
import dev.interlock.bench.jmh.AtomicAdd;
import dev.interlock.bench.report.Result;
import dev.interlock.bench.report.Series;
import dev.interlock.bench.report.Target;
import dev.interlock.bench.report.Unit;
import dev.interlock.bench.worker.ContendedWorker.Step;
import java.time.Duration;
import java.util.List;

/**
 * One atomic addition whose old value is used. Alone it is measured by JMH, each round in a new JVM; contended, two processes add to
 * the same value, and the figure is how long each of them took for one addition.
 */
final class AtomicAddition implements Benchmark {
    private static final double LIMIT = 1.3;

    @Override
    public String name() {
        return "atomic-add";
    }

    @Override
    public List<Result> run(Lab lab) throws Exception {
        return List.of(
                Result.of(name(), "SharedLong.getAndAdd, alone", Unit.NANOS, alone(lab))
                        .withTargets(Target.ratio(Peers.ATOMIC_ADD, LIMIT)),
                Result.of(
                                name(),
                                "SharedLong.getAndAdd, two processes at once",
                                Unit.NANOS,
                                contended(lab))
                        .withTargets(Target.ratio(Peers.ATOMIC_ADD, LIMIT))
                        .withNotes(lab.twoCpus().text()));
    }

    private static List<Series> alone(Lab lab) throws InterruptedException {
        long millis = lab.effort().alone().toMillis();
        return new Rounds()
                .withOne(OURS, () -> lab.jmh().nanos(AtomicAdd.class, "interlock"))
                .withOne(Peers.ATOMIC_ADD, () -> lab.c().run("alone", "add", millis))
                .withOne(Peers.ATOMIC_LONG, () -> lab.jmh().nanos(AtomicAdd.class, "atomicLong"))
                .withOne(Peers.PYTHON_VALUE, () -> lab.python().run("add-alone", millis))
                .run(lab.effort().rounds())
                .series();
    }

    private static List<Series> contended(Lab lab) throws Exception {
        Duration time = lab.effort().contended();
        try (var region = Region.temporary();
                var ours = new Duel(lab, region, Step.INTERLOCK_ADD);
                var threads = new Duel(lab, region, Step.ATOMIC_LONG)) {
            return new Rounds()
                    .withOne(OURS, () -> nanosEach(ours.run(time, false)))
                    .withOne(Peers.ATOMIC_ADD, () -> nanosEach(c(lab, time)))
                    .withOne(Peers.ATOMIC_LONG, () -> nanosEach(threads.run(time, false)))
                    .warmUps(1)
                    .run(lab.effort().rounds())
                    .series();
        }
    }

    private static Duel.Outcome c(Lab lab, Duration time) throws Exception {
        return Duel.Outcome.of(
                lab.c()
                        .run(
                                "contended",
                                "add",
                                time.toMillis(),
                                lab.twoCpus().first(),
                                lab.twoCpus().second(),
                                0));
    }

    private static double[] nanosEach(Duel.Outcome outcome) {
        return new double[] {2 * outcome.elapsedNanos() / outcome.total()};
    }
}
