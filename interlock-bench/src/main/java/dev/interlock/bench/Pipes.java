package dev.interlock.bench;

import static dev.interlock.bench.report.Result.OURS;

import dev.interlock.Pipe;
import dev.interlock.Region;
import dev.interlock.bench.report.Result;
import dev.interlock.bench.report.Target;
import dev.interlock.bench.report.Unit;
import dev.interlock.bench.worker.PipeWorker;
import dev.interlock.bench.worker.Worker;
import java.io.IOException;
import java.util.List;
import org.apache.commons.math3.stat.StatUtils;

/** Arrays of bytes through a pipe between two processes: a small one back and forth, and large ones in one direction. */
final class Pipes implements Benchmark {
    private static final int SMALL = 1 << 10;
    private static final int LARGE = 1 << 20;
    private static final int TRIPS = 25; // times as many as there are hand-offs
    private static final double TIME_LIMIT = 0.3;
    private static final double RATE_LIMIT = 5;

    @Override
    public String name() {
        return "pipe";
    }

    @Override
    public List<Result> run(Lab lab) throws Exception {
        try (var region = Region.temporary();
                var pair = new Pair(lab, region)) {
            return List.of(
                    trips(lab, pair),
                    bulk(lab, pair, "buffer", "each received into the same buffer"),
                    bulk(lab, pair, "arrays", "each received into a new array"));
        }
    }

    private Result trips(Lab lab, Pair pair) throws InterruptedException {
        int count = TRIPS * lab.effort().handoffs();
        Rounds rounds =
                new Rounds()
                        .withOne(OURS, () -> median(pair.trips(count)))
                        .withOne(
                                Peers.PYTHON_DUPLEX_PIPE,
                                () -> median(python(lab, "pipe-trips", SMALL, count, "duplex")))
                        .warmUps(2)
                        .run(lab.effort().rounds());
        return Result.of(name(), "round trip of 1 KiB", Unit.NANOS, rounds.series())
                .withTargets(Target.ratio(Peers.PYTHON_DUPLEX_PIPE, TIME_LIMIT))
                .withNotes("The median of each round.", lab.twoCpus().text());
    }

    private Result bulk(Lab lab, Pair pair, String into, String how) throws InterruptedException {
        long millis = lab.effort().contended().toMillis();
        Rounds rounds =
                new Rounds()
                        .withOne(OURS, () -> pair.bulk(into, millis))
                        .withOne(
                                Peers.PYTHON_PIPE,
                                () -> python(lab, "pipe-" + into, LARGE, millis, "one-way"))
                        .withOne(
                                Peers.PYTHON_DUPLEX_PIPE,
                                () -> python(lab, "pipe-" + into, LARGE, millis, "duplex"))
                        .warmUps(2)
                        .run(lab.effort().rounds());
        return Result.of(
                        name(), "messages of 1 MiB, " + how, Unit.BYTES_PER_SECOND, rounds.series())
                .withTargets(
                        Target.ratio(Peers.PYTHON_PIPE, RATE_LIMIT),
                        Target.ratio(Peers.PYTHON_DUPLEX_PIPE, RATE_LIMIT))
                .withNotes("Our pipe has its usual 64 KiB.", lab.twoCpus().text());
    }

    private static double[] median(double[] times) {
        return new double[] {StatUtils.percentile(times, 50)};
    }

    private static double[] python(Lab lab, String what, int bytes, long number, String kind)
            throws Exception {
        return lab.python()
                .run(what, kind, bytes, number, lab.twoCpus().first(), lab.twoCpus().second());
    }

    /** The two parties, which stay from round to round. */
    private static final class Pair implements AutoCloseable {
        private final Worker first;
        private final Worker second;

        Pair(Lab lab, Region region) throws IOException, InterruptedException {
            Pipe pipe = Pipe.duplex(region);
            first = Worker.start(PipeWorker.class, pipe.first(), "0");
            second = Worker.start(PipeWorker.class, pipe.second(), "1");
            for (Worker worker : List.of(first, second))
                worker.ask("pin " + lab.twoCpus().first() + " " + lab.twoCpus().second());
        }

        double[] trips(int count) throws IOException, InterruptedException {
            return both("trips " + count + " " + SMALL)[0];
        }

        double[] bulk(String into, long millis) throws IOException, InterruptedException {
            double[][] answers = both(into + " " + millis + " " + LARGE);
            double sent = answers[0][1];
            double received = answers[1][1];
            if (sent != received) throw new IOException("sent " + sent + ", received " + received);
            return new double[] {received / (answers[1][0] - answers[0][0]) * 1e9};
        }

        private double[][] both(String order) throws IOException, InterruptedException {
            first.tell(order);
            second.tell(order);
            return new double[][] {first.answer(), second.answer()};
        }

        @Override
        public void close() throws IOException {
            first.close();
            second.close();
        }
    }
}
