package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a read-write lock promises, to threads and to processes. The list of cases follows what the JSR-166 TCK tries of
 * ReentrantReadWriteLock; then come deaths, optimistic reads, and what else is ours.
 */
@SuppressWarnings({
    "LockNotBeforeTry",
    "WaitNotInLoop",
    "JavaUtilDate",
    "ImmutableEnumChecker"
}) // it tries how they fail
@ExtendWith(Crew.Dismissal.class)
class SharedReadWriteLockContractTest {
    private static final Duration LONG = Duration.ofMinutes(10); // longer than any test may take
    private static final Duration SHORT = Duration.ofMillis(30);

    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private RegionOptions here;
    private Region region;
    private SharedReadWriteLock lock;

    @BeforeEach
    void open() {
        here = RegionOptions.defaults().directory(directory).maxBytes(4 << 20);
        region = Region.open("contract", here);
        lock = region.readWriteLock("l");
    }

    @AfterEach
    void close() {
        region.close();
    }

    /** The two locks. */
    enum Part {
        READ,
        WRITE;

        ReadWritePart of(SharedReadWriteLock lock) {
            return this == READ ? lock.readLock() : lock.writeLock();
        }
    }

    private interface Call extends Serializable {
        void on(ReadWritePart lock) throws InterruptedException;
    }

    /** Ways to wait for a lock. */
    enum Way {
        LOCK(ReadWritePart::lock),
        ACQUIRE(ReadWritePart::acquire),
        LOCK_INTERRUPTIBLY(ReadWritePart::lockInterruptibly),
        TRY_LOCK(lock -> assertThat(lock.tryLock(LONG)).isTrue()),
        TRY_LOCK_OF_JAVA(lock -> assertThat(lock.tryLock(600, TimeUnit.SECONDS)).isTrue());

        private final Call call;

        Way(Call call) {
            this.call = call;
        }

        boolean minds(boolean interrupts) {
            return interrupts == (this != LOCK && this != ACQUIRE);
        }
    }

    /* Begins to wait, and returns when it is seen to. */
    private Crew.Promise<@Nullable Void> waiting(Crew.Actor actor, Action action) {
        int before = lock.getQueueLength();
        Crew.Promise<@Nullable Void> promise = actor.begin(action);
        Watchdog.await("it waits", () -> lock.getQueueLength() > before || promise.isDone());
        assertThat(promise.isDone()).as("ended before it had to wait").isFalse();
        return promise;
    }

    private static Task<Boolean> tries(SharedReadWriteLock lock, Part part) {
        return () -> {
            boolean taken = part.of(lock).tryLock();
            if (taken) part.of(lock).unlock();
            return taken;
        };
    }

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

