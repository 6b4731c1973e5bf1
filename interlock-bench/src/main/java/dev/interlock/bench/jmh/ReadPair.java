package dev.interlock.bench.jmh;

import dev.interlock.Region;
import dev.interlock.SharedReadLock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Lock and unlock for reading by one thread, with nobody else in sight. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
// JMH calls the set-up first; nothing comes between lock and unlock.
@SuppressWarnings({"NullAway.Init", "LockNotBeforeTry"})
public class ReadPair {
    /** For JMH. */
    public ReadPair() {}

    /** A read-write lock in a region. */
    @State(Scope.Benchmark)
    public static class Ours {
        private Region region;
        private SharedReadLock lock;

        /** For JMH. */
        public Ours() {}

        /** Makes it. */
        @Setup
        public void open() {
            region = Region.temporary();
            lock = region.readWriteLock().readLock();
        }

        /** Removes it. */
        @TearDown
        public void close() {
            region.close();
        }
    }

    /** A read-write lock of one JVM. */
    @State(Scope.Benchmark)
    public static class Threads {
        private final ReentrantReadWriteLock.ReadLock lock =
                new ReentrantReadWriteLock().readLock();

        /** For JMH. */
        public Threads() {}
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

    /** The JDK's. */
    @Benchmark
    @OperationsPerInvocation(Loop.LENGTH)
    public void reentrantReadWriteLock(Threads threads) {
        for (int i = 0; i < Loop.LENGTH; i++) {
            threads.lock.lock();
            threads.lock.unlock();
        }
    }
}
