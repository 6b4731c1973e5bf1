package dev.interlock.bench;

import static dev.interlock.bench.report.Result.OURS;

import dev.interlock.PoolFuture;
import dev.interlock.PoolStatistics;
import dev.interlock.PoolStatistics.State;
import dev.interlock.ProcessDiedException;
import dev.interlock.ProcessPool;
import dev.interlock.bench.report.Result;
import dev.interlock.bench.report.Series;
import dev.interlock.bench.report.Target;
import dev.interlock.bench.report.Unit;
import dev.interlock.bench.worker.BareMain;
import dev.interlock.bench.worker.PoolTasks;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * From just before {@code kill -9} of the only worker to the failure of the task that it ran, and to the first line of the next task in
 * the worker that takes its place.
 */
final class PoolDeath implements Benchmark {
    private static final String BARE = "bare JVM";
    private static final double LIMIT_NANOS = 20e6;
    private static final long SETTLED_MILLIS = 300; // a worker that has been running for a while
    private static final long LONGEST_START_SECONDS = 30;

    @Override
    public String name() {
        return "pool-death";
    }

    @Override
    public List<Result> run(Lab lab) throws Exception {
        boolean isCacheReady = ChildStart.awaitCache();
        try (ProcessPool pool = ProcessPool.of(1);
                ProcessPool withSpare = ProcessPool.builder().workers(1).spares(1).start()) {
            Rounds rounds =
                    new Rounds()
                            .with(OURS, () -> kill(pool, 0))
                            .with("with a spare", () -> kill(withSpare, 1))
                            .withOne(BARE, () -> new double[] {StartTime.measure(BareMain.class)})
                            .warmUps(1)
                            .run(lab.effort().recoveries());
            return List.of(
                    failure(rounds.series(0)),
                    replacement(rounds.series(1), rounds.series(0).getLast(), isCacheReady),
                    spareReplacement(rounds.series(1), rounds.series(0).getLast()));
        }
    }

    private Result failure(List<Series> series) {
        return Result.of(
                        name(),
                        "kill -9 of a worker to the failure of its task",
                        Unit.NANOS,
                        List.of(series.getFirst()))
                .withTargets(Target.absolute(LIMIT_NANOS))
                .withNotes("Python's Pool never tells; its executor fails all its tasks.");
    }

    private Result replacement(List<Series> series, Series bare, boolean isCacheReady) {
        return Result.of(
                        name(),
                        "kill -9 of a worker to the next task's first line in another",
                        Unit.NANOS,
                        List.of(series.getFirst(), bare))
                .withTargets(Target.ratio(BARE, 1))
                .withNotes(ChildStart.cacheNote(isCacheReady));
    }

    private Result spareReplacement(List<Series> series, Series bare) {
        Series spare = series.get(1);
        return Result.of(
                        name(),
                        "the same in a pool with a spare",
                        Unit.NANOS,
                        List.of(new Series(OURS, spare.samples(), spare.missing()), bare))
                .withTargets(Target.ratio(BARE, 1));
    }

    /* The next task is in the queue already, so nothing but the worker is waited for. */
    private static double[][] kill(ProcessPool pool, int spares) throws Exception {
        awaitWorkers(pool, spares, worker -> worker.state() == State.SPARE);
        PoolFuture<Integer> victim = pool.submit(PoolTasks::sleep);
        PoolStatistics.Worker worker =
                awaitWorkers(pool, 1, w -> w.state() == State.RUNNING).getFirst();
        PoolFuture<Long> next = pool.submit(PoolTasks::now);
        TimeUnit.MILLISECONDS.sleep(SETTLED_MILLIS);
        ProcessHandle process = ProcessHandle.of(worker.pid()).orElseThrow();
        long killed = System.nanoTime();
        process.destroyForcibly();
        requireDeath(victim);
        long failed = System.nanoTime();
        return new double[][] {{failed - killed}, {next.get() - killed}};
    }

    private static void requireDeath(PoolFuture<Integer> victim) throws InterruptedException {
        try {
            victim.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProcessDiedException) return;
            throw new IllegalStateException("The task failed in another way", e);
        }
        throw new IllegalStateException("The task did not fail, though its worker was killed");
    }

    private static List<PoolStatistics.Worker> awaitWorkers(
            ProcessPool pool, int count, Predicate<PoolStatistics.Worker> condition)
            throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_START_SECONDS);
        while (true) {
            List<PoolStatistics.Worker> workers =
                    new ArrayList<>(
                            pool.statistics().workers().stream().filter(condition).toList());
            if (workers.size() >= count) return workers;
            if (System.nanoTime() > end)
                throw new IllegalStateException("The workers are " + pool.statistics());
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }
}
