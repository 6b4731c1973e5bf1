package dev.interlock.bench.jmh;

import dev.interlock.Region;
import dev.interlock.SharedLock;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Lock and unlock by one thread, with nobody else in sight. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
// JMH calls the set-up first; nothing comes between lock and unlock.
@SuppressWarnings({"NullAway.Init", "LockNotBeforeTry"})
public class LockPair {
    /** For JMH. */
    public LockPair() {}

    /** A lock in a region with so many of them; the one in the middle. */
    @State(Scope.Benchmark)
    public static class Ours {
        /** How many locks are in the region. */
        @Param("1")
        public int locks;

        private Region region;
        private SharedLock lock;

        /** For JMH. */
        public Ours() {}

        /** Makes the locks. */
        @Setup
        public void open() {
            region = Region.temporary();
            for (int i = 0; i < locks; i++) {
                SharedLock made = region.lock();
                if (i == locks / 2) lock = made;
            }
        }

        /** Removes them. */
        @TearDown
        public void close() {
            region.close();
        }
    }

    /** A lock of one JVM. */
    @State(Scope.Benchmark)
    public static class Threads {
        private final ReentrantLock lock = new ReentrantLock();

        /** For JMH. */
        public Threads() {}
    }

    /** A file to lock. */
    @State(Scope.Benchmark)
    public static class File {
        private Path path;
        private FileChannel channel;

        /** For JMH. */
        public File() {}

        /** Makes the file. */
        @Setup
        public void open() throws IOException {
            path = Files.createTempFile("interlock-bench", ".lock");
            channel = FileChannel.open(path, StandardOpenOption.WRITE);
        }

        /** Removes it. */
        @TearDown
        public void close() throws IOException {
            channel.close();
            Files.delete(path);
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

    /** The JDK's for threads. */
    @Benchmark
    @OperationsPerInvocation(Loop.LENGTH)
    public void reentrantLock(Threads threads) {
        for (int i = 0; i < Loop.LENGTH; i++) {
            threads.lock.lock();
            threads.lock.unlock();
        }
    }

    /** The JDK's for processes. */
    @Benchmark
    public void fileLock(File file) throws IOException {
        file.channel.lock().release();
    }
}
