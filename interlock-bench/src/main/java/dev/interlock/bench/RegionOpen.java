package dev.interlock.bench;

import static dev.interlock.bench.report.Result.OURS;

import dev.interlock.Region;
import dev.interlock.bench.report.Result;
import dev.interlock.bench.report.Series;
import dev.interlock.bench.report.Target;
import dev.interlock.bench.report.Unit;
import dev.interlock.bench.worker.BareMain;
import dev.interlock.bench.worker.MapFileMain;
import dev.interlock.bench.worker.OpenRegionMain;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A new JVM until it has opened a region that exists, and until it has used a lock in it, next to a JVM that does nothing and one that
 * maps a file by hand. The time is from just before the process is started to the moment that it tells. All have the same class path and options, and the
 * JDK's own class-data archive.
 */
final class RegionOpen implements Benchmark {
    private static final String BARE = "bare JVM";
    private static final String MAP = "FileChannel.map";
    private static final String LOCK = "lock";
    private static final double LIMIT_NANOS = 15e6;
    private static final String ON_TOP =
            "Each start less the mean of the bare JVM's starts right before and right after it.";

    @Override
    public String name() {
        return "region-open";
    }

    @Override
    public List<Result> run(Lab lab) throws Exception {
        String regionName = Lab.regionName(name());
        String file = lab.file("mapped").toString();
        try (var region = Region.create(regionName)) {
            try {
                region.lock(LOCK);
                Rounds rounds =
                        new Rounds()
                                .with(OURS, () -> startOurs(regionName))
                                .with(BARE, () -> start(BareMain.class))
                                .with(MAP, () -> start(MapFileMain.class, file))
                                .warmUps(1)
                                .run(lab.effort().openings());
                return results(rounds);
            } finally {
                region.unlink();
            }
        }
    }

    private List<Result> results(Rounds rounds) {
        List<Series> opened = rounds.series(0);
        List<Series> used = rounds.series(1);
        Series bare = opened.get(1);
        Series map = onTop(opened.getLast(), bare, 0);
        return List.of(
                Result.of(name(), "start of a JVM until a region is open", Unit.NANOS, opened),
                Result.of(
                                name(),
                                "opening, on top of a bare JVM",
                                Unit.NANOS,
                                List.of(onTop(opened.getFirst(), bare, -1), map))
                        .withTargets(Target.absolute(LIMIT_NANOS))
                        .withNotes(ON_TOP),
                Result.of(
                                name(),
                                "opening and the first use of a lock, on top of a bare JVM",
                                Unit.NANOS,
                                List.of(onTop(used.getFirst(), bare, -1), map))
                        .withNotes(ON_TOP));
    }

    /*
     * With the bare starts on both sides, what makes the machine faster or slower for a while is in both, and one odd bare start counts half,
     * twice. Differences to one of them, or of two medians, varied more from run to run. The first of the two is that many rounds off:
     * a round begins with ours.
     */
    private static Series onTop(Series whole, Series bare, int first) {
        int last = bare.samples().size() - 1;
        if (!bare.isMeasured()) return Series.missing(whole.who(), "no bare JVM");
        List<Double> differences = new ArrayList<>();
        for (int i = 0; i < whole.samples().size(); i++) {
            double before = bare.samples().get(Math.max(0, i + first));
            double after = bare.samples().get(Math.min(last, i + first + 1));
            differences.add(whole.samples().get(i) - (before + after) / 2);
        }
        return new Series(whole.who(), differences, whole.missing());
    }

    private static double[][] startOurs(String region) throws IOException, InterruptedException {
        double[] times = StartTime.measure(2, OpenRegionMain.class, region, LOCK);
        return new double[][] {{times[0]}, {times[1]}};
    }

    private static double[][] start(Class<?> main, Serializable... arguments)
            throws IOException, InterruptedException {
        return new double[][] {{StartTime.measure(main, arguments)}};
    }
}
