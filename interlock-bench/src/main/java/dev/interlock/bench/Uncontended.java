package dev.interlock.bench;

import static dev.interlock.bench.report.Result.OURS;

import dev.interlock.bench.jmh.LockPair;
import dev.interlock.bench.report.Result;
import dev.interlock.bench.report.Target;
import dev.interlock.bench.report.Unit;
import java.util.List;

/** Lock and unlock with nobody else in sight. Java is measured by JMH, each round in a new JVM. */
final class Uncontended implements Benchmark {
    @Override
    public String name() {
        return "uncontended";
    }

    @Override
    public List<Result> run(Lab lab) throws Exception {
        long millis = lab.effort().alone().toMillis();
        Rounds rounds =
                new Rounds()
                        .withOne(OURS, () -> lab.jmh().nanos(LockPair.class, "interlock"))
                        .withOne(Peers.MUTEX, () -> lab.c().run("alone", "normal", millis))
                        .withOne(Peers.ROBUST_MUTEX, () -> lab.c().run("alone", "robust", millis))
                        .withOne(Peers.FUTEX, () -> lab.c().run("alone", "futex", millis))
                        .withOne(
                                Peers.REENTRANT_LOCK,
                                () -> lab.jmh().nanos(LockPair.class, "reentrantLock"))
                        .withOne(Peers.FILE_LOCK, () -> lab.jmh().nanos(LockPair.class, "fileLock"))
                        .withOne(Peers.PYTHON_LOCK, () -> lab.python().run("lock-alone", millis))
                        .run(lab.effort().rounds());
        return List.of(
                Result.of(name(), "lock and unlock, one thread", Unit.NANOS, rounds.series())
                        .withTargets(
                                Target.ratio(Peers.MUTEX, 1.2),
                                Target.ratio(Peers.REENTRANT_LOCK, 2)));
    }
}
