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
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a reentrant lock promises, to threads and to processes, fair or not: the cases of the JSR-166 TCK's ReentrantLockTest, less
 * those that name waiting threads, which may be of other processes. What is asked of its conditions alone is in {@link
 * SharedConditionContractTest}.
 */
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop", "JavaUtilDate"}) // it tries how they fail
@ExtendWith(Crew.Dismissal.class)
class SharedReentrantLockContractTest {
    /** Where threads are, and how the lock was made. */
    record Setting(Crew.Place place, boolean isFair) {}

    static Stream<Setting> settings() {
        return Arrays.stream(Crew.Place.values())
                .flatMap(place -> Stream.of(new Setting(place, false), new Setting(place, true)));
    }

    /** Ways to acquire. */
    enum Way {
        LOCK,
        LOCK_INTERRUPTIBLY,
        TRY_LOCK,
        TRY_LOCK_ZERO,
        TRY_LOCK_FOR_A_TIME,
        ACQUIRE;

        void on(SharedReentrantLock lock) throws InterruptedException {
            boolean acquired =
                    switch (this) {
                        case LOCK -> {
                            lock.lock();
                            yield true;
                        }
                        case LOCK_INTERRUPTIBLY -> {
                            lock.lockInterruptibly();
                            yield true;
                        }
                        case TRY_LOCK -> lock.tryLock();
                        case TRY_LOCK_ZERO -> lock.tryLock(Duration.ZERO);
                        case TRY_LOCK_FOR_A_TIME -> lock.tryLock(1, TimeUnit.SECONDS);
                        case ACQUIRE -> lock.acquire() != null;
                    };
            if (!acquired) throw new AssertionError("not acquired");
        }
    }

    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private Region region;

    @BeforeEach
    void open() {
        region = Region.open("reentrant", RegionOptions.defaults().directory(directory));
    }

    @AfterEach
    void close() {
        region.close();
    }

    private SharedReentrantLock lock(Setting setting) {
        return region.reentrantLock(
                "l", setting.isFair ? LockOptions.fair() : LockOptions.defaults());
    }

    // Taking and releasing

