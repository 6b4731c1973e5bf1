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
 * A new JVM until it has used a lock in a region that exists, next to a JVM that does nothing and one that maps a file by hand. The
 * time is from just before the process is started to the moment that it tells. All have the same class path and options, and the
 * JDK's own class-data archive.
 */
final class RegionOpen implements Benchmark {
    private static final String BARE = "bare JVM";
    private static final String MAP = "FileChannel.map";
    private static final String LOCK = "lock";
    private static final double LIMIT_NANOS = 15e6;

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
                                .with(OURS, () -> start(OpenRegionMain.class, regionName, LOCK))
                                .with(BARE, () -> start(BareMain.class))
                                .with(MAP, () -> start(MapFileMain.class, file))
                                .warmUp()
                                .run(lab.effort().starts());
                return results(rounds);
            } finally {
                region.unlink();
            }
        }
    }

    private List<Result> results(Rounds rounds) {
        List<Series> whole = rounds.series(0);
        Series bare = whole.get(1);
        return List.of(
                Result.of(name(), "start of a JVM until a lock was used", Unit.NANOS, whole),
                Result.of(
                                name(),
                                "what that takes on top of the bare JVM in the same round",
                                Unit.NANOS,
                                List.of(
                                        onTop(whole.getFirst(), bare),
                                        onTop(whole.getLast(), bare)))
                        .withTargets(Target.absolute(LIMIT_NANOS)));
    }

    private static Series onTop(Series whole, Series bare) {
        if (!bare.isMeasured()) return Series.missing(whole.who(), "no bare JVM");
        List<Double> differences = new ArrayList<>();
        for (int i = 0; i < whole.samples().size(); i++)
            differences.add(whole.samples().get(i) - bare.samples().get(i));
        return new Series(whole.who(), differences, whole.missing());
    }

    private static double[][] start(Class<?> main, Serializable... arguments)
            throws IOException, InterruptedException {
        return new double[][] {{StartTime.measure(main, arguments)}};
    }
}
