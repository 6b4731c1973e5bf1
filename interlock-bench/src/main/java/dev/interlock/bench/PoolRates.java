package dev.interlock.bench;

import static dev.interlock.bench.report.Result.OURS;

import dev.interlock.PoolFuture;
import dev.interlock.PoolMapOptions;
import dev.interlock.ProcessPool;
import dev.interlock.bench.report.Result;
import dev.interlock.bench.report.Target;
import dev.interlock.bench.report.Unit;
import dev.interlock.bench.worker.PoolTasks;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a pool of two workers adds to its tasks: tasks that do nothing, one at a time and many at once, and items of a map. Ours is measured
 * when the JVMs have compiled what they run, Python's after its first tasks.
 */
final class PoolRates implements Benchmark {
    private static final int WORKERS = 2;
    private static final int WARM_UP_TURNS = 20;
    private static final int WARM_UP_MAPS = 3;
    private static final long REST_MILLIS = 2;
    private static final String WARM =
            "Ours after " + WARM_UP_TURNS + " turns that do not count, Python's after some tasks.";

    @Override
    public String name() {
        return "pool-rate";
    }

    @Override
    public List<Result> run(Lab lab) throws Exception {
        try (ProcessPool pool = ProcessPool.of(WORKERS)) {
            return List.of(
                    submits(lab, pool),
                    roundTrips(lab, pool),
                    roundTripsFromRest(lab, pool),
                    mapOneByOne(lab, pool),
                    mapAutomatically(lab, pool));
        }
    }

    private Result roundTrips(Lab lab, ProcessPool pool) throws Exception {
        int count = lab.effort().tasks() / 10;
        for (int i = 0; i < WARM_UP_TURNS; i++) trips(pool, count, 0);
        Rounds rounds =
                new Rounds()
                        .withOne(OURS, () -> trips(pool, count, 0))
                        .withOne(
                                Peers.PYTHON_EXECUTOR,
                                () -> lab.python().run("pool-trips", count, 0))
                        .run(lab.effort().rounds());
        return result("submit and get a task that does nothing", Unit.NANOS, rounds)
                .withTargets(Target.ratio(Peers.PYTHON_EXECUTOR, 0.25))
                .withNotes("One after the other. " + WARM);
    }

    private Result roundTripsFromRest(Lab lab, ProcessPool pool) throws InterruptedException {
        int count = lab.effort().handoffs();
        Rounds rounds =
                new Rounds()
                        .withOne(OURS, () -> trips(pool, count, REST_MILLIS))
                        .withOne(
                                Peers.PYTHON_EXECUTOR,
                                () -> lab.python().run("pool-trips", count, REST_MILLIS))
                        .run(lab.effort().rounds());
        return result("the same, with all asleep before it", Unit.NANOS, rounds)
                .withTargets(Target.ratio(Peers.PYTHON_EXECUTOR, 0.25))
                .withNotes(REST_MILLIS + " ms of rest before each.");
    }

    private Result submits(Lab lab, ProcessPool pool) throws Exception {
        int count = lab.effort().tasks();
        for (int i = 0; i < WARM_UP_TURNS; i++) submitRate(pool, count);
        Rounds rounds =
                new Rounds()
                        .withOne(OURS, () -> submitRate(pool, count))
                        .withOne(
                                Peers.PYTHON_EXECUTOR,
                                () -> lab.python().run("pool-submits", count))
                        .run(lab.effort().rounds());
        return result(count + " submits of a task that does nothing", Unit.PER_SECOND, rounds)
                .withTargets(Target.ratio(Peers.PYTHON_EXECUTOR, 10))
                .withNotes(WARM);
    }

    private Result mapOneByOne(Lab lab, ProcessPool pool) throws InterruptedException {
        int count = lab.effort().tasks();
        PoolMapOptions oneByOne = PoolMapOptions.defaults().chunkSize(1);
        for (int i = 0; i < WARM_UP_TURNS; i++) mapRate(pool, count, oneByOne);
        Rounds rounds =
                new Rounds()
                        .withOne(OURS, () -> mapRate(pool, count, oneByOne))
                        .withOne(Peers.PYTHON_POOL, () -> lab.python().run("pool-map", count, 1))
                        .run(lab.effort().rounds());
        return result("map of " + count + " items, chunk size 1", Unit.PER_SECOND, rounds)
                .withTargets(Target.ratio(Peers.PYTHON_POOL, 10))
                .withNotes(WARM);
    }

    private Result mapAutomatically(Lab lab, ProcessPool pool) throws InterruptedException {
        int count = lab.effort().items();
        for (int i = 0; i < WARM_UP_MAPS; i++) mapRate(pool, count, PoolMapOptions.defaults());
        Rounds rounds =
                new Rounds()
                        .withOne(OURS, () -> mapRate(pool, count, PoolMapOptions.defaults()))
                        .withOne(Peers.PYTHON_POOL, () -> lab.python().run("pool-map", count, 0))
                        .run(lab.effort().rounds());
        return result("map of " + count + " items, automatic chunks", Unit.PER_SECOND, rounds)
                .withTargets(Target.ratio(Peers.PYTHON_POOL, 2))
                .withNotes("Ours after " + WARM_UP_MAPS + " such maps, Python's after one.");
    }

    private Result result(String metric, Unit unit, Rounds rounds) {
        return Result.of(name(), metric, unit, rounds.series());
    }

    private static double[] trips(ProcessPool pool, int count, long restMillis) throws Exception {
        double[] nanos = new double[count];
        for (int i = 0; i < count; i++) {
            if (restMillis > 0) TimeUnit.MILLISECONDS.sleep(restMillis);
            long start = System.nanoTime();
            pool.submit(PoolTasks::nothing).get();
            nanos[i] = System.nanoTime() - start;
        }
        return nanos;
    }

    private static double[] submitRate(ProcessPool pool, int count) throws Exception {
        List<PoolFuture<Integer>> futures = new ArrayList<>(count);
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) futures.add(pool.submit(PoolTasks::nothing));
        for (Future<Integer> future : futures) future.get();
        return new double[] {perSecond(count, start)};
    }

    private static double[] mapRate(ProcessPool pool, int count, PoolMapOptions options) {
        long start = System.nanoTime();
        try (Stream<Integer> results =
                pool.map(PoolTasks::same, IntStream.range(0, count).boxed(), options)) {
            requireAll(results.toList(), count);
        }
        return new double[] {perSecond(count, start)};
    }

    private static void requireAll(List<Integer> results, int count) {
        if (results.size() != count || results.getLast() != count - 1)
            throw new IllegalStateException(results.size() + " results of " + count + " items");
    }

    private static double perSecond(int count, long startNanos) {
        return count * 1e9 / (System.nanoTime() - startNanos);
    }
}