    @ParameterizedTest
    @MethodSource("settings")
    void lock_isHeldByWhoLockedIt_untilUnlocked(Setting setting) throws Exception {
        SharedReentrantLock lock = lock(setting);
        try (Crew crew = new Crew(setting.place)) {
            Crew.Actor owner = crew.hire();
            Crew.Actor other = crew.hire();
            owner.run(lock::lock);
            assertThat(lock.isLocked()).isTrue();
            assertThat(lock.owner()).isPresent();
            assertThat(owner.call(lock::isHeldByCurrentThread)).isTrue();
            assertThat(owner.call(lock::getHoldCount)).isEqualTo(1);
            assertThat(other.call(lock::isHeldByCurrentThread)).isFalse();
            assertThat(other.call(lock::getHoldCount)).isZero();
            assertThat(lock.isHeldByCurrentThread()).isFalse();
            owner.run(lock::unlock);
            assertThat(lock.isLocked()).isFalse();
            assertThat(lock.owner()).isEmpty();
            assertThat(owner.call(lock::getHoldCount)).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void isFair_tellsHowItWasMade_toAll(Setting setting) throws Exception {
        SharedReentrantLock lock = lock(setting);
        assertThat(lock.isFair()).isEqualTo(setting.isFair);
        assertThat(region.reentrantLock("l").isFair()).isEqualTo(setting.isFair);
        try (Crew crew = new Crew(setting.place)) {
            assertThat(crew.hire().call(lock::isFair)).isEqualTo(setting.isFair);
        }
    }

    @Test
    void aLockOfOtherOptionsOrKind_isAMismatch() {
        region.reentrantLock("l", LockOptions.fair());
        assertThatThrownBy(() -> region.reentrantLock("l", LockOptions.defaults()))
                .isInstanceOf(ObjectMismatchException.class)
                .hasMessageContaining("fair");
        assertThatThrownBy(() -> region.lock("l")).isInstanceOf(ObjectMismatchException.class);
    }

    @ParameterizedTest
    @MethodSource("settings")
    void unlock_byWhoDoesNotOwnIt_throws_andChangesNothing(Setting setting) throws Exception {
        SharedReentrantLock lock = lock(setting);
        try (Crew crew = new Crew(setting.place)) {
            Crew.Actor owner = crew.hire();
            Crew.Actor other = crew.hire();
            assertThatThrownBy(() -> other.run(lock::unlock))
                    .isInstanceOf(IllegalMonitorStateException.class)
                    .hasMessageContaining("free");
            owner.run(lock::lock);
            assertThatThrownBy(() -> other.run(lock::unlock))
                    .isInstanceOf(IllegalMonitorStateException.class)
                    .hasMessageContaining("owned by pid");
            assertThat(owner.call(lock::isHeldByCurrentThread)).isTrue();
            owner.run(lock::unlock);
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void tryLock_takesAFreeLock_andNotThatOfAnother(Setting setting) throws Exception {
        SharedReentrantLock lock = lock(setting);
        try (Crew crew = new Crew(setting.place)) {
            Crew.Actor owner = crew.hire();
            Crew.Actor other = crew.hire();
            assertThat(owner.call(() -> lock.tryLock())).isTrue();
            assertThat(other.call(() -> lock.tryLock())).isFalse();
            assertThat(other.call(() -> lock.tryLock(Duration.ZERO))).isFalse();
            assertThat(other.call(() -> lock.tryLock(-1, TimeUnit.DAYS))).isFalse();
            assertThat(other.call(lock::getHoldCount)).isZero();
            owner.run(lock::unlock);
            assertThat(other.call(() -> lock.tryLock())).isTrue();
            other.run(lock::unlock);
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void timedTryLock_waitsAtLeastAsLongAsItSays(Setting setting) throws Exception {
        SharedReentrantLock lock = lock(setting);
        lock.lock();
        try (Crew crew = new Crew(setting.place)) {
            long nanos =
                    crew.hire()
                            .call(() -> {
                                long start = System.nanoTime();
                                if (lock.tryLock(Duration.ofMillis(30)))
                                    throw new AssertionError("it is held");
                                return System.nanoTime() - start;
                            });
            assertThat(nanos).isGreaterThanOrEqualTo(30_000_000);
            assertThat(lock.hasQueuedThreads()).isFalse();
        }
        lock.unlock();
        assertThat(lock.tryLock()).isTrue();
        lock.unlock();
    }

    // Reentrance

    @ParameterizedTest
    @MethodSource("settings")
    void theOwner_locksAgain_inEveryWay_andUnlocksAsOften(Setting setting) throws Exception {
        SharedReentrantLock lock = lock(setting);
        try (Crew crew = new Crew(setting.place)) {
            Crew.Actor owner = crew.hire();
            Crew.Actor other = crew.hire();
            int holds = 0;
            for (Way way : Way.values()) {
                owner.run(() -> way.on(lock));
                assertThat(owner.call(lock::getHoldCount)).as("after " + way).isEqualTo(++holds);
            }
            var waiting = other.begin(lock::lock);
            Waiters.awaitQueued(lock, 1);
            owner.run(() -> Way.TRY_LOCK_ZERO.on(lock)); // it owns the lock, so passes nobody
            for (; holds >= 0; holds--) {
                assertThat(waiting.isDone()).isFalse();
                assertThat(owner.call(lock::getHoldCount)).isEqualTo(holds + 1);
                owner.run(lock::unlock);
            }
            waiting.join();
            assertThat(other.call(lock::getHoldCount)).isEqualTo(1);
            assertThatThrownBy(() -> owner.run(lock::unlock))
                    .isInstanceOf(IllegalMonitorStateException.class);
            other.run(lock::unlock);
        }
        assertThat(lock.isLocked()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("settings")
    void nestedLocking_excludesOthers(Setting setting) throws Exception {
        SharedReentrantLock lock = lock(setting);
        SharedLong number = region.longValue("n", 0);
        int actors = 4;
        int rounds = setting.isFair ? 300 : 2000; // a fair lock is handed from sleeper to sleeper
        try (Crew crew = new Crew(setting.place)) {
            List<Crew.Promise<?>> promises = new ArrayList<>();
            for (int i = 0; i < actors; i++) {
                promises.add(
                        crew.hire()
                                .begin(() -> {
                                    for (int round = 0; round < rounds; round++) {
                                        try (var _ = lock.acquire()) {
                                            long before = number.getPlain();
                                            try (var _ = lock.acquire()) {
                                                number.setPlain(before + 1);
                                            }
                                        }
                                    }
                                }));
            }
            for (Crew.Promise<?> promise : promises) promise.join();
        }
        assertThat(number.get()).isEqualTo((long) actors * rounds);
        assertThat(lock.isLocked()).isFalse();
        assertThat(lock.hasQueuedThreads()).isFalse();
    }

    // Interrupts

    @ParameterizedTest
    @MethodSource("settings")
    void interruptedWhileWaiting_interruptibleFormsThrow_andDoNotOwnIt(Setting setting)
            throws Exception {
        SharedReentrantLock lock = lock(setting);
        lock.lock();
        try (Crew crew = new Crew(setting.place)) {
            Crew.Actor waiter = crew.hire();
            for (boolean timed : new boolean[] {false, true}) {
                var waiting =
                        waiter.start(() -> {
                            try {
                                if (timed) lock.tryLock(LONG);
                                else lock.lockInterruptibly();
                                return "acquired";
                            } catch (InterruptedException e) {
                                boolean kept = Thread.currentThread().isInterrupted();
                                return kept ? "status kept" : "status cleared";
                            }
                        });
                Waiters.awaitQueued(lock, 1);
                waiter.interrupt();
                assertThat(waiting.join()).isEqualTo("status cleared");
                assertThat(waiter.call(lock::isHeldByCurrentThread)).isFalse();
                assertThat(lock.hasQueuedThreads()).isFalse();
            }
        }
        lock.unlock();
        assertThat(lock.tryLock()).isTrue();
        lock.unlock();
    }

    @ParameterizedTest
    @MethodSource("settings")
    void interruptedOnEntry_interruptibleFormsThrow_evenToTheOwner(Setting setting)
            throws Exception {
        SharedReentrantLock lock = lock(setting);
        try (Crew crew = new Crew(setting.place)) {
            Crew.Actor actor = crew.hire();
            for (Way way :
                    List.of(Way.LOCK_INTERRUPTIBLY, Way.TRY_LOCK_ZERO, Way.TRY_LOCK_FOR_A_TIME)) {
                actor.run(lock::lock);
                assertThatThrownBy(() ->
                                actor.run(() -> {
                                    Thread.currentThread().interrupt();
                                    way.on(lock);
                                }))
                        .isInstanceOf(InterruptedException.class);
                assertThat(actor.call(lock::getHoldCount)).isEqualTo(1);
                actor.run(lock::unlock);
                assertThatThrownBy(() ->
                                actor.run(() -> {
                                    Thread.currentThread().interrupt();
                                    way.on(lock);
                                }))
                        .isInstanceOf(InterruptedException.class);
                assertThat(lock.isLocked()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void interruptedWhileWaiting_lockWaitsOn_andKeepsTheStatus(Setting setting) throws Exception {
        SharedReentrantLock lock = lock(setting);
        lock.lock();
        try (Crew crew = new Crew(setting.place)) {
            Crew.Actor waiter = crew.hire();
            var waiting =
                    waiter.start(() -> {
                        lock.lock();
                        boolean interrupted = Thread.interrupted();
                        lock.unlock();
                        return interrupted;
                    });
            Waiters.awaitQueued(lock, 1);
            waiter.interrupt();
            waiter.interrupt();
            assertThat(waiting.isDone()).isFalse();
            lock.unlock();
            assertThat(waiting.join()).isTrue();
        }
    }

    // Questions

    @ParameterizedTest
    @MethodSource("settings")
    void queueQuestions_countThoseWhoWait(Setting setting) throws Exception {
        SharedReentrantLock lock = lock(setting);
        try (Crew crew = new Crew(setting.place)) {
            assertThat(lock.hasQueuedThreads()).isFalse();
            lock.lock();
            assertThat(lock.hasQueuedThreads()).isFalse();
            Crew.Actor first = crew.hire();
            Crew.Actor second = crew.hire();
            var one = first.begin(lock::lockInterruptibly);
            Waiters.awaitQueued(lock, 1);
            assertThat(lock.hasQueuedThreads()).isTrue();
            var another = second.begin(lock::lock);
            Waiters.awaitQueued(lock, 2);
            first.interrupt();
            assertThatThrownBy(one::join).isInstanceOf(InterruptedException.class);
            Waiters.awaitQueued(lock, 1);
            lock.unlock();
            another.join();
            Waiters.awaitQueued(lock, 0);
            assertThat(second.call(lock::hasQueuedThreads)).isFalse();
            second.run(lock::unlock);
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void aHandleThatWasSent_isTheSameLock(Setting setting) throws Exception {
        SharedReentrantLock lock = lock(setting);
        try (Crew crew = new Crew(setting.place)) {
            Crew.Actor actor = crew.hire();
            SharedReentrantLock back = actor.call(() -> lock);
            assertThat(back).isEqualTo(lock).hasSameHashCodeAs(lock);
            back.lock();
            assertThat(lock.getHoldCount()).isEqualTo(1);
            assertThat(actor.call(() -> lock.tryLock())).isFalse();
            lock.unlock();
            assertThat(back.isLocked()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void toString_tellsWhoOwnsIt(Setting setting) throws Exception {
        SharedReentrantLock lock = lock(setting);
        assertThat(lock).hasToString("SharedReentrantLock 'l' in region 'reentrant', free");
        try (Crew crew = new Crew(setting.place)) {
            Crew.Actor owner = crew.hire();
            owner.run(lock::lock);
            long pid = owner.call(() -> ProcessHandle.current().pid());
            assertThat(lock.toString()).contains("owned by pid " + pid);
            owner.run(lock::unlock);
        }
    }

    // Conditions: what is special to a lock that may be held more than once

    @ParameterizedTest
    @MethodSource("settings")
    void holdCount_isKeptOverEveryWait(Setting setting) throws Exception {
        SharedReentrantLock lock = lock(setting);
        SharedCondition condition = lock.newCondition();
        try (Crew crew = new Crew(setting.place)) {
            Crew.Actor waiter = crew.hire();
            for (int i = 0; i < 3; i++) waiter.run(lock::lock);
            // signalled
            var signalled = waiter.begin(condition::await);
            Waiters.awaitWaiting(condition, 1);
            lock.lock(); // all three holds were given up
            assertThat(lock.getHoldCount()).isEqualTo(1);
            lock.lock();
            condition.signal();
            lock.unlock();
            assertThat(signalled.isDone()).isFalse();
            lock.unlock();
            signalled.join();
            assertThat(waiter.call(lock::getHoldCount)).isEqualTo(3);
            // timed out
            assertThat(waiter.call(() -> condition.await(Duration.ofMillis(1)))).isFalse();
            assertThat(waiter.call(lock::getHoldCount)).isEqualTo(3);
            // interrupted
            var interrupted = waiter.begin(condition::await);
            Waiters.awaitWaiting(condition, 1);
            waiter.interrupt();
            assertThatThrownBy(interrupted::join).isInstanceOf(InterruptedException.class);
            assertThat(waiter.call(lock::getHoldCount)).isEqualTo(3);
            // not to be interrupted
            var patient = waiter.begin(condition::awaitUninterruptibly);
            Waiters.awaitWaiting(condition, 1);
            Waiters.signal(lock, condition);
            patient.join();
            assertThat(waiter.call(lock::getHoldCount)).isEqualTo(3);
            for (int i = 0; i < 3; i++) waiter.run(lock::unlock);
        }
        assertThat(lock.isLocked()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("settings")
    void waitingAndSignalling_withoutOwning_throws(Setting setting) throws Exception {
        SharedReentrantLock lock = lock(setting);
        SharedCondition condition = lock.newCondition();
        List<Action> calls =
                List.of(
                        condition::await,
                        condition::awaitUninterruptibly,
                        () -> condition.awaitNanos(1),
                        () -> condition.await(1, TimeUnit.NANOSECONDS),
                        () -> condition.await(Duration.ZERO),
                        () -> condition.awaitUntil(new Date(0)),
                        () -> condition.awaitUntil(() -> true, Duration.ZERO),
                        condition::signal,
                        condition::signalAll);
        try (Crew crew = new Crew(setting.place)) {
            Crew.Actor actor = crew.hire();
            for (Action call : calls)
                assertThatThrownBy(() -> actor.run(call))
                        .isInstanceOf(IllegalMonitorStateException.class)
                        .hasMessageContaining("does not own its lock");
            lock.lock(); // so another one does
            for (Action call : calls)
                assertThatThrownBy(() -> actor.run(call))
                        .isInstanceOf(IllegalMonitorStateException.class);
            lock.unlock();
        }
        assertThat(condition.hasWaiters()).isFalse();
    }

    // Death

    @ParameterizedTest
    @MethodSource("settings")
    void anOwnerThatIsKilled_leavesItFreeAndAbandoned_howeverOftenItWasHeld(Setting setting)
            throws Exception {
        if (setting.place != Crew.Place.PROCESSES) return; // nobody else can be killed
        SharedReentrantLock lock = lock(setting);
        try (Crew crew = new Crew(setting.place)) {
            Crew.Actor owner = crew.hire();
            Crew.Actor other = crew.hire();
            for (int i = 0; i < 3; i++) owner.run(lock::lock);
            var waiting = other.begin(lock::lock);
            Waiters.awaitQueued(lock, 1);
            owner.killProcess();
            waiting.join();
            assertThat(other.call(lock::getHoldCount)).isEqualTo(1);
            assertThat(lock.isAbandoned()).isTrue();
            other.run(lock::markConsistent);
            other.run(lock::unlock);
            assertThat(lock.isAbandoned()).isFalse();
            assertThat(lock.isLocked()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void manyVirtualThreads_reenterOneByOne(boolean isFair) throws Exception {
        SharedReentrantLock lock =
                region.reentrantLock(isFair ? LockOptions.fair() : LockOptions.defaults());
        SharedLong sum = region.longValue("sum", 0);
        List<Thread> threads = new ArrayList<>();
        int many = Waiters.manyVirtualThreads();
        lock.lock();
        for (int i = 0; i < many; i++)
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                lock.lock();
                                lock.lock();
                                sum.setPlain(sum.getPlain() + lock.getHoldCount());
                                lock.unlock();
                                lock.unlock();
                            }));
        Watchdog.await("all wait", () -> lock.getQueueLength() == many);
        lock.unlock();
        for (Thread thread : threads) Watchdog.join(thread);
        assertThat(sum.get()).isEqualTo(2L * many);
    }
}
