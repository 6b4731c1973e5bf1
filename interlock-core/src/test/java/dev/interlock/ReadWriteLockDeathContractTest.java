package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a read-write lock promises when a process that uses it is killed, leaves, or closes its region. */
@SuppressWarnings("LockNotBeforeTry") // it tries how they fail
class ReadWriteLockDeathContractTest extends ReadWriteLockContract {
    // Death

    @Test
    void aWriterThatIsKilled_leavesTheLockAbandoned_untilItIsRepaired() throws Exception {
        SharedReadWriteLock lock = this.lock;
        try (Crew crew = new Crew(Crew.Place.PROCESSES)) {
            Crew.Actor victim = crew.hire();
            Crew.Actor other = crew.hire();
            long stamp = lock.tryOptimisticRead();
            victim.run(() -> lock.writeLock().lock());
            var reading =
                    waiting(
                            other,
                            () -> {
                                lock.readLock().lock();
                                assertThat(lock.isAbandoned()).isTrue();
                                lock.readLock().unlock();
                            });
            victim.killProcess();
            reading.join();
            assertThat(lock.isAbandoned()).isTrue();
            assertThat(lock.isWriteLocked()).isFalse();
            assertThat(lock.owner()).isEmpty();
            assertThat(lock.validate(stamp)).isFalse();
            assertThat(lock.tryOptimisticRead()).as("who reads must be told").isZero();
            for (int i = 0; i < 2; i++) { // until repaired
                lock.writeLock().lock();
                assertThat(lock.isAbandoned()).isTrue();
                lock.writeLock().unlock();
                assertThat(other.call(lock::isAbandoned)).isTrue();
            }
            lock.writeLock().lock();
            lock.markConsistent();
            lock.writeLock().unlock();
            assertThat(lock.isAbandoned()).isFalse();
            assertThat(other.call(lock::isAbandoned)).isFalse();
            assertThat(lock.validate(lock.tryOptimisticRead())).isTrue();
        }
    }

    @Test
    void readersThatAreKilled_leaveNothing() throws Exception {
        SharedReadWriteLock lock = this.lock;
        try (Crew crew = new Crew(Crew.Place.PROCESSES)) {
            Crew.Actor victim = crew.hire();
            Crew.Actor other = crew.hire();
            Crew.Actor second = crew.hire(); // in the victim's process
            victim.run(() -> lock.readLock().lock());
            victim.run(() -> lock.readLock().lock());
            second.run(() -> lock.readLock().lock());
            assertThat(lock.getReadLockCount()).isEqualTo(2);
            var writing = waiting(other, () -> lock.writeLock().lock());
            victim.killProcess();
            writing.join();
            assertThat(lock.isAbandoned()).isFalse();
            assertThat(lock.getReadLockCount()).isZero();
            other.run(() -> lock.writeLock().unlock());
        }
    }

    @Test
    void aReaderThatWasKilledUnnoticed_isNoReaderToWhoTriesOnce() throws Exception {
        SharedReadWriteLock lock = this.lock;
        try (Crew crew = new Crew(Crew.Place.PROCESSES)) {
            Crew.Actor victim = crew.hire();
            victim.run(() -> lock.readLock().lock());
            victim.killProcess();
            Watchdog.await("it is noticed", () -> lock.writeLock().tryLock());
            assertThat(lock.isAbandoned()).isFalse();
        }
    }

    @Test
    void aWriterThatIsKilledWaitingForReaders_leavesNothing() throws Exception {
        SharedReadWriteLock lock = this.lock;
        try (Crew crew = new Crew(Crew.Place.PROCESSES)) {
            Crew.Actor victim = crew.hire();
            Crew.Actor other = crew.hire();
            lock.readLock().lock();
            long stamp = lock.tryOptimisticRead();
            waiting(victim, () -> lock.writeLock().lock());
            var reading = waiting(other, () -> lock.readLock().lock());
            victim.killProcess();
            reading.join();
            assertThat(lock.isAbandoned()).isFalse();
            assertThat(lock.validate(stamp)).isTrue();
            other.run(() -> lock.readLock().unlock());
            lock.readLock().unlock();
            assertThat(other.call(tries(lock, Part.WRITE))).isTrue();
        }
    }

