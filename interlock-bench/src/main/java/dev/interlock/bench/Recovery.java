package dev.interlock.bench;

import static dev.interlock.bench.report.Result.OURS;

import dev.interlock.Region;
import dev.interlock.SharedLock;
import dev.interlock.bench.report.Result;
import dev.interlock.bench.report.Series;
import dev.interlock.bench.report.Target;
import dev.interlock.bench.report.Unit;
import dev.interlock.bench.worker.RecoveryVictim;
import dev.interlock.bench.worker.RecoveryWaiter;
import dev.interlock.bench.worker.Worker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * From just before {@code kill -9} of the owner to the moment that a process which slept in {@code lock()} owns the lock. The owner
 * is a JVM that holds a shared lock and a lock of a file, with all of its heap touched; each lock has a waiter of its own, so one
 * death gives a sample of both. The C program does the same with a robust mutex and as much touched memory.
 */
final class Recovery implements Benchmark {
    private static final double LIMIT_NANOS = 10e6;
    private static final long SETTLED_MILLIS = 300; // a program that has been running for a while
    private static final long ASLEEP_MILLIS = 20;
    private static final long SPARE_BYTES = 1L << 30;

    @Override
    public String name() {
        return "recovery";
    }

    @Override
    public List<Result> run(Lab lab) throws Exception {
        List<Result> results = new ArrayList<>();
        String file = lab.file("recovery").toString();
        try (var region = Region.temporary()) {
            var lock = region.lock();
            try (var lockWaiter = Worker.start(RecoveryWaiter.class, lock, file, "lock");
                    var fileWaiter = Worker.start(RecoveryWaiter.class, lock, file, "file")) {
                for (long heap : lab.effort().heapBytes()) {
                    results.add(run(lab, heap, new Scene(lock, file, lockWaiter, fileWaiter)));
                }
            }
        }
        return results;
    }

    private Result run(Lab lab, long heap, Scene scene) throws InterruptedException {
        int times = lab.effort().recoveries();
        Result result =
                Result.of(
                                name(),
                                "kill -9 of the owner, "
                                        + (heap >> 20)
                                        + " MB of heap touched, to a waiter that owns",
                                Unit.NANOS,
                                fits(heap) ? measure(lab, heap, scene, times) : tooBig())
                        .withTargets(Target.absolute(LIMIT_NANOS));
        return result.withNotes(times + " deaths. INTERLOCK_BENCH_ROUNDS=50 makes it fifty.");
    }

    private static boolean fits(long heap) {
        return Machine.availableBytes() > heap + heap / 4 + SPARE_BYTES;
    }

    private static List<Series> tooBig() {
        String reason =
                "skipped, only "
                        + (Machine.availableBytes() >> 20)
                        + " MB of memory are available on this machine";
        return List.of(Series.missing(OURS, reason));
    }

    private static List<Series> measure(Lab lab, long heap, Scene scene, int times)
            throws InterruptedException {
        Rounds rounds =
                new Rounds()
                        .with(OURS, () -> scene.kill(heap))
                        .withOne(Peers.ROBUST_MUTEX, () -> lab.c().run("recovery", heap, 1))
                        .warmUps(1)
                        .run(times);
        Series file = rounds.series(1).getFirst();
        List<Series> series = new ArrayList<>(rounds.series(0));
        series.add(new Series(Peers.FILE_LOCK, file.samples(), file.missing()));
        return series;
    }

    /** The locks and who waits for them. */
    private record Scene(SharedLock lock, String file, Worker lockWaiter, Worker fileWaiter) {
        double[][] kill(long heap) throws IOException, InterruptedException {
            try (var victim = Worker.start(RecoveryVictim.class, jvmOptions(heap), lock, file)) {
                victim.answer();
                for (Worker waiter : List.of(lockWaiter, fileWaiter)) waiter.ask("wait");
                Thread.sleep(SETTLED_MILLIS + ASLEEP_MILLIS);
                long killed = System.nanoTime();
                victim.kill();
                return new double[][] {
                    {lockWaiter.answer()[0] - killed}, {fileWaiter.answer()[0] - killed}
                };
            }
        }

        private static List<String> jvmOptions(long heap) {
            if (heap == 0) return List.of("-XX:+UseSerialGC");
            String size = (heap >> 20) + "m";
            return List.of("-XX:+UseSerialGC", "-Xms" + size, "-Xmx" + size, "-XX:+AlwaysPreTouch");
        }
    }
}
