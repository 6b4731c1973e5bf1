package dev.interlock.bench;

import static dev.interlock.bench.report.Result.OURS;

import dev.interlock.Region;
import dev.interlock.bench.report.Result;
import dev.interlock.bench.report.Target;
import dev.interlock.bench.report.Unit;
import dev.interlock.bench.worker.HandoffWorker;
import dev.interlock.bench.worker.HandoffWorker.Kind;
import dev.interlock.bench.worker.Placement;
import dev.interlock.bench.worker.Worker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Handing something to a process that sleeps, and getting it back. A round trip is the sum of a one-way time in each direction; the
 * time for which each party works in between does not count. {@link HandoffWorker} tells how locks do it; the raw futex in C has one
 * word for each direction, stores, wakes, and is timed from just before the store to just after the other's wait returned.
 *
 * <p>Where the parties run decides everything: waking another CPU takes an interrupt between CPUs, and longer if it is idle. So there
 * is one result with each party on a CPU of its own, and one that leaves it to the kernel, for all parties alike.
 */
final class Handoff implements Benchmark {
    private static final int WARM_UPS = 100; // times as many hand-offs, for the compiler
    private static final long WARM_UP_HOLD_NANOS = 20_000;

    @Override
    public String name() {
        return "handoff";
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
                var threads = new Pair(lab, region, Kind.REENTRANT_LOCK, placement);
                var files = new Pair(lab, region, Kind.FILE_LOCK, placement)) {
            ours.warmUp();
            threads.warmUp();
            Rounds rounds =
                    new Rounds()
                            .withOne(OURS, ours::roundTrips)
                            .withOne(Peers.FUTEX, () -> c(lab, "futex", placement))
                            .withOne(Peers.MUTEX, () -> c(lab, "normal", placement))
                            .withOne(Peers.ROBUST_MUTEX, () -> c(lab, "robust", placement))
                            .withOne(Peers.REENTRANT_LOCK, threads::roundTrips)
                            .withOne(Peers.FILE_LOCK, files::roundTrips)
                            .withOne(Peers.PYTHON_LOCK, () -> python(lab, placement))
                            .warmUps(1)
                            .run(lab.effort().rounds());
            return Result.of(
                            name(),
                            "round trip to a sleeping process, " + where,
                            Unit.NANOS,
                            rounds.series())
                    .withTargets(Target.ratio(Peers.FUTEX, 1.5))
                    .withNotes(placement.text());
        }
    }

    private static double[] c(Lab lab, String kind, Placement placement) throws Exception {
        Effort effort = lab.effort();
        return lab.c()
                .run(
                        "handoff",
                        kind,
                        effort.handoffs(),
                        effort.hold().toNanos(),
                        placement.first(),
                        placement.second());
    }

    private static double[] python(Lab lab, Placement placement) throws Exception {
        Effort effort = lab.effort();
        return lab.python()
                .run(
                        "handoff",
                        effort.handoffs(),
                        effort.hold().toNanos(),
                        placement.first(),
                        placement.second());
    }

    /** The two parties, which stay from round to round. */
    private static final class Pair implements AutoCloseable {
        private final Effort effort;
        private final List<Worker> workers = new ArrayList<>();

        Pair(Lab lab, Region region, Kind kind, Placement placement)
                throws IOException, InterruptedException {
            effort = lab.effort();
            var stage =
                    new HandoffWorker.Stage(
                            region.lock(),
                            region.lock(),
                            region.lock(),
                            region.longValue(0),
                            lab.file("handoff-" + kind).toString());
            for (String parties :
                    kind == Kind.REENTRANT_LOCK ? List.of("0,1") : List.of("0", "1")) {
                workers.add(Worker.start(HandoffWorker.class, stage, kind.name(), parties));
            }
            for (Worker worker : workers)
                worker.ask("pin " + placement.first() + " " + placement.second());
        }

        void warmUp() throws IOException, InterruptedException {
            roundTrips(WARM_UPS * effort.handoffs(), WARM_UP_HOLD_NANOS);
        }

        double[] roundTrips() throws IOException, InterruptedException {
            return roundTrips(effort.handoffs(), effort.hold().toNanos());
        }

        private double[] roundTrips(int count, long holdNanos)
                throws IOException, InterruptedException {
            for (Worker worker : workers) worker.ask("own");
            for (Worker worker : workers) worker.tell("run " + count + " " + holdNanos);
            var sums = new double[count];
            for (Worker worker : workers) {
                double[] oneWay = worker.answer();
                for (int i = 0; i < oneWay.length; i++) sums[i % count] += oneWay[i];
            }
            return sums;
        }

        @Override
        public void close() throws IOException {
            for (Worker worker : workers) worker.close();
        }
    }
}
