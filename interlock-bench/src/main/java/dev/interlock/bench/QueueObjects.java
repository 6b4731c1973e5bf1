package dev.interlock.bench;

import static dev.interlock.bench.report.Result.OURS;

import dev.interlock.Region;
import dev.interlock.bench.report.Result;
import dev.interlock.bench.report.Target;
import dev.interlock.bench.report.Unit;
import dev.interlock.bench.transport.Kind;
import dev.interlock.bench.worker.RateWorker;
import java.util.List;

/** Small objects of a class of the user's, a number, a text, a fraction and a number, from one process to another. */
final class QueueObjects implements Benchmark {
    private static final double LIMIT = 20;
    private static final int LEAST_BYTES = 8;

    @Override
    public String name() {
        return "queue-object";
    }

    @Override
    public List<Result> run(Lab lab) throws Exception {
        try (var region = Region.temporary();
                var ours =
                        new Messengers(
                                lab,
                                region,
                                RateWorker.class,
                                Kind.SHARED_OBJECTS,
                                LEAST_BYTES,
                                2,
                                lab.twoCpus())) {
            long millis = lab.effort().contended().toMillis();
            Rounds rounds =
                    new Rounds()
                            .withOne(OURS, () -> ours.rate(millis))
                            .withOne(
                                    Peers.PYTHON_QUEUE,
                                    () ->
                                            lab.python()
                                                    .run(
                                                            "queue",
                                                            0,
                                                            millis,
                                                            lab.twoCpus().first(),
                                                            lab.twoCpus().second()))
                            .warmUps(2)
                            .run(lab.effort().rounds());
            return List.of(
                    Result.of(
                                    name(),
                                    "small objects, put and take, one to one",
                                    Unit.PER_SECOND,
                                    rounds.series())
                            .withTargets(Target.ratio(Peers.PYTHON_QUEUE, LIMIT))
                            .withNotes(
                                    "By Java serialization, and by pickling.",
                                    lab.twoCpus().text()));
        }
    }
}
