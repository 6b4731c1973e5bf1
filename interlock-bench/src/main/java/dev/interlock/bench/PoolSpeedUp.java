package dev.interlock.bench;

import static dev.interlock.bench.report.Result.OURS;

import dev.interlock.ProcessPool;
import dev.interlock.Task;
import dev.interlock.bench.report.Result;
import dev.interlock.bench.report.Target;
import dev.interlock.bench.report.Unit;
import dev.interlock.bench.worker.PoolTasks;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Tasks that compute, by two workers and by one; and by threads of one JVM, which shows what this machine's CPUs give at the moment. */
final class PoolSpeedUp implements Benchmark {
    private static final int TASKS = 20;
    private static final int WARM_UPS = 10; // until then, compilers take a tenth of the CPUs
    private static final String ONE_WORKER = "interlock, one worker";

    @Override
    public String name() {
        return "pool-speed-up";
    }

    @Override
    public List<Result> run(Lab lab) throws Exception {
        int steps = lab.effort().taskSteps();
        try (ProcessPool two = ProcessPool.of(2);
                ProcessPool one = ProcessPool.of(1);
                ExecutorService twoThreads = Executors.newFixedThreadPool(2);
                ExecutorService oneThread = Executors.newFixedThreadPool(1)) {
            Rounds rounds =
                    new Rounds()
                            .withOne(OURS, () -> rate(two, steps))
                            .withOne(ONE_WORKER, () -> rate(one, steps))
                            .withOne("two threads", () -> rate(twoThreads, steps))
                            .withOne("one thread", () -> rate(oneThread, steps));
            rounds.warmUps(WARM_UPS).run(lab.effort().rounds());
            return List.of(
                    Result.of(
                                    name(),
                                    "tasks that compute, by two workers",
                                    Unit.PER_SECOND,
                                    rounds.series())
                            .withTargets(Target.ratio(ONE_WORKER, 1.8))
                            .withNotes("Two need two CPUs that do nothing else."));
        }
    }

    private static double[] rate(ExecutorService executor, int steps) throws Exception {
        Task<Long> task = () -> PoolTasks.compute(steps);
        List<Future<Long>> futures = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < TASKS; i++) futures.add(executor.submit(task));
        for (Future<Long> future : futures) future.get();
        return new double[] {TASKS * 1e9 / (System.nanoTime() - start)};
    }
}
