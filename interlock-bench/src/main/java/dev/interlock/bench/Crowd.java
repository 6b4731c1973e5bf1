package dev.interlock.bench;

import static dev.interlock.bench.report.Result.OURS;

import dev.interlock.Region;
import dev.interlock.SharedEvent;
import dev.interlock.bench.report.Result;
import dev.interlock.bench.report.Target;
import dev.interlock.bench.report.Unit;
import dev.interlock.bench.worker.CrowdWorker;
import dev.interlock.bench.worker.Worker;
import java.io.IOException;
import java.util.List;

/**
 * One process sets an event for which many threads of another one wait: from just before it does until the last of them is awake.
 * For the latch of the JDK both are one process.
 */
final class Crowd implements Benchmark {
    private static final double LIMIT = 2;
    private static final long ASLEEP_MILLIS = 20;
    private static final int WARM_UPS = 4; // times as many sets, for the compiler

    @Override
    public String name() {
        return "event";
    }

    @Override
    public List<Result> run(Lab lab) throws Exception {
        int sleepers = lab.effort().sleepers();
        int sets = lab.effort().sets();
        try (var region = Region.temporary()) {
            var event = region.event();
            try (var worker = Worker.start(CrowdWorker.class, event, String.valueOf(sleepers))) {
                set(worker, event, WARM_UPS * sets);
                openLatch(worker, WARM_UPS * sets);
                Rounds rounds =
                        new Rounds()
                                .withOne(OURS, () -> set(worker, event, sets))
                                .withOne(
                                        Peers.FUTEX,
                                        () -> lab.c().run("crowd", "futex", sleepers, sets))
                                .withOne(
                                        Peers.C_CONDITION,
                                        () -> lab.c().run("crowd", "condition", sleepers, sets))
                                .withOne(Peers.LATCH, () -> openLatch(worker, sets))
                                .withOne(
                                        Peers.PYTHON_EVENT,
                                        () -> lab.python().run("crowd", sleepers, 1))
                                .warmUps(1)
                                .run(lab.effort().rounds());
                return List.of(
                        Result.of(
                                        name(),
                                        "set to the last of " + sleepers + " threads awake",
                                        Unit.NANOS,
                                        rounds.series())
                                .withTargets(Target.ratio(Peers.FUTEX, LIMIT))
                                .withNotes(
                                        "The threads belong to one process, and another one sets; with the latch it is the same."));
            }
        }
    }

    private static double[] set(Worker worker, SharedEvent event, int sets)
            throws IOException, InterruptedException {
        var times = new double[sets];
        for (int i = 0; i < sets; i++) {
            worker.ask("wait");
            Thread.sleep(ASLEEP_MILLIS);
            long start = System.nanoTime();
            event.set();
            times[i] = worker.answer()[0] - start;
            event.clear();
        }
        return times;
    }

    private static double[] openLatch(Worker worker, int sets)
            throws IOException, InterruptedException {
        var times = new double[sets];
        for (int i = 0; i < sets; i++) times[i] = worker.ask("latch")[0];
        return times;
    }
}
