package dev.interlock.bench;

import static dev.interlock.bench.report.Result.OURS;

import dev.interlock.Region;
import dev.interlock.bench.report.Result;
import dev.interlock.bench.report.Target;
import dev.interlock.bench.report.Unit;
import dev.interlock.bench.worker.ConditionWorker;
import dev.interlock.bench.worker.ConditionWorker.Kind;
import dev.interlock.bench.worker.Placement;
import dev.interlock.bench.worker.Worker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A signal to a process that sleeps: from just before {@code signal()}, given with the lock held, to just after the return of the
 * other's {@code await()}. Two parties signal in turns, and each works for a while before it does. As in {@link Handoff} there is one
 * result for two CPUs and one for what the kernel makes of it.
 */
final class Signals implements Benchmark {
    private static final double LIMIT = 1.2;
    private static final int WARM_UPS = 100; // times as many signals, for the compiler
    private static final long WARM_UP_HOLD_NANOS = 20_000;

    @Override
    public String name() {
        return "condition";
    }

    @Override
    public List<Result> run(Lab lab) throws Exception {
        List<Result> results = new ArrayList<>();
        if (!lab.twoCpus().equals(Placement.BY_KERNEL))
            results.add(run(lab, lab.twoCpus(), "on two CPUs"));
        results.add(run(lab, Placement.BY_KERNEL, "placed by the kernel"));
        return results;
    }

    private Result run(Lab lab, Placement placement, String where) throws Exception {
        try (var region = Region.temporary();
                var ours = new Pair(lab, region, Kind.INTERLOCK, placement);
                var threads = new Pair(lab, region, Kind.CONDITION, placement)) {
            ours.warmUp();
            threads.warmUp();
            Rounds rounds =
                    new Rounds()
                            .withOne(OURS, ours::signals)
                            .withOne(Peers.C_CONDITION, () -> lab.c().run(order(lab, placement)))
                            .withOne(Peers.CONDITION, threads::signals)
                            .withOne(
                                    Peers.PYTHON_CONDITION,
                                    () -> lab.python().run(order(lab, placement)))
                            .warmUps(1)
                            .run(lab.effort().rounds());
            return Result.of(
                            name(),
                            "signal to a sleeping process until it is awake, " + where,
                            Unit.NANOS,
                            rounds.series())
                    .withTargets(Target.ratio(Peers.C_CONDITION, LIMIT))
                    .withNotes(placement.text());
        }
    }

    private static Object[] order(Lab lab, Placement placement) {
        return new Object[] {
            "condition",
            lab.effort().handoffs(),
            lab.effort().hold().toNanos(),
            placement.first(),
            placement.second()
        };
    }

    /** The two parties, which stay from round to round. */
    private static final class Pair implements AutoCloseable {
        private final Effort effort;
        private final List<Worker> workers = new ArrayList<>();

        Pair(Lab lab, Region region, Kind kind, Placement placement)
                throws IOException, InterruptedException {
            effort = lab.effort();
            var lock = region.lock();
            var stage =
                    new ConditionWorker.Stage(
                            lock, lock.newCondition(), region.intValue(0), region.longValue(0));
            for (String parties : kind == Kind.CONDITION ? List.of("0,1") : List.of("0", "1")) {
                workers.add(Worker.start(ConditionWorker.class, stage, kind.name(), parties));
            }
            for (Worker worker : workers)
                worker.ask("pin " + placement.first() + " " + placement.second());
        }

        void warmUp() throws IOException, InterruptedException {
            signals(WARM_UPS * effort.handoffs(), WARM_UP_HOLD_NANOS);
        }

        double[] signals() throws IOException, InterruptedException {
            return signals(effort.handoffs(), effort.hold().toNanos());
        }

        private double[] signals(int count, long holdNanos)
                throws IOException, InterruptedException {
            for (Worker worker : workers) worker.tell("run " + count + " " + holdNanos);
            double[] times = {};
            for (Worker worker : workers) {
                double[] more = worker.answer();
                int before = times.length;
                times = Arrays.copyOf(times, before + more.length);
                System.arraycopy(more, 0, times, before, more.length);
            }
            return times;
        }

        @Override
        public void close() throws IOException {
            for (Worker worker : workers) worker.close();
        }
    }
}
