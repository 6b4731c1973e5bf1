package dev.interlock.bench;

import static dev.interlock.bench.report.Result.OURS;

import dev.interlock.Region;
import dev.interlock.bench.jmh.LockPair;
import dev.interlock.bench.report.Result;
import dev.interlock.bench.report.Target;
import dev.interlock.bench.report.Unit;
import dev.interlock.bench.worker.ManyLocksWorker;
import dev.interlock.bench.worker.OpenRegionMain;
import dev.interlock.bench.worker.Worker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Very many locks in one region: what one costs to make, whether the others make it slower to use, and how long a new process takes
 * to attach to them all and use one that it knows by name.
 */
final class ManyLocks implements Benchmark {
    private static final String ONE_LOCK = "interlock, one lock";
    private static final int PYTHON_LOCKS =
            1000; // each is a mapping, of which a process may have 65530
    private static final double CREATE_NANOS = 5e3;
    private static final double ATTACH_NANOS = 20e6;
    private static final double NO_SLOWER = 1.05; // as far as one can tell

    @Override
    public String name() {
        return "many-locks";
    }

    @Override
    public List<Result> run(Lab lab) throws Exception {
        int locks = lab.effort().locks();
        Rounds pairs =
                new Rounds()
                        .withOne(
                                OURS,
                                () -> lab.jmh().nanos(LockPair.class, "interlock", "locks", locks))
                        .withOne(
                                ONE_LOCK,
                                () -> lab.jmh().nanos(LockPair.class, "interlock", "locks", 1))
                        .run(lab.effort().rounds());
        List<Result> results = new ArrayList<>();
        results.add(create(lab, "unnamed"));
        results.add(create(lab, "named"));
        results.add(
                Result.of(name(), "lock and unlock, one of " + locks, Unit.NANOS, pairs.series())
                        .withTargets(Target.ratio(ONE_LOCK, NO_SLOWER)));
        results.addAll(attach(lab));
        return results;
    }

    private Result create(Lab lab, String kind) throws InterruptedException {
        int locks = lab.effort().locks();
        Rounds rounds =
                new Rounds()
                        .withOne(OURS, () -> new double[] {createOurs(kind, locks)})
                        .withOne(Peers.MUTEX, () -> lab.c().run("create", "normal", locks))
                        .withOne(
                                Peers.PYTHON_LOCK,
                                () -> lab.python().run("create", Math.min(locks, PYTHON_LOCKS)))
                        .run(lab.effort().rounds());
        return Result.of(
                        name(),
                        "making one of " + locks + " locks, " + kind,
                        Unit.NANOS,
                        rounds.series())
                .withTargets(Target.absolute(CREATE_NANOS))
                .withNotes(
                        "Each round in a new JVM, from the first lock on. Python makes "
                                + PYTHON_LOCKS
                                + " at most.");
    }

    private double createOurs(String kind, int locks) throws IOException, InterruptedException {
        String regionName = Lab.regionName(name());
        try (var worker = Worker.start(ManyLocksWorker.class, regionName)) {
            return worker.ask("create " + kind + " " + locks)[0] / locks;
        } finally {
            Region.unlink(regionName);
        }
    }

    private List<Result> attach(Lab lab) throws IOException, InterruptedException {
        int locks = lab.effort().locks();
        String many = Lab.regionName(name());
        String one = Lab.regionName(name() + "-one");
        try (var manyWorker = Worker.start(ManyLocksWorker.class, many);
                var oneWorker = Worker.start(ManyLocksWorker.class, one)) {
            manyWorker.ask("create named " + locks);
            oneWorker.ask("create named 1");
            Rounds rounds =
                    new Rounds()
                            .with(OURS, () -> attach(many, ManyLocksWorker.lockName(locks - 1)))
                            .with(ONE_LOCK, () -> attach(one, ManyLocksWorker.lockName(0)))
                            .warmUps(1)
                            .run(lab.effort().starts());
            String attach = "a new process attaches to " + locks;
            return List.of(
                    Result.of(name(), attach, Unit.NANOS, rounds.series(0))
                            .withTargets(Target.absolute(ATTACH_NANOS)),
                    Result.of(
                            name(),
                            attach + " and uses one by name",
                            Unit.NANOS,
                            rounds.series(1)));
        } finally {
            Region.unlink(many);
            Region.unlink(one);
        }
    }

    private static double[][] attach(String region, String lock)
            throws IOException, InterruptedException {
        try (var worker = Worker.start(OpenRegionMain.class, region, lock)) {
            double[] told = worker.answer();
            worker.awaitEnd();
            return new double[][] {{told[2]}, {told[3]}};
        }
    }
}
