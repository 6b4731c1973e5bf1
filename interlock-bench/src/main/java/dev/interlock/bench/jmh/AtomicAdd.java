package dev.interlock.bench.jmh;

import dev.interlock.Region;
import dev.interlock.SharedLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One addition by one thread, with nobody else in sight. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class AtomicAdd {
    /** For JMH. */
    public AtomicAdd() {}

    /** A shared long. */
    @State(Scope.Benchmark)
    public static class Ours {
        private Region region;
        private SharedLong value;

        /** For JMH. */
        public Ours() {}

        /** Makes it. */
        @Setup
        public void open() {
            region = Region.temporary();
            value = region.longValue(0);
        }

        /** Removes it. */
        @TearDown
        public void close() {
            region.close();
        }
    }

    /** A long of one JVM. */
    @State(Scope.Benchmark)
    public static class Threads {
        private final AtomicLong value = new AtomicLong();

        /** For JMH. */
        public Threads() {}
    }

    /** Ours. */
    @Benchmark
    @OperationsPerInvocation(Loop.LENGTH)
    public long interlock(Ours ours) {
        long last = 0;
        for (int i = 0; i < Loop.LENGTH; i++) last = ours.value.getAndAdd(1);
        return last;
    }

    /** The JDK's. */
    @Benchmark
    @OperationsPerInvocation(Loop.LENGTH)
    public long atomicLong(Threads threads) {
        long last = 0;
        for (int i = 0; i < Loop.LENGTH; i++) last = threads.value.getAndAdd(1);
        return last;
    }
}
