package dev.interlock.bench.jmh;

import dev.interlock.Region;
import dev.interlock.SharedReentrantLock;
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

/** Lock and unlock of a reentrant lock by one thread, with nobody else in sight. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
// JMH calls the set-up first; nothing comes between lock and unlock.
@SuppressWarnings({"NullAway.Init", "LockNotBeforeTry"})
public class ReentrantPair {
    /** For JMH. */
    public ReentrantPair() {}

    /** A reentrant lock in a region. */
    @State(Scope.Benchmark)
    public static class Ours {
        private Region region;
        private SharedReentrantLock lock;

        /** For JMH. */
        public Ours() {}

        /** Makes it. */
        @Setup
        public void open() {
            region = Region.temporary();
            lock = region.reentrantLock();
        }

        /** Removes it. */
        @TearDown
        public void close() {
            region.close();
        }
    }

    /** Ours. */
    @Benchmark
    @OperationsPerInvocation(Loop.LENGTH)
    public void interlock(Ours ours) {
        for (int i = 0; i < Loop.LENGTH; i++) {
            ours.lock.lock();
            ours.lock.unlock();
        }
    }
}
