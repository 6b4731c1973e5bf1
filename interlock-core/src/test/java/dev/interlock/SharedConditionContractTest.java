package dev.interlock;

import static dev.interlock.Waiters.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a condition promises, to threads and to processes, whichever kind of lock it belongs to. */
@SuppressWarnings({
    "LockNotBeforeTry",
    "WaitNotInLoop",
    "JavaUtilDate"
}) // it tries how waiting ends
@ExtendWith(Crew.Dismissal.class)
class SharedConditionContractTest {
    /** Kinds of locks. */
    enum Kind {
        PLAIN,
        PLAIN_FAIR,
        REENTRANT,
        REENTRANT_FAIR;

        OwnedLock in(Region region) {
            return switch (this) {
                case PLAIN -> region.lock("l");
                case PLAIN_FAIR -> region.lock("l", LockOptions.fair());
                case REENTRANT -> region.reentrantLock("l");
                case REENTRANT_FAIR -> region.reentrantLock("l", LockOptions.fair());
            };
        }
    }

    /** Where threads are, and what they lock. */
    record Setting(Crew.Place place, Kind kind) {}

    static Stream<Setting> settings() {
        return Arrays.stream(Crew.Place.values())
                .flatMap(place ->
                        Arrays.stream(Kind.values()).map(kind -> new Setting(place, kind)));
    }

    /** Ways to wait. */
    enum Way {
        AWAIT,
        UNINTERRUPTIBLY,
        NANOS,
        TIME_UNIT,
        DURATION,
        DATE,
        UNTIL;

        /** Waits for a long time, or for ever; answers whether a signal came. */
        boolean on(SharedCondition condition) throws InterruptedException {
            return switch (this) {
                case AWAIT -> {
                    condition.await();
                    yield true;
                }
                case UNINTERRUPTIBLY -> {
                    condition.awaitUninterruptibly();
                    yield true;
                }
                case NANOS -> condition.awaitNanos(LONG.toNanos()) > 0;
                case TIME_UNIT -> condition.await(10, TimeUnit.MINUTES);
                case DURATION -> condition.await(LONG);
                case DATE ->
                        condition.awaitUntil(
                                new Date(System.currentTimeMillis() + LONG.toMillis()));
                case UNTIL -> {
                    int[] looks = {0};
                    yield condition.awaitUntil(() -> looks[0]++ == 1, LONG);
                }
            };
        }
    }

    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private RegionOptions here;
    private Region region;

    @BeforeEach
    void open() {
        here = RegionOptions.defaults().directory(directory);
        region = Region.open("conditions", here);
    }

    @AfterEach
    void close() {
        region.close();
    }

    private static Action waiting(OwnedLock lock, SharedCondition condition) {
        return () -> {
            lock.lock();
            try {
                condition.await();
            } finally {
                lock.unlock();
            }
        };
    }

    // Signals

