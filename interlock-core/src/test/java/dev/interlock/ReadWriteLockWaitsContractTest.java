package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who waits for whom at a read-write lock, for how long, and that nobody waits for ever. */
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop", "JavaUtilDate"}) // it tries how they fail
class ReadWriteLockWaitsContractTest extends ReadWriteLockContract {
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
}
