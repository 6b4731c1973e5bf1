package dev.interlock.bench;

import static dev.interlock.bench.report.Result.OURS;

import dev.interlock.Region;
import dev.interlock.bench.jmh.LockPair;
import dev.interlock.bench.jmh.ReadPair;
import dev.interlock.bench.report.Result;
import dev.interlock.bench.report.Series;
import dev.interlock.bench.report.Target;
import dev.interlock.bench.report.Unit;
import dev.interlock.bench.worker.ContendedWorker.Step;
import java.time.Duration;
import java.util.List;

/**
 * Locking for reading: by one thread with nobody else in sight, where Java is measured by JMH, each round in a new JVM; and by two
 * processes at once, which should get twice as much done as one of them alone.
 */
final class ReadWrite implements Benchmark {
    private static final double PAIR_LIMIT = 1.5;
    private static final double SCALING_LIMIT = 1.7;

    @Override
    public String name() {
        return "read-write";
    }

    @Override
    public List<Result> run(Lab lab) throws Exception {
        return List.of(
                Result.of(name(), "lock and unlock for reading, one thread", Unit.NANOS, alone(lab))
                        .withTargets(Target.ratio(Peers.PLAIN_LOCK, PAIR_LIMIT)),
                Result.of(
                                name(),
                                "two processes that read, both together",
                                Unit.PER_SECOND,
                                together(lab))
                        .withTargets(Target.ratio(Peers.ONE_PROCESS, SCALING_LIMIT))
                        .withNotes(lab.twoCpus().text()));
    }

    private static List<Series> alone(Lab lab) throws InterruptedException {
        long millis = lab.effort().alone().toMillis();
        return new Rounds()
                .withOne(OURS, () -> lab.jmh().nanos(ReadPair.class, "interlock"))
                .withOne(Peers.PLAIN_LOCK, () -> lab.jmh().nanos(LockPair.class, "interlock"))
                .withOne(Peers.RWLOCK, () -> lab.c().run("alone", "read", millis))
                .withOne(
                        Peers.READ_WRITE_LOCK,
                        () -> lab.jmh().nanos(ReadPair.class, "reentrantReadWriteLock"))
                .run(lab.effort().rounds())
                .series();
    }

    private static List<Series> together(Lab lab) throws Exception {
        Duration time = lab.effort().contended();
        try (var region = Region.temporary();
                var ours = new Duel(lab, region, Step.INTERLOCK_READ);
                var threads = new Duel(lab, region, Step.READ_WRITE_LOCK)) {
            return new Rounds()
                    .withOne(OURS, () -> rate(ours.run(time, false)))
                    .withOne(Peers.ONE_PROCESS, () -> rate(ours.runFirst(time)))
                    .withOne(Peers.RWLOCK, () -> rate(c(lab, 2)))
                    .withOne(Peers.RWLOCK_ONE_PROCESS, () -> rate(c(lab, 1)))
                    .withOne(Peers.READ_WRITE_LOCK, () -> rate(threads.run(time, false)))
                    .warmUps(1)
                    .run(lab.effort().rounds())
                    .series();
        }
    }

    private static Duel.Outcome c(Lab lab, int parties) throws Exception {
        return Duel.Outcome.of(
                lab.c()
                        .run(
                                "contended",
                                "read",
                                lab.effort().contended().toMillis(),
                                lab.twoCpus().first(),
                                lab.twoCpus().second(),
                                0,
                                parties));
    }

    private static double[] rate(Duel.Outcome outcome) {
        return new double[] {outcome.total() / outcome.elapsedNanos() * 1e9};
    }
}