    @ParameterizedTest
    @MethodSource("settings")
    void signal_wakesWhoWaitedLongest(Setting setting) throws Exception {
        OwnedLock lock = setting.kind.in(region);
        SharedCondition condition = lock.newCondition();
        try (Crew crew = new Crew(setting.place)) {
            List<Crew.Promise<?>> waiters = new ArrayList<>();
            for (int i = 1; i <= 4; i++) {
                waiters.add(crew.hire().begin(waiting(lock, condition)));
                Waiters.awaitWaiting(condition, i);
            }
            for (int i = 0; i < 4; i++) {
                Waiters.signal(lock, condition);
                waiters.get(i).join();
                for (int j = i + 1; j < 4; j++) assertThat(waiters.get(j).isDone()).isFalse();
                assertThat(condition.getWaitQueueLength()).isEqualTo(3 - i);
            }
            assertThat(condition.hasWaiters()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void signalAll_wakesAll(Setting setting) throws Exception {
        OwnedLock lock = setting.kind.in(region);
        SharedCondition condition = lock.newCondition();
        try (Crew crew = new Crew(setting.place)) {
            List<Crew.Promise<?>> waiters = new ArrayList<>();
            for (int i = 0; i < 4; i++) waiters.add(crew.hire().begin(waiting(lock, condition)));
            Waiters.awaitWaiting(condition, 4);
            Waiters.signalAll(lock, condition);
            for (Crew.Promise<?> waiter : waiters) waiter.join();
            assertThat(condition.hasWaiters()).isFalse();
            assertThat(lock.isLocked()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void signals_withNobodyWaiting_areLost(Crew.Place place) throws Exception {
        SharedLock lock = region.lock("l");
        SharedCondition condition = lock.newCondition();
        Waiters.signal(lock, condition);
        Waiters.signalAll(lock, condition);
        try (Crew crew = new Crew(place)) {
            Crew.Actor actor = crew.hire();
            actor.run(() -> {
                lock.lock();
                condition.signal();
            });
            assertThat(actor.call(() -> condition.await(Duration.ofMillis(10)))).isFalse();
            actor.run(lock::unlock);
        }
    }

    @ParameterizedTest
    @EnumSource
    void signal_wakesNobodyBeforeTheLockIsFree(Crew.Place place) throws Exception {
        SharedLock lock = region.lock("l");
        SharedCondition condition = lock.newCondition();
        try (Crew crew = new Crew(place)) {
            var waiter = crew.hire().begin(waiting(lock, condition));
            Waiters.awaitWaiting(condition, 1);
            lock.lock();
            condition.signal();
            assertThat(condition.hasWaiters()).isFalse(); // it was chosen, and stands in line
            Waiters.awaitQueued(lock, 1);
            assertThat(waiter.isDone()).isFalse();
            condition.signal(); // is for nobody
            lock.unlock();
            waiter.join();
        }
    }

    @ParameterizedTest
    @EnumSource
    void signals_reachOnlyTheirOwnCondition(Crew.Place place) throws Exception {
        SharedLock lock = region.lock("l");
        SharedCondition full = lock.newCondition();
        SharedCondition empty = lock.newCondition();
        try (Crew crew = new Crew(place)) {
            var atFull = crew.hire().begin(waiting(lock, full));
            var atEmpty = crew.hire().begin(waiting(lock, empty));
            Waiters.awaitWaiting(full, 1);
            Waiters.awaitWaiting(empty, 1);
            Waiters.signalAll(lock, full);
            atFull.join();
            assertThat(atEmpty.isDone()).isFalse();
            assertThat(empty.getWaitQueueLength()).isEqualTo(1);
            Waiters.signal(lock, empty);
            atEmpty.join();
        }
    }

    // Ways to wait

    @ParameterizedTest
    @MethodSource("settings")
    void everyWait_endsBySignal_owningTheLock(Setting setting) throws Exception {
        OwnedLock lock = setting.kind.in(region);
        SharedCondition condition = lock.newCondition();
        try (Crew crew = new Crew(setting.place)) {
            Crew.Actor actor = crew.hire();
            for (Way way : Way.values()) {
                actor.run(lock::lock);
                var signalled = actor.start(() -> way.on(condition));
                Waiters.awaitWaiting(condition, 1);
                Waiters.signal(lock, condition);
                assertThat(signalled.join()).as("by " + way).isTrue();
                assertThat(actor.call(lock::isHeldByCurrentThread)).isTrue();
                actor.run(lock::unlock);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void interruptedWhileWaiting_everyWaitButOneThrows_andOwnsTheLockAgain(Setting setting)
            throws Exception {
        OwnedLock lock = setting.kind.in(region);
        SharedCondition condition = lock.newCondition();
        try (Crew crew = new Crew(setting.place)) {
            Crew.Actor actor = crew.hire();
            for (Way way : Way.values()) {
                actor.run(lock::lock);
                var ending =
                        actor.start(() -> {
                            String how;
                            try {
                                how = way.on(condition) ? "signalled" : "timed out";
                            } catch (InterruptedException e) {
                                how = "interrupted";
                            }
                            return how + (Thread.interrupted() ? ", status set" : "");
                        });
                Waiters.awaitWaiting(condition, 1);
                lock.lock();
                actor.interrupt();
                if (way != Way.UNINTERRUPTIBLY) {
                    Waiters.awaitWaiting(condition, 0);
                    assertThat(ending.isDone()).as("without the lock").isFalse();
                } else {
                    condition.signal();
                }
                lock.unlock();
                assertThat(ending.join())
                        .as("by " + way)
                        .isEqualTo(
                                way == Way.UNINTERRUPTIBLY
                                        ? "signalled, status set"
                                        : "interrupted");
                assertThat(actor.call(lock::isHeldByCurrentThread)).isTrue();
                actor.run(lock::unlock);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void interruptedOnEntry_waitsThrow_withoutGivingTheLockAway(Crew.Place place) throws Exception {
        SharedLock lock = region.lock("l");
        SharedCondition condition = lock.newCondition();
        try (Crew crew = new Crew(place)) {
            Crew.Actor actor = crew.hire();
            for (Way way : Way.values()) {
                if (way == Way.UNINTERRUPTIBLY) continue;
                long tokens =
                        actor.call(() -> {
                            lock.lock();
                            long before = lock.token();
                            Thread.currentThread().interrupt();
                            try {
                                way.on(condition);
                                return -1L;
                            } catch (InterruptedException e) {
                                return lock.token() - before;
                            } finally {
                                lock.unlock();
                            }
                        });
                assertThat(tokens).as("acquisitions by " + way).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSignalledThread_thatIsInterruptedLater_returnsWithItsStatusSet(Crew.Place place)
            throws Exception {
        SharedLock lock = region.lock("l");
        SharedCondition condition = lock.newCondition();
        try (Crew crew = new Crew(place)) {
            Crew.Actor actor = crew.hire();
            var waiter =
                    actor.start(() -> {
                        lock.lock();
                        condition.await();
                        lock.unlock();
                        return Thread.interrupted();
                    });
            Waiters.awaitWaiting(condition, 1);
            lock.lock();
            condition.signal();
            actor.interrupt();
            lock.unlock();
            assertThat(waiter.join()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void interruptsAndSignalsAtOnce_loseNoSignal(Crew.Place place) throws Exception {
        SharedLock lock = region.lock("l");
        SharedCondition condition = lock.newCondition();
        try (Crew crew = new Crew(place)) {
            Crew.Actor quitter = crew.hire();
            Crew.Actor patient = crew.hire();
            for (int round = 0; round < 50; round++) {
                var first = quitter.begin(waiting(lock, condition));
                Waiters.awaitWaiting(condition, 1);
                var second = patient.begin(waiting(lock, condition));
                Waiters.awaitWaiting(condition, 2);
                var interrupting = crew.hire().begin(() -> Waiters.signal(lock, condition));
                quitter.interrupt();
                interrupting.join();
                boolean wasSignalled = true;
                try {
                    first.join();
                } catch (InterruptedException e) {
                    wasSignalled = false;
                }
                // Who was signalled used the signal up; who was interrupted left it to the next.
                if (wasSignalled) Waiters.signal(lock, condition);
                second.join();
            }
        }
    }

    // Time

    @ParameterizedTest
    @MethodSource("settings")
    void timedWaits_timeOut_notTooEarly_owningTheLock(Setting setting) throws Exception {
        OwnedLock lock = setting.kind.in(region);
        SharedCondition condition = lock.newCondition();
        try (Crew crew = new Crew(setting.place)) {
            Crew.Actor actor = crew.hire();
            actor.run(lock::lock);
            List<Task<Boolean>> waits =
                    List.of(
                            () -> condition.awaitNanos(20_000_000) > 0,
                            () -> condition.await(20, TimeUnit.MILLISECONDS),
                            () -> condition.await(Duration.ofMillis(20)),
                            () -> condition.awaitUntil(() -> false, Duration.ofMillis(20)));
            for (Task<Boolean> wait : waits) {
                long nanos =
                        actor.call(() -> {
                            long start = System.nanoTime();
                            if (wait.call()) throw new AssertionError("nobody signals");
                            return System.nanoTime() - start;
                        });
                assertThat(nanos).isGreaterThanOrEqualTo(20_000_000);
            }
            long late =
                    actor.call(() -> {
                        long deadline = System.currentTimeMillis() + 20;
                        if (condition.awaitUntil(new Date(deadline)))
                            throw new AssertionError("nobody signals");
                        return System.currentTimeMillis() - deadline;
                    });
            assertThat(late).isGreaterThanOrEqualTo(0);
            assertThat(actor.call(lock::isHeldByCurrentThread)).isTrue();
            actor.run(lock::unlock);
            assertThat(condition.hasWaiters()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void zeroAndNegativeTimeouts_giveTheLockAwayForAMoment(Crew.Place place) throws Exception {
        SharedLock lock = region.lock("l");
        SharedCondition condition = lock.newCondition();
        try (Crew crew = new Crew(place)) {
            Crew.Actor actor = crew.hire();
            actor.run(lock::lock);
            List<Task<Boolean>> waits =
                    List.of(
                            () -> condition.awaitNanos(0) > 0,
                            () -> condition.awaitNanos(-1) > 0,
                            () -> condition.awaitNanos(Long.MIN_VALUE) > 0,
                            () -> condition.await(0, TimeUnit.DAYS),
                            () -> condition.await(Long.MIN_VALUE, TimeUnit.DAYS),
                            () -> condition.await(Duration.ZERO),
                            () -> condition.await(Duration.ofSeconds(Long.MIN_VALUE)),
                            () -> condition.awaitUntil(new Date(0)),
                            () -> condition.awaitUntil(new Date(Long.MIN_VALUE)));
            for (Task<Boolean> wait : waits) {
                long before = lock.token();
                assertThat(actor.call(wait)).isFalse();
                assertThat(lock.token()).isGreaterThan(before); // acquired anew
                assertThat(actor.call(lock::isHeldByCurrentThread)).isTrue();
            }
            actor.run(lock::unlock);
        }
    }

    @ParameterizedTest
    @EnumSource
    void hugeTimeouts_waitForASignal(Crew.Place place) throws Exception {
        SharedLock lock = region.lock("l");
        SharedCondition condition = lock.newCondition();
        try (Crew crew = new Crew(place)) {
            Crew.Actor actor = crew.hire();
            List<Task<Boolean>> waits =
                    List.of(
                            () -> condition.awaitNanos(Long.MAX_VALUE) > 0,
                            () -> condition.await(Long.MAX_VALUE, TimeUnit.DAYS),
                            () -> condition.await(Duration.ofSeconds(Long.MAX_VALUE)),
                            () -> condition.awaitUntil(new Date(Long.MAX_VALUE)));
            for (Task<Boolean> wait : waits) {
                actor.run(lock::lock);
                var signalled = actor.start(wait);
                Waiters.awaitWaiting(condition, 1);
                Waiters.signal(lock, condition);
                assertThat(signalled.join()).isTrue();
                actor.run(lock::unlock);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void awaitNanos_tellsWhatIsLeft(Crew.Place place) throws Exception {
        SharedLock lock = region.lock("l");
        SharedCondition condition = lock.newCondition();
        try (Crew crew = new Crew(place)) {
            Crew.Actor actor = crew.hire();
            actor.run(lock::lock);
            var left = actor.start(() -> condition.awaitNanos(LONG.toNanos()));
            Waiters.awaitWaiting(condition, 1);
            Waiters.signal(lock, condition);
            assertThat(left.join()).isPositive().isLessThan(LONG.toNanos());
            actor.run(lock::unlock);
        }
    }

    // Waiting for something

    @ParameterizedTest
    @EnumSource
    void awaitUntil_looksAgainAfterEverySignal_underTheLock(Crew.Place place) throws Exception {
        SharedLock lock = region.lock("l");
        SharedCondition condition = lock.newCondition();
        SharedInt number = region.intValue("n", 0);
        try (Crew crew = new Crew(place)) {
            Crew.Actor actor = crew.hire();
            var reached =
                    actor.start(() -> {
                        lock.lock();
                        try {
                            return condition.awaitUntil(
                                    () -> {
                                        if (!lock.isHeldByCurrentThread())
                                            throw new AssertionError("not under the lock");
                                        return number.get() == 3;
                                    },
                                    LONG);
                        } finally {
                            lock.unlock();
                        }
                    });
            for (int i = 1; i <= 3; i++) {
                assertThat(reached.isDone()).isFalse();
                Waiters.awaitWaiting(condition, 1);
                lock.lock();
                number.incrementAndGet();
                condition.signal();
                lock.unlock();
            }
            assertThat(reached.join()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void awaitUntil_whatIsSoAlready_doesNotWait(Crew.Place place) throws Exception {
        SharedLock lock = region.lock("l");
        SharedCondition condition = lock.newCondition();
        try (Crew crew = new Crew(place)) {
            Crew.Actor actor = crew.hire();
            actor.run(lock::lock);
            long before = lock.token();
            assertThat(actor.call(() -> condition.awaitUntil(() -> true, LONG))).isTrue();
            assertThat(actor.call(() -> condition.awaitUntil(() -> true, Duration.ZERO))).isTrue();
            assertThat(actor.call(() -> condition.awaitUntil(() -> false, Duration.ZERO)))
                    .isFalse();
            assertThat(actor.call(() -> condition.awaitUntil(() -> false, Duration.ofDays(-1))))
                    .isFalse();
            assertThat(lock.token()).isEqualTo(before);
            actor.run(lock::unlock);
        }
    }

    @ParameterizedTest
    @EnumSource
    void awaitUntil_throwsWhatTheQuestionThrows_owningTheLock(Crew.Place place) throws Exception {
        SharedLock lock = region.lock("l");
        SharedCondition condition = lock.newCondition();
        try (Crew crew = new Crew(place)) {
            Crew.Actor actor = crew.hire();
            actor.run(lock::lock);
            assertThatThrownBy(() ->
                            actor.run(() ->
                                    condition.awaitUntil(
                                            () -> {
                                                throw new ArithmeticException("no answer");
                                            },
                                            LONG)))
                    .isInstanceOf(ArithmeticException.class);
            assertThat(actor.call(lock::isHeldByCurrentThread)).isTrue();
            actor.run(lock::unlock);
        }
    }

    // Names

    @ParameterizedTest
    @EnumSource
    void aNamedCondition_isTheSame_forAllOpenings(Crew.Place place) throws Exception {
        SharedLock lock = region.lock("l");
        SharedCondition condition = lock.condition("c");
        try (Region again = Region.attach("conditions", here);
                Crew crew = new Crew(place)) {
            SharedLock sameLock = again.lock("l");
            SharedCondition same = sameLock.condition("c");
            assertThat(same).isEqualTo(condition);
            assertThat(same.name()).isEqualTo("c");
            var waiter = crew.hire().begin(waiting(lock, condition));
            Waiters.awaitWaiting(same, 1);
            Waiters.signal(sameLock, same);
            waiter.join();
            assertThat(lock.newCondition()).isNotEqualTo(condition);
        }
    }

    @Test
    void aNamedCondition_ofAnotherLock_isAMismatch() {
        SharedLock lock = region.lock("l");
        SharedReentrantLock other = region.reentrantLock("other");
        lock.condition("c");
        assertThatThrownBy(() -> other.condition("c"))
                .isInstanceOf(ObjectMismatchException.class)
                .hasMessageContaining("'c'")
                .hasMessageContaining("'l'")
                .hasMessageContaining("'other'");
        assertThatThrownBy(() -> other.condition("l")).isInstanceOf(ObjectMismatchException.class);
        assertThatThrownBy(() -> region.lock("c")).isInstanceOf(ObjectMismatchException.class);
    }

    @ParameterizedTest
    @EnumSource
    void aLockThatBelongsToAValue_hasConditions(Crew.Place place) throws Exception {
        SharedLong value = region.longValue("v", 0);
        SharedCondition changed = value.lock().condition("changed");
        try (Crew crew = new Crew(place)) {
            var waiter =
                    crew.hire()
                            .start(() -> {
                                value.lock().lock();
                                try {
                                    changed.awaitUntil(() -> value.get() == 1, LONG);
                                    return value.get();
                                } finally {
                                    value.lock().unlock();
                                }
                            });
            Waiters.awaitWaiting(changed, 1);
            value.set(1);
            Waiters.signal(value.lock(), changed);
            assertThat(waiter.join()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHandleThatWasSent_isTheSameCondition(Crew.Place place) throws Exception {
        SharedLock lock = region.lock("l");
        SharedCondition condition = lock.newCondition();
        try (Crew crew = new Crew(place)) {
            assertThat(crew.hire().call(() -> condition)).isEqualTo(condition);
        }
        assertThat(condition.toString()).contains("SharedCondition").contains("0 waiting");
    }

    // Closing

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closingTheRegion_endsWaits_andPassesTheirSignalsOn(boolean isFair) throws Exception {
        LockOptions options = isFair ? LockOptions.fair() : LockOptions.defaults();
        for (int round = 0; round < 20; round++) {
            SharedReentrantLock lock = region.reentrantLock("r", options);
            SharedCondition condition = lock.condition("c");
            try (Crew crew = new Crew(Crew.Place.THREADS)) {
                Region closing = Region.attach("conditions", here);
                SharedReentrantLock sameLock = closing.reentrantLock("r", options);
                SharedCondition same = sameLock.condition("c");
                Crew.Actor closed = crew.hire();
                closed.run(sameLock::lock);
                var first = closed.begin(same::await);
                Waiters.awaitWaiting(condition, 1);
                var second = crew.hire().begin(waiting(lock, condition));
                Waiters.awaitWaiting(condition, 2);
                lock.lock();
                condition.signal(); // for the first, which will not come to own the lock
                closing.close();
                lock.unlock();
                boolean used = true;
                try {
                    first.join();
                    closed.run(lock::unlock);
                } catch (IllegalStateException e) {
                    assertThat(e).hasMessageContaining("closed");
                    used = false;
                }
                if (used) Waiters.signal(lock, condition);
                second.join();
            }
            assertThat(lock.isLocked()).isFalse();
        }
    }

    // Many

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aThousandVirtualThreads_areSignalledOneByOne_andAllAtOnce(boolean isFair)
            throws Exception {
        int threads = 1000;
        SharedLock lock = region.lock("l", isFair ? LockOptions.fair() : LockOptions.defaults());
        SharedCondition condition = lock.newCondition();
        SharedInt woken = region.intValue("n", 0);
        try (Crew crew = new Crew(Crew.Place.VIRTUAL_THREADS)) {
            List<Crew.Promise<?>> waiters = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                waiters.add(
                        crew.hire()
                                .begin(() -> {
                                    lock.lock();
                                    try {
                                        condition.await();
                                        woken.set(woken.get() + 1);
                                    } finally {
                                        lock.unlock();
                                    }
                                }));
            }
            Waiters.awaitWaiting(condition, threads);
            for (int i = 1; i <= threads / 4; i++) {
                int so = i;
                Waiters.signal(lock, condition);
                if (i % 10 == 0) Watchdog.await(i + " are awake", () -> woken.get() == so);
            }
            assertThat(condition.getWaitQueueLength()).isEqualTo(threads - threads / 4);
            Waiters.signalAll(lock, condition);
            for (Crew.Promise<?> waiter : waiters) waiter.join();
            assertThat(woken.get()).isEqualTo(threads);
        }
        assertThat(lock.hasQueuedThreads()).isFalse();
    }

    /** A buffer of a few places, as {@link java.util.concurrent.locks.Condition} shows it. */
    record Buffer(
            OwnedLock lock,
            SharedCondition notFull,
            SharedCondition notEmpty,
            SharedLongArray items,
            SharedInt count)
            implements java.io.Serializable {

        void put(long item) throws InterruptedException {
            lock.lock();
            try {
                while (count.get() == items.length()) notFull.await();
                items.set(count.get(), item);
                count.set(count.get() + 1);
                notEmpty.signal();
            } finally {
                lock.unlock();
            }
        }

        long take() throws InterruptedException {
            lock.lock();
            try {
                while (count.get() == 0) notEmpty.await();
                count.set(count.get() - 1);
                notFull.signal();
                return items.get(count.get());
            } finally {
                lock.unlock();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void producersAndConsumers_exchangeEverything(Setting setting) throws Exception {
        OwnedLock lock = setting.kind.in(region);
        Buffer buffer =
                new Buffer(
                        lock,
                        lock.newCondition(),
                        lock.newCondition(),
                        region.longArray("items", 3),
                        region.intValue("count", 0));
        int each = 200;
        try (Crew crew = new Crew(setting.place)) {
            List<Crew.Promise<?>> producers = new ArrayList<>();
            List<Crew.Promise<Long>> consumers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                long first = (long) i * each;
                producers.add(
                        crew.hire()
                                .begin(() -> {
                                    for (int n = 0; n < each; n++) buffer.put(first + n);
                                }));
                consumers.add(
                        crew.hire()
                                .start(() -> {
                                    long sum = 0;
                                    for (int n = 0; n < each; n++) sum += buffer.take();
                                    return sum;
                                }));
            }
            long sum = 0;
            for (Crew.Promise<?> producer : producers) producer.join();
            for (Crew.Promise<Long> consumer : consumers) sum += consumer.join();
            long all = 3L * each;
            assertThat(sum).isEqualTo(all * (all - 1) / 2);
        }
        assertThat(lock.isLocked()).isFalse();
        assertThat(buffer.notEmpty.hasWaiters()).isFalse();
        assertThat(buffer.notFull.hasWaiters()).isFalse();
    }

    // Death

    @ParameterizedTest
    @EnumSource
    void aWaiterThatIsKilled_isNotSignalled(Kind kind) throws Exception {
        OwnedLock lock = kind.in(region);
        SharedCondition condition = lock.newCondition();
        try (Crew crew = new Crew(Crew.Place.PROCESSES)) {
            Crew.Actor victim = crew.hire();
            Crew.Actor other = crew.hire();
            victim.begin(waiting(lock, condition));
            Waiters.awaitWaiting(condition, 1);
            var waiter = other.begin(waiting(lock, condition));
            Waiters.awaitWaiting(condition, 2);
            victim.killProcess();
            Waiters.signal(lock, condition); // perhaps for the dead one, and then passed on
            waiter.join();
            assertThat(lock.isAbandoned()).isFalse();
            Waiters.awaitWaiting(condition, 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSignalledWaiterThatIsKilled_leavesTheSignalToTheNext(Kind kind) throws Exception {
        OwnedLock lock = kind.in(region);
        SharedCondition condition = lock.newCondition();
        try (Crew crew = new Crew(Crew.Place.PROCESSES)) {
            Crew.Actor victim = crew.hire();
            Crew.Actor other = crew.hire();
            victim.begin(waiting(lock, condition));
            Waiters.awaitWaiting(condition, 1);
            var waiter = other.begin(waiting(lock, condition));
            Waiters.awaitWaiting(condition, 2);
            lock.lock();
            condition.signal();
            assertThat(condition.getWaitQueueLength()).isEqualTo(1);
            victim.killProcess(); // it waits for the lock
            lock.unlock();
            waiter.join();
            assertThat(condition.hasWaiters()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anOwnerThatIsKilled_wakesAllWhoWait(Kind kind) throws Exception {
        OwnedLock lock = kind.in(region);
        SharedCondition condition = lock.newCondition();
        try (Crew crew = new Crew(Crew.Place.PROCESSES)) {
            Crew.Actor victim = crew.hire();
            List<Crew.Promise<?>> waiters = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Crew.Actor other = crew.hire();
                waiters.add(other.begin(waiting(lock, condition)));
                crew.hire(); // in the victim's process
            }
            Waiters.awaitWaiting(condition, 3);
            victim.run(lock::lock);
            victim.killProcess();
            for (Crew.Promise<?> waiter : waiters) waiter.join();
            assertThat(lock.isAbandoned()).isTrue();
            lock.markConsistent();
        }
    }
}
