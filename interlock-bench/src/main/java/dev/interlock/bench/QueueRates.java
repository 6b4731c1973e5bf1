package dev.interlock.bench;

import static dev.interlock.bench.report.Result.OURS;

import dev.interlock.Region;
import dev.interlock.bench.report.Result;
import dev.interlock.bench.report.Target;
import dev.interlock.bench.report.Unit;
import dev.interlock.bench.transport.Kind;
import dev.interlock.bench.worker.RateWorker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages as fast as they can, from some JVMs to as many others. Who finds the transport full or empty spins for a while and then
 * yields, whatever the transport; who puts and takes leaves that to the queue.
 */
final class QueueRates implements Benchmark {
    private static final int SMALL = 8;

    /*
     * What puts and what takes is compiled as one large method each, for half a second where sender and compiler share a CPU, and again
     * when it has first met what is seldom. Of four JVMs on two CPUs each gets half as much time.
     */
    private static final int WARM_UPS = 12;
    private static final int WARM_UPS_OF_FOUR = 24;

    @Override
    public String name() {
        return "queue-rate";
    }

    @Override
    public List<Result> run(Lab lab) throws Exception {
        List<Result> results = new ArrayList<>();
        for (int bytes : lab.effort().messageBytes()) {
            results.add(inPlace(lab, bytes));
            results.add(arrays(lab, bytes));
        }
        results.add(many(lab));
        return results;
    }

    private Result inPlace(Lab lab, int bytes) throws Exception {
        try (var region = Region.temporary();
                var ours = pair(lab, region, Kind.SLICES, bytes);
                var agrona = pair(lab, region, Kind.AGRONA, bytes);
                var aeron = pair(lab, region, Kind.AERON, bytes);
                var chronicle = pair(lab, region, Kind.CHRONICLE, bytes)) {
            long millis = lab.effort().contended().toMillis();
            Rounds rounds =
                    new Rounds()
                            .withOne(OURS, () -> ours.rate(millis))
                            .withOne(Peers.AGRONA, () -> agrona.rate(millis))
                            .withOne(Peers.AERON, () -> aeron.rate(millis))
                            .withOne(Peers.CHRONICLE, () -> chronicle.rate(millis))
                            .withOne(Peers.C_RING, () -> c(lab, bytes))
                            .warmUps(WARM_UPS)
                            .run(lab.effort().rounds());
            return result("messages of " + bytes + " bytes in place, one to one", rounds)
                    .withTargets(Target.ratio(Peers.AGRONA, 1))
                    .withNotes(lab.twoCpus().text());
        }
    }

    private Result arrays(Lab lab, int bytes) throws Exception {
        try (var region = Region.temporary();
                var ours = pair(lab, region, Kind.SHARED_ARRAYS, bytes);
                var inPlace = pair(lab, region, Kind.SLICES, bytes);
                var threads = pair(lab, region, Kind.ARRAY_BLOCKING_QUEUE, bytes)) {
            long millis = lab.effort().contended().toMillis();
            Rounds rounds =
                    new Rounds()
                            .withOne(OURS, () -> ours.rate(millis))
                            .withOne(Peers.IN_PLACE, () -> inPlace.rate(millis))
                            .withOne(Peers.ARRAY_BLOCKING_QUEUE, () -> threads.rate(millis))
                            .withOne(Peers.PYTHON_QUEUE, () -> python(lab, "queue", bytes))
                            .withOne(Peers.PYTHON_PIPE, () -> python(lab, "pipe", bytes))
                            .warmUps(WARM_UPS)
                            .run(lab.effort().rounds());
            return result("byte arrays of " + bytes + ", put and take, one to one", rounds)
                    .withTargets(Target.ratio(Peers.IN_PLACE, 0.5))
                    .withNotes(lab.twoCpus().text());
        }
    }

    private Result many(Lab lab) throws Exception {
        try (var region = Region.temporary();
                var ours =
                        new Messengers(
                                lab,
                                region,
                                RateWorker.class,
                                Kind.SHARED_ARRAYS,
                                SMALL,
                                4,
                                lab.twoCpus());
                var oneToOne = pair(lab, region, Kind.SHARED_ARRAYS, SMALL);
                var threads =
                        new Messengers(
                                lab,
                                region,
                                RateWorker.class,
                                Kind.ARRAY_BLOCKING_QUEUE,
                                SMALL,
                                4,
                                lab.twoCpus())) {
            long millis = lab.effort().contended().toMillis();
            Rounds rounds =
                    new Rounds()
                            .withOne(OURS, () -> ours.rate(millis))
                            .withOne(Peers.ONE_TO_ONE, () -> oneToOne.rate(millis))
                            .withOne(Peers.ARRAY_BLOCKING_QUEUE, () -> threads.rate(millis))
                            .warmUps(WARM_UPS_OF_FOUR)
                            .run(lab.effort().rounds());
            return result("byte arrays of 8, put and take, two to two", rounds)
                    .withTargets(Target.ratio(Peers.ONE_TO_ONE, 0.6))
                    .withNotes("Those who put share a CPU, and those who take.");
        }
    }

    private Result result(String metric, Rounds rounds) {
        return Result.of(name(), metric, Unit.PER_SECOND, rounds.series());
    }

    private static Messengers pair(Lab lab, Region region, Kind kind, int bytes)
            throws IOException, InterruptedException {
        return new Messengers(lab, region, RateWorker.class, kind, bytes, 2, lab.twoCpus());
    }

    private static double[] c(Lab lab, int bytes) throws Exception {
        return lab.c()
                .run(
                        "ring",
                        bytes,
                        lab.effort().contended().toMillis(),
                        lab.twoCpus().first(),
                        lab.twoCpus().second());
    }

    private static double[] python(Lab lab, String what, int bytes) throws Exception {
        return lab.python()
                .run(
                        what,
                        bytes,
                        lab.effort().contended().toMillis(),
                        lab.twoCpus().first(),
                        lab.twoCpus().second());
    }
}
