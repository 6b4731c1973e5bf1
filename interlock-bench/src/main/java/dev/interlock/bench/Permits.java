package dev.interlock.bench;

import static dev.interlock.bench.report.Result.OURS;

import dev.interlock.bench.jmh.SemaphorePair;
import dev.interlock.bench.report.Result;
import dev.interlock.bench.report.Target;
import dev.interlock.bench.report.Unit;
import java.util.List;

/**
 * A permit acquired and released with nobody else in sight. Java is measured by JMH, each round in a new JVM. Our usual semaphore
 * knows which process holds how many permits; next to it is the unowned one, which does not, as that of C.
 */
final class Permits implements Benchmark {
    private static final double LIMIT = 1.5;

    @Override
    public String name() {
        return "semaphore";
    }

    @Override
    public List<Result> run(Lab lab) throws Exception {
        long millis = lab.effort().alone().toMillis();
        Rounds rounds =
                new Rounds()
                        .withOne(OURS, () -> lab.jmh().nanos(SemaphorePair.class, "interlock"))
                        .withOne(
                                Peers.UNOWNED,
                                () -> lab.jmh().nanos(SemaphorePair.class, "interlockUnowned"))
                        .withOne(Peers.SEM_T, () -> lab.c().run("alone", "semaphore", millis))
                        .withOne(
                                Peers.SEMAPHORE,
                                () -> lab.jmh().nanos(SemaphorePair.class, "semaphore"))
                        .withOne(
                                Peers.PYTHON_SEMAPHORE,
                                () -> lab.python().run("semaphore-alone", millis))
                        .run(lab.effort().rounds());
        return List.of(
                Result.of(
                                name(),
                                "acquire and release of a permit, one thread",
                                Unit.NANOS,
                                rounds.series())
                        .withTargets(Target.ratio(Peers.SEM_T, LIMIT)));
    }
}
