package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That readers of a read-write lock, with it or without, never see what a writer has half written. */
@SuppressWarnings("LockNotBeforeTry") // a thread holds it while others try
class ReadWriteLockExclusionContractTest extends ReadWriteLockContract {
    // Optimistic reads

    @ParameterizedTest
    @EnumSource
    void aStamp_isValidUntilSomebodyWrites(Crew.Place place) throws Exception {
        SharedReadWriteLock lock = this.lock;
        try (Crew crew = new Crew(place)) {
            Crew.Actor other = crew.hire();
            long stamp = lock.tryOptimisticRead();
            assertThat(stamp).isNotZero();
            assertThat(lock.validate(stamp)).isTrue();
            assertThat(other.call(() -> lock.validate(stamp))).isTrue();
            other.run(() -> lock.readLock().lock());
            assertThat(lock.validate(stamp)).isTrue();
            assertThat(lock.writeLock().tryLock()).isFalse();
            assertThat(lock.writeLock().tryLock(Duration.ofMillis(5))).isFalse();
            assertThat(lock.validate(stamp)).as("nobody wrote").isTrue();
            other.run(() -> lock.readLock().unlock());
            other.run(() -> lock.writeLock().lock());
            assertThat(lock.validate(stamp)).isFalse();
            assertThat(lock.tryOptimisticRead()).isZero();
            other.run(() -> lock.writeLock().unlock());
            assertThat(lock.validate(stamp)).isFalse();
            long next = lock.tryOptimisticRead();
            assertThat(next).isNotZero().isNotEqualTo(stamp);
            assertThat(lock.validate(next)).isTrue();
        }
    }

    @Test
    void zero_isNoValidStamp() {
        assertThat(lock.validate(0)).isFalse();
        lock.writeLock().lock();
        assertThat(lock.validate(0)).isFalse();
        assertThat(lock.tryOptimisticRead()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void validatedReads_areNeverTorn(Crew.Place place) throws Exception {
        SharedReadWriteLock lock = this.lock;
        SharedLongArray pair = region.longArray("pair", 64);
        SharedBoolean stop = region.booleanValue("stop", false);
        try (Crew crew = new Crew(place)) {
            Crew.Actor writer = crew.hire();
            Crew.Actor reader = crew.hire();
            var writing =
                    writer.begin(() -> {
                        for (long i = 1; !stop.get(); i++) {
                            try (var _ = lock.writeLock().acquire()) {
                                pair.set(0, i);
                                pair.set(63, -i);
                            }
                            if (i % 16 == 0) Thread.sleep(0, 100_000);
                        }
                    });
            long valid =
                    reader.call(() -> {
                        long count = 0;
                        for (int i = 0; i < 200_000 || (count == 0 && i < 50_000_000); i++) {
                            long stamp = lock.tryOptimisticRead();
                            long one = pair.get(0);
                            long other = pair.get(63);
                            if (!lock.validate(stamp)) continue;
                            assertThat(one + other).isZero();
                            count++;
                        }
                        return count;
                    });
            stop.set(true);
            writing.join();
            assertThat(valid).isPositive();
        }
    }

    // Exclusion

    @ParameterizedTest
    @EnumSource
    void manyThreads_inAllWays_keepReadersAndWritersApart(Crew.Place place) throws Exception {
        SharedReadWriteLock lock = this.lock;
        SharedLongArray pair = region.longArray("pair", 64);
        int rounds = 3_000;
        try (Crew crew = new Crew(place)) {
            List<Crew.Promise<Long>> all = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                int seed = i;
                all.add(crew.hire().start(() -> mixed(lock, pair, rounds, seed)));
            }
            long written = 0;
            for (var one : all) written += one.join();
            assertThat(pair.get(0)).isEqualTo(written).isPositive();
            assertThat(pair.get(63)).isEqualTo(written);
            assertThat(lock.getReadLockCount()).isZero();
            assertThat(lock.isWriteLocked()).isFalse();
            assertThat(lock.hasQueuedThreads()).isFalse();
            assertThat(lock.isAbandoned()).isFalse();
        }
    }

    private static long mixed(SharedReadWriteLock lock, SharedLongArray pair, int rounds, int seed)
            throws InterruptedException {
        var random = new java.util.Random(seed);
        long written = 0;
        for (int i = 0; i < rounds; i++) {
            boolean writes = random.nextInt(5) == 0;
            ReadWritePart part = writes ? lock.writeLock() : lock.readLock();
            switch (random.nextInt(4)) {
                case 0 -> {
                    if (!part.tryLock()) continue;
                }
                case 1 -> {
                    if (!part.tryLock(Duration.ofNanos(random.nextInt(200_000)))) continue;
                }
                case 2 -> part.lockInterruptibly();
                default -> part.lock();
            }
            long one = pair.get(0);
            if (writes) pair.set(0, one + 1);
            if (random.nextInt(50) == 0) LockSupport.parkNanos(1);
            long other = pair.get(63);
            if (one != other) throw new AssertionError(one + " and " + other);
            if (writes) pair.set(63, other + 1);
            if (writes && random.nextInt(4) == 0) { // down
                lock.readLock().lock();
                part.unlock();
                part = lock.readLock();
                if (pair.get(0) != one + 1) throw new AssertionError("somebody wrote");
            }
            part.unlock();
            if (writes) written++;
        }
        return written;
    }

    @Test
    void aThousandVirtualThreads_readAndWrite_andSomeAreInterrupted() throws Exception {
        int count = 1_000;
        SharedLongArray pair = region.longArray("pair", 64);
        var written = new AtomicInteger();
        var interrupted = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        lock.writeLock().lock();
        for (int i = 0; i < count; i++) {
            Part part = i % 3 == 0 ? Part.WRITE : Part.READ;
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    part.of(lock).lockInterruptibly();
                                } catch (InterruptedException e) {
                                    interrupted.incrementAndGet();
                                    return;
                                }
                                if (part == Part.WRITE) {
                                    pair.set(0, pair.get(0) + 1);
                                    pair.set(63, pair.get(63) + 1);
                                    written.incrementAndGet();
                                }
                                assertThat(pair.get(0)).isEqualTo(pair.get(63));
                                part.of(lock).unlock();
                            }));
        }
        Watchdog.await("all are seen to wait", () -> lock.getQueueLength() == count);
        for (int i = 0; i < count; i += 10) threads.get(i).interrupt();
        for (int i = 0; i < count; i += 10) Watchdog.join(threads.get(i));
        lock.writeLock().unlock();
        for (Thread thread : threads) Watchdog.join(thread);
        assertThat(interrupted).hasValue(count / 10);
        assertThat(pair.get(0)).isEqualTo(written.get());
        assertThat(lock.getReadLockCount()).isZero();
        assertThat(lock.writeLock().tryLock()).isTrue();
    }
}
