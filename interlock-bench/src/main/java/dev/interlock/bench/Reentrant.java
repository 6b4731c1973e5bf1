package dev.interlock.bench;

import static dev.interlock.bench.report.Result.OURS;

import dev.interlock.bench.jmh.LockPair;
import dev.interlock.bench.jmh.ReentrantPair;
import dev.interlock.bench.report.Result;
import dev.interlock.bench.report.Target;
import dev.interlock.bench.report.Unit;
import java.util.List;

/** Lock and unlock of a reentrant lock with nobody else in sight. Java is measured by JMH, each round in a new JVM. */
final class Reentrant implements Benchmark {
    private static final double LIMIT = 1.3;

    @Override
    public String name() {
        return "reentrant";
    }

    @Override
    public List<Result> run(Lab lab) throws Exception {
        long millis = lab.effort().alone().toMillis();
        Rounds rounds =
                new Rounds()
                        .withOne(OURS, () -> lab.jmh().nanos(ReentrantPair.class, "interlock"))
                        .withOne(
                                Peers.PLAIN_LOCK,
                                () -> lab.jmh().nanos(LockPair.class, "interlock"))
                        .withOne(
                                Peers.RECURSIVE_MUTEX,
                                () -> lab.c().run("alone", "recursive", millis))
                        .withOne(
                                Peers.REENTRANT_LOCK,
                                () -> lab.jmh().nanos(LockPair.class, "reentrantLock"))
                        .withOne(Peers.PYTHON_RLOCK, () -> lab.python().run("rlock-alone", millis))
                        .run(lab.effort().rounds());
        return List.of(
                Result.of(
                                name(),
                                "lock and unlock of a reentrant lock, one thread",
                                Unit.NANOS,
                                rounds.series())
                        .withTargets(Target.ratio(Peers.PLAIN_LOCK, LIMIT)));
    }
}
