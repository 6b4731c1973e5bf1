package dev.interlock.bench;

import static dev.interlock.bench.report.Result.OURS;

import dev.interlock.Region;
import dev.interlock.bench.report.Result;
import dev.interlock.bench.report.Series;
import dev.interlock.bench.report.Target;
import dev.interlock.bench.report.Unit;
import dev.interlock.bench.worker.ArrayCopyWorker;
import dev.interlock.bench.worker.Worker;
import java.util.Arrays;
import java.util.List;

/** Copying an array of doubles as a whole into shared memory, and back, all of it touched before. */
final class ArrayCopy implements Benchmark {
    private static final double LIMIT = 0.9;

    @Override
    public String name() {
        return "array-copy";
    }

    @Override
    public List<Result> run(Lab lab) throws Exception {
        long bytes = lab.effort().arrayBytes();
        try (var region = Region.temporary();
                var worker =
                        Worker.start(
                                ArrayCopyWorker.class, region.doubleArray(bytes / Double.BYTES))) {
            String size = (bytes >> 20) + " MiB of doubles";
            return List.of(
                    result(size + ", copyFrom (into shared memory)", run(lab, worker, "in")),
                    result(size + ", copyTo (from shared memory)", run(lab, worker, "out")));
        }
    }

    private Result result(String metric, List<Series> series) {
        return Result.of(name(), metric, Unit.BYTES_PER_SECOND, series)
                .withTargets(Target.ratio(Peers.MEMCPY, LIMIT));
    }

    private static List<Series> run(Lab lab, Worker worker, String direction)
            throws InterruptedException {
        long bytes = lab.effort().arrayBytes();
        int copies = lab.effort().copies();
        return new Rounds()
                .withOne(OURS, () -> rates(bytes, worker.ask(direction + " " + copies)))
                .withOne(
                        Peers.MEMCPY,
                        () -> rates(bytes, lab.c().run("memcpy", direction, bytes, copies)))
                .withOne(Peers.ARRAY_COPY, () -> rates(bytes, worker.ask("heap " + copies)))
                .withOne(
                        Peers.PYTHON_MEMORY,
                        () -> rates(bytes, lab.python().run("memcpy", direction, bytes, copies)))
                .warmUps(1)
                .run(lab.effort().rounds())
                .series();
    }

    private static double[] rates(long bytes, double[] nanos) {
        return Arrays.stream(nanos).map(each -> bytes / each * 1e9).toArray();
    }
}