    private void requireHeld(Part part, boolean held) {
        assertThat(lock.getReadLockCount()).isEqualTo(held && part == Part.READ ? 1 : 0);
        assertThat(lock.getReadHoldCount()).isEqualTo(held && part == Part.READ ? 1 : 0);
        assertThat(lock.isWriteLocked()).isEqualTo(held && part == Part.WRITE);
        assertThat(lock.isWriteLockedByCurrentThread()).isEqualTo(held && part == Part.WRITE);
        assertThat(lock.getWriteHoldCount()).isEqualTo(held && part == Part.WRITE ? 1 : 0);
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

    // Who waits for whom

    @ParameterizedTest
    @EnumSource
    void newReaders_waitBehindAWriterThatWaits(Crew.Place place) throws Exception {
        SharedReadWriteLock lock = this.lock;
        try (Crew crew = new Crew(place)) {
            Crew.Actor reader = crew.hire();
            Crew.Actor writer = crew.hire();
            Crew.Actor newcomer = crew.hire();
            reader.run(() -> lock.readLock().lock());
            var writing = waiting(writer, () -> lock.writeLock().lock());
            assertThat(newcomer.call(tries(lock, Part.READ))).isFalse();
            var reading = waiting(newcomer, () -> lock.readLock().lock());
            reader.run(() -> lock.readLock().unlock());
            writing.join();
            assertThat(reading.isDone()).isFalse();
            writer.run(() -> lock.writeLock().unlock());
            reading.join();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWriterWhoseTimeRunsOut_letsWaitingReadersIn(Crew.Place place) throws Exception {
        SharedReadWriteLock lock = this.lock;
        try (Crew crew = new Crew(place)) {
            Crew.Actor writer = crew.hire();
            Crew.Actor reader = crew.hire();
            lock.readLock().lock();
            var writing =
                    waiting(
                            writer,
                            () ->
                                    assertThat(lock.writeLock().tryLock(Duration.ofMillis(700)))
                                            .isFalse());
            var reading = reader.begin(() -> lock.readLock().lock());
            writing.join();
            reading.join();
            assertThat(lock.getReadLockCount()).isEqualTo(2);
            assertThat(lock.isAbandoned()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWriterThatIsInterrupted_letsWaitingReadersIn(Crew.Place place) throws Exception {
        SharedReadWriteLock lock = this.lock;
        try (Crew crew = new Crew(place)) {
            Crew.Actor writer = crew.hire();
            Crew.Actor reader = crew.hire();
            lock.readLock().lock();
            for (Way way : Way.values()) {
                if (!way.minds(true)) continue;
                var writing = waiting(writer, () -> way.call.on(lock.writeLock()));
                var reading = waiting(reader, () -> lock.readLock().lock());
                writer.interrupt();
                assertThatThrownBy(writing::join).isInstanceOf(InterruptedException.class);
                reading.join();
                reader.run(() -> lock.readLock().unlock());
                assertThat(writer.call(() -> Thread.currentThread().isInterrupted())).isFalse();
            }
            lock.readLock().unlock();
            assertThat(writer.call(tries(lock, Part.WRITE))).isTrue();
        }
    }

    // Interrupts

    @ParameterizedTest
    @EnumSource
    void interruptedOnEntry_interruptibleFormsThrow_theOthersDoNotMind(Part part) throws Exception {
        ReadWritePart l = part.of(lock);
        for (Way way : Way.values()) {
            Thread.currentThread().interrupt();
            if (way.minds(true)) {
                assertThatThrownBy(() -> way.call.on(l)).isInstanceOf(InterruptedException.class);
                assertThat(Thread.interrupted()).isFalse();
                requireHeld(part, false);
            } else {
                way.call.on(l);
                l.unlock();
                assertThat(Thread.interrupted()).isTrue();
            }
        }
        Thread.currentThread().interrupt();
        assertThat(l.tryLock()).isTrue();
        assertThatThrownBy(() -> l.tryLock(Duration.ZERO)).isInstanceOf(InterruptedException.class);
        requireHeld(part, true);
    }

    @ParameterizedTest
    @EnumSource
    void interruptedWaitingForAWriter_interruptibleFormsThrow_theOthersWaitOn(Crew.Place place)
            throws Exception {
        SharedReadWriteLock lock = this.lock;
        try (Crew crew = new Crew(place)) {
            for (Part part : Part.values()) {
                for (Way way : Way.values()) {
                    Crew.Actor waiter = crew.hire();
                    lock.writeLock().lock();
                    var waiting =
                            waiting(
                                    waiter,
                                    () -> {
                                        way.call.on(part.of(lock));
                                        awaitInterrupt();
                                    });
                    waiter.interrupt();
                    if (way.minds(true)) {
                        assertThatThrownBy(waiting::join).isInstanceOf(InterruptedException.class);
                        lock.writeLock().unlock();
                    } else {
                        assertThat(waiting.isDone()).isFalse();
                        lock.writeLock().unlock();
                        waiting.join();
                        waiter.run(() -> part.of(lock).unlock());
                    }
                    assertThat(lock.writeLock().tryLock()).isTrue();
                    lock.writeLock().unlock();
                }
            }
        }
    }

    /* It may be on its way yet; if it was lost the test does not end. */
    private static void awaitInterrupt() {
        while (!Thread.interrupted()) Thread.onSpinWait();
    }

    @ParameterizedTest
    @EnumSource
    void interruptedWaitingForReaders_lockWaitsOn_andKeepsTheStatus(Crew.Place place)
            throws Exception {
        SharedReadWriteLock lock = this.lock;
        try (Crew crew = new Crew(place)) {
            Crew.Actor writer = crew.hire();
            lock.readLock().lock();
            var writing =
                    waiting(
                            writer,
                            () -> {
                                lock.writeLock().lock();
                                awaitInterrupt();
                                lock.writeLock().unlock();
                            });
            writer.interrupt();
            assertThat(writing.isDone()).isFalse();
            lock.readLock().unlock();
            writing.join();
        }
    }

    // Conditions

    @Test
    void theReadLock_hasNoConditions() {
        assertThatThrownBy(() -> lock.readLock().newCondition())
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("write lock");
    }

    @Test
    void conditions_areForTheWriterOnly() {
        SharedCondition condition = lock.writeLock().newCondition();
        lock.readLock().lock();
        assertThatThrownBy(condition::await).isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(condition::awaitUninterruptibly)
                .isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(() -> condition.awaitNanos(1))
                .isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(condition::signal).isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(condition::signalAll).isInstanceOf(IllegalMonitorStateException.class);
    }

    @Test
    void awaiting_timesOut_andWritesAgain_asOftenAsBefore() throws Exception {
        SharedCondition condition = lock.writeLock().newCondition();
        lock.writeLock().lock();
        lock.writeLock().lock();
        assertThat(condition.awaitNanos(1_000_000)).isLessThanOrEqualTo(0);
        assertThat(condition.await(1, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(condition.await(Duration.ofMillis(1))).isFalse();
        assertThat(condition.awaitUntil(new Date(System.currentTimeMillis() + 2))).isFalse();
        assertThat(lock.getWriteHoldCount()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void aSignalledWriter_writesAgain_andOthersReadAndWriteMeanwhile(Crew.Place place)
            throws Exception {
        SharedReadWriteLock lock = this.lock;
        SharedCondition condition = lock.writeLock().condition("c");
        SharedLong value = region.longValue("v", 0);
        try (Crew crew = new Crew(place)) {
            Crew.Actor one = crew.hire();
            Crew.Actor two = crew.hire();
            Action waits =
                    () -> {
                        lock.writeLock().lock();
                        lock.writeLock().lock();
                        while (value.get() == 0) condition.await();
                        assertThat(lock.getWriteHoldCount()).isEqualTo(2);
                        assertThat(lock.getReadLockCount()).isZero();
                        lock.writeLock().unlock();
                        lock.writeLock().unlock();
                    };
            var first = one.begin(waits);
            Watchdog.await("one waits", () -> condition.getWaitQueueLength() == 1);
            var second = two.begin(waits);
            Watchdog.await("both wait", () -> condition.getWaitQueueLength() == 2);
            Watchdog.await("both let others in", () -> !lock.isWriteLocked()); // just after that
            lock.readLock().lock();
            lock.readLock().unlock();
            lock.writeLock().lock();
            value.set(1);
            condition.signal();
            assertThat(condition.getWaitQueueLength()).isEqualTo(1);
            lock.readLock().lock();
            lock.writeLock().unlock();
            lock.readLock().unlock();
            first.join();
            lock.writeLock().lock();
            condition.signalAll();
            lock.writeLock().unlock();
            second.join();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptedWriter_stopsAwaiting_andWrites(Crew.Place place) throws Exception {
        SharedReadWriteLock lock = this.lock;
        SharedCondition condition = lock.writeLock().newCondition();
        try (Crew crew = new Crew(place)) {
            Crew.Actor actor = crew.hire();
            var waiting =
                    actor.begin(() -> {
                        lock.writeLock().lock();
                        try {
                            condition.await();
                        } finally {
                            assertThat(lock.isWriteLockedByCurrentThread()).isTrue();
                            lock.writeLock().unlock();
                        }
                    });
            Watchdog.await("it waits", () -> condition.getWaitQueueLength() == 1);
            actor.interrupt();
            assertThatThrownBy(waiting::join).isInstanceOf(InterruptedException.class);
            assertThat(lock.isWriteLocked()).isFalse();
        }
    }

    @Test
    void awaitingWhileReadingToo_isToldInsteadOfWaitingForItself() {
        SharedCondition condition = lock.writeLock().newCondition();
        lock.writeLock().lock();
        lock.readLock().lock();
        assertThatThrownBy(condition::await)
                .isInstanceOf(DeadlockException.class)
                .hasMessageContaining("Unlock the read lock first");
        assertThatThrownBy(() -> condition.awaitNanos(1)).isInstanceOf(DeadlockException.class);
        assertThat(lock.getWriteHoldCount()).isEqualTo(1);
        assertThat(lock.getReadHoldCount()).isEqualTo(1);
    }

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

    // Nobody starves

    @ParameterizedTest
    @EnumSource
    void aWriter_getsInUnderAStreamOfReaders(Crew.Place place) throws Exception {
        SharedReadWriteLock lock = this.lock;
        SharedBoolean stop = region.booleanValue("stop", false);
        SharedLong reads = region.longValue("reads", 0);
        try (Crew crew = new Crew(place)) {
            List<Crew.Promise<@Nullable Void>> readers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                readers.add(
                        crew.hire()
                                .begin(() -> {
                                    while (!stop.get()) {
                                        try (var _ = lock.readLock().acquire()) {
                                            reads.incrementAndGet();
                                        }
                                    }
                                }));
            }
            Watchdog.await("they read", () -> reads.get() > 1_000);
            for (int i = 0; i < 100; i++) {
                assertThat(lock.writeLock().tryLock(Duration.ofSeconds(30))).isTrue();
                lock.writeLock().unlock();
            }
            stop.set(true);
            for (var reader : readers) reader.join();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReader_getsInUnderAStreamOfWriters(Crew.Place place) throws Exception {
        SharedReadWriteLock lock = this.lock;
        SharedBoolean stop = region.booleanValue("stop", false);
        SharedLong writes = region.longValue("writes", 0);
        try (Crew crew = new Crew(place)) {
            List<Crew.Promise<@Nullable Void>> writers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                writers.add(
                        crew.hire()
                                .begin(() -> {
                                    while (!stop.get()) {
                                        try (var _ = lock.writeLock().acquire()) {
                                            writes.incrementAndGet();
                                        }
                                    }
                                }));
            }
            Watchdog.await("they write", () -> writes.get() > 1_000);
            for (int i = 0; i < 100; i++) {
                assertThat(lock.readLock().tryLock(Duration.ofSeconds(30))).isTrue();
                lock.readLock().unlock();
            }
            stop.set(true);
            for (var writer : writers) writer.join();
        }
    }

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
