package dev.interlock.bench;

import static dev.interlock.bench.report.Result.OURS;

import dev.interlock.ChildProcess;
import dev.interlock.bench.report.Result;
import dev.interlock.bench.report.Unit;
import dev.interlock.bench.worker.BareMain;
import java.util.List;

/** From just before a child is started to the first line of its task. */
final class ChildStart implements Benchmark {
    @Override
    public String name() {
        return "child-start";
    }

    @Override
    public List<Result> run(Lab lab) throws Exception {
        Rounds rounds =
                new Rounds()
                        .withOne(OURS, ChildStart::startOurs)
                        .withOne("bare JVM", () -> new double[] {StartTime.measure(BareMain.class)})
                        .withOne("Python spawn", () -> lab.python().run("start", "spawn", 1))
                        .withOne(
                                "Python forkserver",
                                () -> lab.python().run("start", "forkserver", 1))
                        .withOne("Python fork", () -> lab.python().run("start", "fork", 1))
                        .warmUp()
                        .run(lab.effort().starts());
        return List.of(
                Result.of(
                                name(),
                                "start of a child process to the first line of its task",
                                Unit.NANOS,
                                rounds.series())
                        .withNotes(
                                "The first start of each, which may fill caches, is not counted."));
    }

    private static double[] startOurs() throws Exception {
        long start = System.nanoTime();
        ChildProcess<Long> child = ChildProcess.start(() -> System.nanoTime());
        long told = child.get();
        child.join();
        return new double[] {told - start};
    }
}
