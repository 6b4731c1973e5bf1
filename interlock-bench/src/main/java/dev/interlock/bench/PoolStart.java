package dev.interlock.bench;

import static dev.interlock.bench.report.Result.OURS;

import dev.interlock.ChildProcess;
import dev.interlock.ProcessPool;
import dev.interlock.bench.report.Result;
import dev.interlock.bench.report.Target;
import dev.interlock.bench.report.Unit;
import dev.interlock.bench.worker.PoolTasks;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** From just before a pool of two workers is made to the result of its first task: by new JVMs, and by spare ones. */
final class PoolStart implements Benchmark {
    private static final int WORKERS = 2;
    private static final long SETTLED_MILLIS = 100;

    @Override
    public String name() {
        return "pool-start";
    }

    @Override
    public List<Result> run(Lab lab) throws Exception {
        boolean isCacheReady = ChildStart.awaitCache();
        Result cold = coldStart(lab, isCacheReady);
        try {
            return List.of(cold, spareStart(lab));
        } finally {
            ChildProcess.prestart(0).join();
        }
    }

    private Result coldStart(Lab lab, boolean isCacheReady) throws InterruptedException {
        Rounds rounds =
                new Rounds()
                        .withOne(OURS, PoolStart::startOurs)
                        .withOne(Peers.PYTHON_SPAWN_POOL, () -> python(lab, "spawn"))
                        .warmUps(1)
                        .run(lab.effort().starts());
        return result("a pool of two workers, from its making to its first result", rounds)
                .withTargets(Target.ratio(Peers.PYTHON_SPAWN_POOL, 1))
                .withNotes(ChildStart.cacheNote(isCacheReady));
    }

    private Result spareStart(Lab lab) throws InterruptedException {
        Rounds rounds =
                new Rounds()
                        .withOne(OURS, PoolStart::startOursBySpares)
                        .withOne(Peers.PYTHON_FORKSERVER_POOL, () -> python(lab, "forkserver"))
                        .warmUps(1)
                        .run(lab.effort().starts());
        return result("the same with two warm spares", rounds)
                .withTargets(Target.ratio(Peers.PYTHON_FORKSERVER_POOL, 1))
                .withNotes("Python's fork server is running when the clock is started.");
    }

    private Result result(String metric, Rounds rounds) {
        return Result.of(name(), metric, Unit.NANOS, rounds.series());
    }

    private static double[] startOurs() throws Exception {
        long start = System.nanoTime();
        try (ProcessPool pool = ProcessPool.of(WORKERS)) {
            pool.submit(PoolTasks::nothing).get();
            return new double[] {System.nanoTime() - start};
        }
    }

    private static double[] startOursBySpares() throws Exception {
        ChildProcess.prestart(WORKERS).join();
        TimeUnit.MILLISECONDS.sleep(SETTLED_MILLIS); // their start has used the machine
        return startOurs();
    }

    private static double[] python(Lab lab, String method) throws Exception {
        return lab.python().run("pool-start", method, 1);
    }
}