    @Test
    void aProcessThatLeavesReading_leavesNothing_andOneThatLeavesWriting_anAbandonedLock()
            throws Exception {
        SharedReadWriteLock lock = this.lock;
        RegionOptions here = this.here;
        String directory = this.directory.toString();
        assertThat(here).isNotNull();
        try (Crew crew = new Crew(Crew.Place.PROCESSES)) {
            Crew.Actor leaver = crew.hire();
            leaver.run(() -> leave(directory, Part.READ));
            assertThat(lock.getReadLockCount()).isZero();
            assertThat(lock.writeLock().tryLock()).isTrue();
            lock.writeLock().unlock();
            assertThat(lock.isAbandoned()).isFalse();
            leaver.run(() -> leave(directory, Part.WRITE));
            assertThat(lock.isAbandoned()).isTrue();
            assertThat(lock.readLock().tryLock()).isTrue();
        }
    }

    private static void leave(String directory, Part part) {
        RegionOptions there =
                RegionOptions.defaults().directory(Path.of(directory)).maxBytes(4 << 20);
        try (Region again = Region.attach("contract", there)) {
            part.of(again.readWriteLock("l")).lock();
        }
    }

    // Closing

    @ParameterizedTest
    @EnumSource
    void closingTheRegion_endsWaits_andLeavesTheLockSound(Part part) throws Exception {
        for (Part held : Part.values()) {
            if (held == Part.READ && part == Part.READ) continue; // does not wait
            held.of(lock).lock();
            Region again = Region.attach("contract", here);
            ReadWritePart theirs = part.of(again.readWriteLock("l"));
            var thrown = new java.util.concurrent.CompletableFuture<Throwable>();
            Thread waiter =
                    Thread.ofPlatform()
                            .daemon()
                            .start(() -> {
                                try {
                                    theirs.lock();
                                } catch (Throwable e) {
                                    thrown.complete(e);
                                }
                            });
            Watchdog.await("it waits", lock::hasQueuedThreads);
            again.close();
            assertThat(thrown.get(60, TimeUnit.SECONDS)).isInstanceOf(IllegalStateException.class);
            Watchdog.join(waiter);
            held.of(lock).unlock();
            assertThat(lock.hasQueuedThreads()).isFalse();
            assertThat(lock.isAbandoned()).isFalse();
            assertThat(lock.getReadLockCount()).isZero();
            lock.writeLock().lock();
            lock.writeLock().unlock();
        }
    }

    @Test
    void aClosedHandle_throws_andAnotherOpeningUnlocks() {
        Region again = Region.attach("contract", here);
        SharedReadWriteLock theirs = again.readWriteLock("l");
        theirs.readLock().lock();
        again.close();
        for (Part part : Part.values()) {
            ReadWritePart l = part.of(theirs);
            assertThatThrownBy(l::lock).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(l::tryLock).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(l::unlock).isInstanceOf(IllegalStateException.class);
        }
        assertThatThrownBy(theirs::tryOptimisticRead).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> theirs.validate(1)).isInstanceOf(IllegalStateException.class);
        assertThat(lock.getReadHoldCount()).isEqualTo(1);
        lock.readLock().unlock();
        assertThat(lock.getReadLockCount()).isZero();
    }

    @Test
    void aRegionClosedUnderReadersAndWriters_isSoundForOthers() throws Exception {
        for (int round = 0; round < 30; round++) {
            Region again = Region.attach("contract", here);
            SharedReadWriteLock theirs = again.readWriteLock("l");
            List<Thread> threads = new ArrayList<>();
            var started = new AtomicInteger();
            for (int i = 0; i < 4; i++) {
                Part part = i == 0 ? Part.WRITE : Part.READ;
                threads.add(
                        Thread.ofPlatform()
                                .daemon()
                                .start(() -> useUntilClosed(theirs, part, started)));
            }
            Watchdog.await("they run", () -> started.get() == 4);
            again.close();
            for (Thread thread : threads) Watchdog.join(thread);
            // Who was between lock and unlock holds it still, and no thread is left to unlock it.
            if (lock.getReadLockCount() == 0 && !lock.isWriteLocked()) {
                lock.writeLock().lock();
                lock.writeLock().unlock();
            } else {
                region.close();
                open();
                lock.writeLock().lock();
                lock.markConsistent();
                lock.writeLock().unlock();
            }
        }
    }

    private void useUntilClosed(SharedReadWriteLock theirs, Part part, AtomicInteger started) {
        try {
            for (int i = 0; ; i++) {
                part.of(theirs).lock();
                part.of(theirs).unlock();
                if (i == 100) started.incrementAndGet();
            }
        } catch (IllegalStateException closed) {
            // An unlock that was refused is made up for by the other opening.
            while (lock.getReadHoldCount() > 0) lock.readLock().unlock();
            while (lock.getWriteHoldCount() > 0) lock.writeLock().unlock();
        }
    }
}
