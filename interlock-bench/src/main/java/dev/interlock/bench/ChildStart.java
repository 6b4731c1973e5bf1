package dev.interlock.bench;

import static dev.interlock.bench.report.Result.OURS;

import dev.interlock.ChildProcess;
import dev.interlock.bench.report.Result;
import dev.interlock.bench.report.Series;
import dev.interlock.bench.report.Target;
import dev.interlock.bench.report.Unit;
import dev.interlock.bench.worker.BareMain;
import dev.interlock.internal.process.StartCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** From just before a child is started to the first line of its task: by a new JVM, and by a spare one; and what a spare costs. */
final class ChildStart implements Benchmark {
    private static final String BARE = "bare JVM";
    private static final String SPAWN = "Python spawn";
    private static final String FORK = "Python fork";
    private static final double LIMIT_NANOS = 1.5e6;
    private static final long LONGEST_TRAINING_SECONDS = 60;
    private static final long SETTLED_SECONDS = 8;

    @Override
    public String name() {
        return "child-start";
    }

    @Override
    public List<Result> run(Lab lab) throws Exception {
        boolean isCacheReady = awaitCache();
        List<Result> results = new ArrayList<>();
        results.add(coldStart(lab, isCacheReady));
        ChildProcess.prestart(1).join();
        try {
            results.addAll(memory());
            results.add(spareStart(lab));
        } finally {
            ChildProcess.prestart(0).join();
        }
        return results;
    }

    /** Whether there are caches now. The first start has them made. */
    static boolean awaitCache() throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_TRAINING_SECONDS);
        while (!StartCache.areReady()) {
            if (StartCache.isOff() || System.nanoTime() > end) return false;
            startOurs();
            TimeUnit.MILLISECONDS.sleep(500);
        }
        return true;
    }

    private Result coldStart(Lab lab, boolean isCacheReady) throws Exception {
        Rounds rounds =
                new Rounds()
                        .withOne(OURS, ChildStart::startOurs)
                        .withOne(BARE, () -> new double[] {StartTime.measure(BareMain.class)})
                        .withOne(SPAWN, () -> lab.python().run("start", "spawn", 1))
                        .withOne(
                                "Python forkserver",
                                () -> lab.python().run("start", "forkserver", 1))
                        .warmUps(1)
                        .run(lab.effort().starts());
        return Result.of(
                        name(),
                        "start of a child process to the first line of its task",
                        Unit.NANOS,
                        rounds.series())
                .withTargets(Target.ratio(BARE, 1.25), Target.ratio(SPAWN, 0.8))
                .withNotes(cacheNote(isCacheReady));
    }

    static String cacheNote(boolean isReady) {
        return isReady
                ? "With the AOT cache that the first start has made."
                : "Without an AOT cache: there is none, or it is switched off.";
    }

    private Result spareStart(Lab lab) throws Exception {
        Rounds rounds =
                new Rounds()
                        .withOne(OURS, ChildStart::startOursBySpare)
                        .withOne(FORK, () -> lab.python().run("start", "fork", 1))
                        .warmUps(1)
                        .run(lab.effort().starts());
        return Result.of(name(), "the same with a warm spare", Unit.NANOS, rounds.series())
                .withTargets(Target.absolute(LIMIT_NANOS), Target.ratio(FORK, 1));
    }

    private static double[] startOurs() throws Exception {
        long start = System.nanoTime();
        ChildProcess<Long> child = ChildProcess.start(() -> System.nanoTime());
        long told = child.get();
        child.join();
        return new double[] {told - start};
    }

    private static double[] startOursBySpare() throws Exception {
        ChildProcess.prestart(1).join();
        TimeUnit.MILLISECONDS.sleep(
                100); // its start has used the machine, which is not what is measured
        return startOurs();
    }

    /* A second one runs meanwhile, so that what they share is not counted as anybody's own. */
    private List<Result> memory() throws Exception {
        ChildProcess.prestart(2).join();
        TimeUnit.SECONDS.sleep(SETTLED_SECONDS);
        List<Double> resident = new ArrayList<>();
        List<Double> own = new ArrayList<>();
        for (ProcessHandle spare : ProcessHandle.current().children().toList()) {
            String text = Files.readString(Path.of("/proc/" + spare.pid() + "/smaps_rollup"));
            resident.add(bytes(text, "Rss"));
            own.add(bytes(text, "Private_Dirty") + bytes(text, "Private_Clean"));
        }
        ChildProcess.prestart(1).join();
        return List.of(
                Result.of(
                                name(),
                                "resident memory of an idle spare",
                                Unit.BYTES,
                                List.of(new Series(OURS, resident, null)))
                        .withTargets(Target.absolute(40 << 20)),
                Result.of(
                                name(),
                                "of which no other process has a share",
                                Unit.BYTES,
                                List.of(new Series(OURS, own, null)))
                        .withTargets(Target.absolute(20 << 20)));
    }

    private static double bytes(String rollup, String what) throws IOException {
        return rollup.lines()
                .filter(line -> line.startsWith(what + ":"))
                .mapToDouble(line -> 1024 * Double.parseDouble(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow(() -> new IOException("the kernel does not tell " + what));
    }
}
