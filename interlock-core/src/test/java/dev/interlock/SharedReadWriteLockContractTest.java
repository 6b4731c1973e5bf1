package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a read-write lock promises to the threads and processes that take and release it. The list of cases, here and in {@link
 * ReadWriteLockWaitsContractTest}, follows what the JSR-166 TCK tries of ReentrantReadWriteLock. Deaths are in {@link
 * ReadWriteLockDeathContractTest}, many at once in {@link ReadWriteLockExclusionContractTest}.
 */
@SuppressWarnings("LockNotBeforeTry") // it tries how they fail
class SharedReadWriteLockContractTest extends ReadWriteLockContract {
    // Taking and releasing

    @Test
    void aReaderThatCameThroughAClosedOpening_keepsWritersOutWhenItComesThroughAnother()
            throws Exception {
        SharedReadWriteLock closed;
        try (Region other = Region.open("contract", here)) {
            closed = other.readWriteLock("not used before");
        }
        SharedReadWriteLock open = region.readWriteLock("not used before");
        assertThatThrownBy(closed.readLock()::lock).isInstanceOf(IllegalStateException.class);
        open.readLock().lock();
        try (Crew crew = new Crew(Crew.Place.THREADS)) {
            boolean writes = crew.hire().call(open.writeLock()::tryLock);
            assertThat(writes).isFalse();
        } finally {
            open.readLock().unlock();
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyForm_takesAFreeLock_andUnlockReleasesIt(Part part) throws Exception {
        ReadWritePart l = part.of(lock);
        for (Way way : Way.values()) {
            way.call.on(l);
            requireHeld(part, true);
            l.unlock();
            requireHeld(part, false);
        }
        assertThat(l.tryLock()).isTrue();
        l.unlock();
        assertThat(l.tryLock(Duration.ZERO)).isTrue();
        l.unlock();
        assertThat(l.tryLock(-1, TimeUnit.SECONDS)).isTrue();
        l.unlock();
        requireHeld(part, false);
    }

    @ParameterizedTest
    @EnumSource
    void acquire_unlocksAtTheEndOfTheBlock(Part part) {
        try (var held = part.of(lock).acquire()) {
            assertThat(held).isNotNull();
            requireHeld(part, true);
        }
        requireHeld(part, false);
    }

    @ParameterizedTest
    @EnumSource
    void readers_readAtOnce(Crew.Place place) throws Exception {
        SharedReadWriteLock lock = this.lock;
        try (Crew crew = new Crew(place)) {
            List<Crew.Actor> actors = List.of(crew.hire(), crew.hire(), crew.hire(), crew.hire());
            for (Crew.Actor actor : actors) actor.run(() -> lock.readLock().lock());
            assertThat(lock.getReadLockCount()).isEqualTo(4);
            assertThat(lock.isWriteLocked()).isFalse();
            assertThat(lock.hasQueuedThreads()).isFalse();
            for (Crew.Actor actor : actors) actor.run(() -> lock.readLock().unlock());
            assertThat(lock.getReadLockCount()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWriter_keepsOthersOut_inEveryForm(Crew.Place place) throws Exception {
        SharedReadWriteLock lock = this.lock;
        try (Crew crew = new Crew(place)) {
            Crew.Actor writer = crew.hire();
            Crew.Actor other = crew.hire();
            writer.run(() -> lock.writeLock().lock());
            for (Part part : Part.values()) requireRefused(other, part);
            for (Part part : Part.values()) {
                assertThat(part.of(lock).tryLock()).isFalse();
                assertThat(part.of(lock).tryLock(Duration.ofSeconds(-1))).isFalse();
            }
            writer.run(() -> lock.writeLock().unlock());
            for (Part part : Part.values()) assertThat(other.call(tries(lock, part))).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReader_keepsWritersOut_inEveryForm(Crew.Place place) throws Exception {
        SharedReadWriteLock lock = this.lock;
        try (Crew crew = new Crew(place)) {
            Crew.Actor reader = crew.hire();
            Crew.Actor other = crew.hire();
            reader.run(() -> lock.readLock().lock());
            requireRefused(other, Part.WRITE);
            assertThat(other.call(tries(lock, Part.READ))).isTrue();
            assertThat(lock.writeLock().tryLock()).isFalse();
            reader.run(() -> lock.readLock().unlock());
            assertThat(other.call(tries(lock, Part.WRITE))).isTrue();
        }
    }

    private void requireRefused(Crew.Actor actor, Part part) throws Exception {
        SharedReadWriteLock lock = this.lock;
        long millis = SHORT.toMillis();
        long waited =
                actor.call(() -> {
                    ReadWritePart l = part.of(lock);
                    assertThat(l.tryLock()).isFalse();
                    assertThat(l.tryLock(Duration.ZERO)).isFalse();
                    assertThat(l.tryLock(-1, TimeUnit.SECONDS)).isFalse();
                    long start = System.nanoTime();
                    assertThat(l.tryLock(millis, TimeUnit.MILLISECONDS)).isFalse();
                    assertThat(l.tryLock(Duration.ofMillis(millis))).isFalse();
                    return System.nanoTime() - start;
                });
        assertThat(Duration.ofNanos(waited)).isGreaterThanOrEqualTo(SHORT.multipliedBy(2));
    }

    @ParameterizedTest
    @EnumSource
    void whoWaitsForAWriter_proceedsWhenItUnlocks_inEveryWay(Crew.Place place) throws Exception {
        SharedReadWriteLock lock = this.lock;
        try (Crew crew = new Crew(place)) {
            Crew.Actor waiter = crew.hire();
            for (Part part : Part.values()) {
                for (Way way : Way.values()) {
                    lock.writeLock().lock();
                    var waiting =
                            waiting(
                                    waiter,
                                    () -> {
                                        way.call.on(part.of(lock));
                                        part.of(lock).unlock();
                                    });
                    lock.writeLock().unlock();
                    waiting.join();
                }
            }
            assertThat(lock.hasQueuedThreads()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWriterThatWaitsForReaders_proceedsWhenTheLastUnlocks(Crew.Place place) throws Exception {
        SharedReadWriteLock lock = this.lock;
        try (Crew crew = new Crew(place)) {
            Crew.Actor one = crew.hire();
            Crew.Actor two = crew.hire();
            Crew.Actor writer = crew.hire();
            for (Way way : Way.values()) {
                one.run(() -> lock.readLock().lock());
                two.run(() -> lock.readLock().lock());
                lock.readLock().lock();
                var writing =
                        waiting(
                                writer,
                                () -> {
                                    way.call.on(lock.writeLock());
                                    assertThat(lock.isWriteLockedByCurrentThread()).isTrue();
                                    assertThat(lock.getReadLockCount()).isZero();
                                    lock.writeLock().unlock();
                                });
                one.run(() -> lock.readLock().unlock());
                lock.readLock().unlock();
                assertThat(writing.isDone()).isFalse();
                two.run(() -> lock.readLock().unlock());
                writing.join();
            }
        }
    }

    // Reentrance

    @Test
    void reading_isReentrant_andCountsHolds() throws Exception {
        for (int i = 1; i <= 10; i++) {
            assertThat(i % 2 == 0 ? lock.readLock().tryLock() : lock.readLock().tryLock(LONG))
                    .isTrue();
            assertThat(lock.getReadHoldCount()).isEqualTo(i);
        }
        lock.readLock().lock();
        lock.readLock().lockInterruptibly();
        assertThat(lock.getReadHoldCount()).isEqualTo(12);
        assertThat(lock.getReadLockCount()).isEqualTo(1);
        for (int i = 11; i >= 0; i--) {
            lock.readLock().unlock();
            assertThat(lock.getReadHoldCount()).isEqualTo(i);
        }
        assertThat(lock.writeLock().tryLock()).isTrue();
    }

    @Test
    void writing_isReentrant_andCountsHolds() throws Exception {
        SharedWriteLock l = lock.writeLock();
        for (int i = 1; i <= 10; i++) {
            assertThat(i % 2 == 0 ? l.tryLock() : l.tryLock(LONG)).isTrue();
            assertThat(l.getHoldCount()).isEqualTo(i).isEqualTo(lock.getWriteHoldCount());
        }
        l.lock();
        l.lockInterruptibly();
        for (int i = 11; i >= 0; i--) {
            assertThat(l.isHeldByCurrentThread()).isTrue();
            l.unlock();
            assertThat(l.getHoldCount()).isEqualTo(i);
        }
        assertThat(l.isHeldByCurrentThread()).isFalse();
        assertThat(lock.isWriteLocked()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheLastUnlock_letsOthersIn(Crew.Place place) throws Exception {
        SharedReadWriteLock lock = this.lock;
        try (Crew crew = new Crew(place)) {
            Crew.Actor other = crew.hire();
            for (Part part : Part.values()) {
                part.of(lock).lock();
                part.of(lock).lock();
                part.of(lock).unlock();
                assertThat(other.call(tries(lock, Part.WRITE))).isFalse();
                part.of(lock).unlock();
                assertThat(other.call(tries(lock, Part.WRITE))).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoReads_mayReadAgain_whileAWriterWaitsForIt(Crew.Place place) throws Exception {
        SharedReadWriteLock lock = this.lock;
        try (Crew crew = new Crew(place)) {
            Crew.Actor reader = crew.hire();
            Crew.Actor writer = crew.hire();
            reader.run(() -> lock.readLock().lock());
            var writing = waiting(writer, () -> lock.writeLock().lock());
            for (Way way : Way.values()) reader.run(() -> way.call.on(lock.readLock()));
            assertThat(reader.call(() -> lock.readLock().tryLock())).isTrue();
            for (int i = 0; i < Way.values().length + 1; i++)
                reader.run(() -> lock.readLock().unlock());
            assertThat(writing.isDone()).isFalse();
            reader.run(() -> lock.readLock().unlock());
            writing.join();
        }
    }

    @Test
    void tooManyHolds_areRefused_andChangeNothing() {
        for (int i = 0; i < 65_535; i++) lock.readLock().lock();
        assertThatThrownBy(() -> lock.readLock().lock())
                .isInstanceOf(Error.class)
                .hasMessageContaining("65535");
        assertThatThrownBy(() -> lock.readLock().tryLock()).isInstanceOf(Error.class);
        for (int i = 0; i < 65_535; i++) lock.readLock().unlock();
        assertThat(lock.writeLock().tryLock()).isTrue();
    }

    // Down and up

    @ParameterizedTest
    @EnumSource
    void aWriterMayRead_andGoesOnReadingWhenItUnlocksWriting(Crew.Place place) throws Exception {
        SharedReadWriteLock lock = this.lock;
        try (Crew crew = new Crew(place)) {
            Crew.Actor other = crew.hire();
            for (Way way : Way.values()) {
                lock.writeLock().lock();
                way.call.on(lock.readLock());
                assertThat(lock.readLock().tryLock()).isTrue();
                assertThat(lock.getReadHoldCount()).isEqualTo(2);
                assertThat(other.call(tries(lock, Part.READ))).isFalse();
                lock.writeLock().unlock();
                assertThat(other.call(tries(lock, Part.READ))).isTrue();
                assertThat(other.call(tries(lock, Part.WRITE))).isFalse();
                lock.readLock().unlock();
                assertThat(other.call(tries(lock, Part.WRITE))).isFalse();
                lock.readLock().unlock();
                assertThat(other.call(tries(lock, Part.WRITE))).isTrue();
            }
        }
    }

    @Test
    void aWriterThatReads_mayWriteAgain_andUnlockInAnyOrder() {
        lock.writeLock().lock();
        lock.readLock().lock();
        lock.writeLock().lock();
        assertThat(lock.writeLock().tryLock()).isTrue();
        lock.readLock().unlock();
        assertThat(lock.getWriteHoldCount()).isEqualTo(3);
        for (int i = 0; i < 3; i++) lock.writeLock().unlock();
        assertThat(lock.isWriteLocked()).isFalse();
        assertThat(lock.getReadLockCount()).isZero();
    }

    @Test
    void aReaderThatAsksToWrite_isToldInsteadOfWaitingForItself() throws Exception {
        lock.readLock().lock();
        for (Way way : List.of(Way.LOCK, Way.ACQUIRE, Way.LOCK_INTERRUPTIBLY)) {
            assertThatThrownBy(() -> way.call.on(lock.writeLock()))
                    .isInstanceOf(DeadlockException.class)
                    .hasMessageContaining("SharedReadWriteLock 'l'")
                    .hasMessageContaining("'" + Thread.currentThread().getName() + "'");
        }
        assertThat(lock.writeLock().tryLock()).isFalse();
        assertThat(lock.writeLock().tryLock(LONG)).isFalse();
        assertThat(lock.writeLock().tryLock(600, TimeUnit.SECONDS)).isFalse();
        assertThat(lock.getReadHoldCount()).isEqualTo(1);
        assertThat(lock.isWriteLocked()).isFalse();
        lock.readLock().unlock();
        lock.writeLock().lock();
    }

    // Who may do what

    @ParameterizedTest
    @EnumSource
    void unlockingReading_withoutAHold_throws(Crew.Place place) throws Exception {
        SharedReadWriteLock lock = this.lock;
        assertThatThrownBy(() -> lock.readLock().unlock())
                .isInstanceOf(IllegalMonitorStateException.class)
                .hasMessageContaining("Read lock of SharedReadWriteLock 'l'")
                .hasMessageContaining("'" + Thread.currentThread().getName() + "'");
        try (Crew crew = new Crew(place)) {
            crew.hire().run(() -> lock.readLock().lock());
            assertThatThrownBy(() -> lock.readLock().unlock())
                    .isInstanceOf(IllegalMonitorStateException.class);
            Crew.Actor other = crew.hire();
            assertThatThrownBy(() -> other.run(() -> lock.readLock().unlock()))
                    .isInstanceOf(IllegalMonitorStateException.class);
            assertThat(lock.getReadLockCount()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void unlockingWriting_byAnother_throws_andNamesWhoWrites(Crew.Place place) throws Exception {
        SharedReadWriteLock lock = this.lock;
        assertThatThrownBy(() -> lock.writeLock().unlock())
                .isInstanceOf(IllegalMonitorStateException.class)
                .hasMessageContaining("not write-locked");
        try (Crew crew = new Crew(place)) {
            Crew.Actor writer = crew.hire();
            long pid = writer.call(() -> ProcessHandle.current().pid());
            writer.run(() -> lock.writeLock().lock());
            assertThatThrownBy(() -> lock.writeLock().unlock())
                    .isInstanceOf(IllegalMonitorStateException.class)
                    .hasMessageContaining("pid " + pid)
                    .hasMessageContaining("'actor-");
            assertThatThrownBy(lock::markConsistent)
                    .isInstanceOf(IllegalMonitorStateException.class)
                    .hasMessageContaining("pid " + pid);
            assertThat(lock.isWriteLocked()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void owner_isWhoWrites_andNobodyElse(Crew.Place place) throws Exception {
        SharedReadWriteLock lock = this.lock;
        try (Crew crew = new Crew(place)) {
            Crew.Actor actor = crew.hire();
            long pid = actor.call(() -> ProcessHandle.current().pid());
            actor.run(() -> lock.readLock().lock());
            assertThat(lock.owner()).isEmpty();
            actor.run(() -> lock.readLock().unlock());
            actor.run(() -> lock.writeLock().lock());
            assertThat(lock.owner())
                    .hasValueSatisfying(owner -> {
                        assertThat(owner.pid()).isEqualTo(pid);
                        assertThat(owner.threadName()).startsWith("actor-");
                    });
            assertThat(lock.isWriteLockedByCurrentThread()).isFalse();
            actor.run(() -> lock.writeLock().unlock());
            assertThat(lock.owner()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void queries_tellWhoWaits(Crew.Place place) throws Exception {
        SharedReadWriteLock lock = this.lock;
        try (Crew crew = new Crew(place)) {
            Crew.Actor reader = crew.hire();
            Crew.Actor writer = crew.hire();
            assertThat(lock.hasQueuedThreads()).isFalse();
            lock.readLock().lock();
            var writing = waiting(writer, () -> lock.writeLock().lock());
            assertThat(lock.hasQueuedThreads()).isTrue();
            assertThat(lock.getQueueLength()).isEqualTo(1);
            var reading = waiting(reader, () -> lock.readLock().lock());
            assertThat(lock.getQueueLength()).isEqualTo(2);
            assertThat(lock.owner()).isEmpty();
            lock.readLock().unlock();
            writing.join();
            writer.run(() -> lock.writeLock().unlock());
            reading.join();
            assertThat(lock.hasQueuedThreads()).isFalse();
            assertThat(lock.getQueueLength()).isZero();
        }
    }

    @Test
    void text_tellsWhoReadsAndWrites() {
        assertThat(lock.toString())
                .contains("SharedReadWriteLock 'l'", "not write-locked", "0 reading");
        lock.readLock().lock();
        assertThat(lock.toString()).contains("1 reading");
        assertThat(lock.readLock().toString()).startsWith("Read lock of ").contains("1 reading");
        lock.readLock().unlock();
        lock.writeLock().lock();
        assertThat(lock.writeLock().toString())
                .startsWith("Write lock of ")
                .contains("pid " + ProcessHandle.current().pid());
    }

    // Handles

    @ParameterizedTest
    @EnumSource
    void theReadAndTheWriteLock_travelAlone(Crew.Place place) throws Exception {
        SharedReadLock read = lock.readLock();
        SharedWriteLock write = lock.writeLock();
        try (Crew crew = new Crew(place)) {
            Crew.Actor actor = crew.hire();
            actor.run(() -> read.lock());
            assertThat(lock.getReadLockCount()).isEqualTo(1);
            actor.run(() -> read.unlock());
            actor.run(() -> write.lock());
            assertThat(lock.isWriteLocked()).isTrue();
            assertThat(actor.call(() -> write.isHeldByCurrentThread())).isTrue();
            actor.run(() -> write.unlock());
        }
    }

    @Test
    void aHandleThatWasSent_isTheSameLock() throws Exception {
        SharedReadWriteLock arrived = roundTrip(lock);
        SharedReadLock read = roundTrip(lock.readLock());
        SharedWriteLock write = roundTrip(lock.writeLock());
        assertThat(arrived).isEqualTo(lock).hasSameHashCodeAs(lock);
        assertThat(read).isEqualTo(lock.readLock()).isNotEqualTo(lock.writeLock());
        assertThat(write).isEqualTo(lock.writeLock()).isNotEqualTo(lock);
        assertThat(region.readWriteLock("l")).isEqualTo(lock);
        read.lock();
        assertThat(lock.getReadHoldCount()).isEqualTo(1);
        lock.readLock().unlock();
        write.lock();
        assertThat(arrived.isWriteLockedByCurrentThread()).isTrue();
        arrived.writeLock().unlock();
    }

    @SuppressWarnings("unchecked")
    private static <T> T roundTrip(T object) throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (T) object.getClass().cast(in.readObject());
        }
    }

    @Test
    void locksWithoutAName_areAllDifferent_andTheNameOfSomethingElseIsRefused() {
        assertThat(region.readWriteLock()).isNotEqualTo(region.readWriteLock());
        assertThatThrownBy(() -> region.reentrantLock("l"))
                .isInstanceOf(ObjectMismatchException.class);
        region.lock("other");
        assertThatThrownBy(() -> region.readWriteLock("other"))
                .isInstanceOf(ObjectMismatchException.class);
    }
}
