package dev.interlock.bench.jmh;

import dev.interlock.Region;
import dev.interlock.SemaphoreOptions;
import dev.interlock.SharedSemaphore;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Acquire and release of one permit by one thread, with nobody else in sight. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class SemaphorePair {
    /** For JMH. */
    public SemaphorePair() {}

    /** Semaphores in a region, of one permit. */
    @State(Scope.Benchmark)
    public static class Ours {
        private Region region;
        private SharedSemaphore owned;
        private SharedSemaphore unowned;

        /** For JMH. */
        public Ours() {}

        /** Makes them. */
        @Setup
        public void open() {
            region = Region.temporary();
            owned = region.semaphore(1);
            unowned = region.semaphore(1, SemaphoreOptions.unowned());
        }

        /** Removes them. */
        @TearDown
        public void close() {
            region.close();
        }
    }

    /** A semaphore of one JVM. */
    @State(Scope.Benchmark)
    public static class Threads {
        private final Semaphore semaphore = new Semaphore(1);

        /** For JMH. */
        public Threads() {}
    }

    /** Ours, whose permits come back at the death of who holds them. */
    @Benchmark
    @OperationsPerInvocation(Loop.LENGTH)
    public void interlock(Ours ours) throws InterruptedException {
        for (int i = 0; i < Loop.LENGTH; i++) {
            ours.owned.acquire();
            ours.owned.release();
        }
    }

    /** Ours, whose permits belong to nobody, as in C. */
    @Benchmark
    @OperationsPerInvocation(Loop.LENGTH)
    public void interlockUnowned(Ours ours) throws InterruptedException {
        for (int i = 0; i < Loop.LENGTH; i++) {
            ours.unowned.acquire();
            ours.unowned.release();
        }
    }

    /** The JDK's. */
    @Benchmark
    @OperationsPerInvocation(Loop.LENGTH)
    public void semaphore(Threads threads) throws InterruptedException {
        for (int i = 0; i < Loop.LENGTH; i++) {
            threads.semaphore.acquire();
            threads.semaphore.release();
        }
    }
}
