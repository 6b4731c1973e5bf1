package dev.interlock.bench;

import static dev.interlock.bench.report.Result.OURS;

import dev.interlock.Region;
import dev.interlock.bench.report.Result;
import dev.interlock.bench.report.Target;
import dev.interlock.bench.report.Unit;
import dev.interlock.bench.transport.Kind;
import dev.interlock.bench.worker.Placement;
import dev.interlock.bench.worker.TripWorker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.stat.StatUtils;

/**
 * How long a message takes: a round trip between two JVMs that never sleep, and from just before {@code put} to just after the return
 * of {@code take} in a JVM that slept, both directions together, next to the futex of {@link Handoff}.
 */
final class QueueTimes implements Benchmark {
    private static final int BYTES = 8;
    private static final double SPINNING_LIMIT = 1.2;
    private static final double SLEEPING_LIMIT = 1.3;
    /*
     * Times as many, spinning, as there are hand-offs. After the pause between two rounds caches are cold, for a lap of the ring: with
     * a tenth as many, that would be all that the slowest show.
     */
    private static final int TRIPS = 1000;
    /* For the compiler: before, every fifth round trip may take four times as long, which would be all that the slowest show. */
    private static final int WARM_UPS = 100; // times as many hand-offs
    private static final int SPINNING_WARM_UPS = 2; // rounds
    private static final long WARM_UP_HOLD_NANOS = 20_000;
    private static final double SLOWEST = 99;

    @Override
    public String name() {
        return "queue-time";
    }

    @Override
    public List<Result> run(Lab lab) throws Exception {
        List<Result> results = new ArrayList<>(spinning(lab));
        if (!lab.twoCpus().equals(Placement.BY_KERNEL))
            results.add(sleeping(lab, lab.twoCpus(), "on two CPUs"));
        results.add(sleeping(lab, Placement.BY_KERNEL, "placed by the kernel"));
        return results;
    }

    private List<Result> spinning(Lab lab) throws Exception {
        try (var region = Region.temporary();
                var ours = pair(lab, region, Kind.SLICES, lab.twoCpus());
                var agrona = pair(lab, region, Kind.AGRONA, lab.twoCpus());
                var aeron = pair(lab, region, Kind.AERON, lab.twoCpus());
                var chronicle = pair(lab, region, Kind.CHRONICLE, lab.twoCpus())) {
            int count = TRIPS * lab.effort().handoffs();
            int warmUps = lab.effort().rounds() > 1 ? SPINNING_WARM_UPS : 0; // as in Rounds
            for (Messengers pair : List.of(ours, agrona, aeron, chronicle))
                for (int i = 0; i < warmUps; i++) spin(pair, count);
            Rounds rounds =
                    new Rounds()
                            .with(OURS, () -> spin(ours, count))
                            .with(Peers.AGRONA, () -> spin(agrona, count))
                            .with(Peers.AERON, () -> spin(aeron, count))
                            .with(Peers.CHRONICLE, () -> spin(chronicle, count))
                            .warmUps(2)
                            .run(lab.effort().rounds());
            return List.of(trip(lab, rounds, 0, "median"), trip(lab, rounds, 1, "99 of 100"));
        }
    }

    /* The median and p99 of each round: what the machine does besides spoils some rounds, not all. */
    private static double[][] spin(Messengers pair, int count)
            throws IOException, InterruptedException {
        double[] times = pair.ask("spin " + count);
        return new double[][] {
            {StatUtils.percentile(times, 50)}, {StatUtils.percentile(times, SLOWEST)}
        };
    }

    private Result trip(Lab lab, Rounds rounds, int metric, String which) {
        return Result.of(
                        name(),
                        "round trip of 8 bytes, spinning, " + which,
                        Unit.NANOS,
                        rounds.series(metric))
                .withTargets(Target.ratio(Peers.AGRONA, SPINNING_LIMIT))
                .withNotes(lab.twoCpus().text());
    }

    private Result sleeping(Lab lab, Placement placement, String where) throws Exception {
        Effort effort = lab.effort();
        int count = effort.handoffs();
        long hold = effort.hold().toNanos();
        try (var region = Region.temporary();
                var ours = pair(lab, region, Kind.SHARED_ARRAYS, placement);
                var threads = pair(lab, region, Kind.ARRAY_BLOCKING_QUEUE, placement)) {
            ours.ask("sleep " + WARM_UPS * count + " " + WARM_UP_HOLD_NANOS);
            threads.ask("sleep " + WARM_UPS * count + " " + WARM_UP_HOLD_NANOS);
            Rounds rounds =
                    new Rounds()
                            .withOne(OURS, () -> sleep(ours, count, hold))
                            .withOne(
                                    Peers.FUTEX,
                                    () ->
                                            lab.c()
                                                    .run(
                                                            "handoff",
                                                            "futex",
                                                            count,
                                                            hold,
                                                            placement.first(),
                                                            placement.second()))
                            .withOne(Peers.ARRAY_BLOCKING_QUEUE, () -> sleep(threads, count, hold))
                            .warmUps(1)
                            .run(effort.rounds());
            return Result.of(
                            name(),
                            "put until a sleeper has taken, and back, " + where,
                            Unit.NANOS,
                            rounds.series())
                    .withTargets(Target.ratio(Peers.FUTEX, SLEEPING_LIMIT))
                    .withNotes(placement.text());
        }
    }

    private static double[] sleep(Messengers pair, int count, long holdNanos)
            throws IOException, InterruptedException {
        double[] oneWay = pair.ask("sleep " + count + " " + holdNanos);
        var sums = Arrays.copyOf(oneWay, count);
        for (int i = 0; i < count; i++) sums[i] += oneWay[count + i];
        return sums;
    }

    private static Messengers pair(Lab lab, Region region, Kind kind, Placement placement)
            throws IOException, InterruptedException {
        return new Messengers(lab, region, TripWorker.class, kind, BYTES, 2, placement);
    }
}
