package dev.interlock.bench;

import static dev.interlock.bench.report.Result.OURS;

import dev.interlock.Region;
import dev.interlock.bench.report.Result;
import dev.interlock.bench.report.Target;
import dev.interlock.bench.report.Unit;
import dev.interlock.bench.worker.BarrierWorker;
import dev.interlock.bench.worker.BarrierWorker.Kind;
import dev.interlock.bench.worker.Worker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Two processes that do nothing but wait for each other. */
final class Barriers implements Benchmark {
    private static final double LIMIT = 1;

    @Override
    public String name() {
        return "barrier";
    }

    @Override
    public List<Result> run(Lab lab) throws Exception {
        try (var region = Region.temporary();
                var ours = new Pair(lab, region, Kind.INTERLOCK);
                var threads = new Pair(lab, region, Kind.CYCLIC_BARRIER)) {
            Rounds rounds =
                    new Rounds()
                            .withOne(OURS, ours::meetings)
                            .withOne(Peers.C_BARRIER, () -> c(lab))
                            .withOne(Peers.CYCLIC_BARRIER, threads::meetings)
                            .withOne(Peers.PYTHON_BARRIER, () -> python(lab))
                            .warmUps(1)
                            .run(lab.effort().rounds());
            return List.of(
                    Result.of(
                                    name(),
                                    "rounds of a barrier, two processes",
                                    Unit.PER_SECOND,
                                    rounds.series())
                            .withTargets(Target.ratio(Peers.C_BARRIER, LIMIT))
                            .withNotes(lab.twoCpus().text()));
        }
    }

    private static double[] c(Lab lab) throws Exception {
        return lab.c()
                .run(
                        "barrier",
                        lab.effort().meetings(),
                        lab.twoCpus().first(),
                        lab.twoCpus().second());
    }

    private static double[] python(Lab lab) throws Exception {
        return lab.python()
                .run(
                        "barrier",
                        lab.effort().meetings() / 10 + 1,
                        lab.twoCpus().first(),
                        lab.twoCpus().second());
    }

    /** The two parties, which stay from round to round. */
    private static final class Pair implements AutoCloseable {
        private final int rounds;
        private final List<Worker> workers = new ArrayList<>();

        Pair(Lab lab, Region region, Kind kind) throws IOException, InterruptedException {
            rounds = lab.effort().meetings();
            var barrier = region.barrier(2);
            for (String parties :
                    kind == Kind.CYCLIC_BARRIER ? List.of("0,1") : List.of("0", "1")) {
                workers.add(Worker.start(BarrierWorker.class, barrier, kind.name(), parties));
            }
            for (Worker worker : workers)
                worker.ask("pin " + lab.twoCpus().first() + " " + lab.twoCpus().second());
        }

        double[] meetings() throws IOException, InterruptedException {
            for (Worker worker : workers) worker.tell("run " + rounds);
            double nanos = workers.getFirst().answer()[0];
            if (workers.size() > 1) workers.getLast().answer();
            return new double[] {rounds / nanos * 1e9};
        }

        @Override
        public void close() throws IOException {
            for (Worker worker : workers) worker.close();
        }
    }
}
