package dev.interlock;

import static dev.interlock.Waiters.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What Python's {@code multiprocessing} documents of {@code Lock}, {@code RLock} and {@code Condition}, by our names:
 *
 * <pre>
 * Lock.acquire(), acquire(block=False), acquire(timeout=t), release()   lock(), tryLock(), tryLock(Duration), unlock()
 * RLock                                                                SharedReentrantLock
 * Condition(lock), wait(t), wait_for(question, t)                      lock.newCondition(), await(Duration), awaitUntil(question, Duration)
 * notify(), notify(n), notify_all()                                    signal(), n times signal(), signalAll()
 * </pre>
 *
 * Where ours differs on purpose, a test says so: a lock belongs to the thread that took it, and its death frees it.
 */
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"})
@ExtendWith(Crew.Dismissal.class)
class PythonLockContractTest {
    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private Region region;

    @BeforeEach
    void open() {
        region = Region.open("python", RegionOptions.defaults().directory(directory));
    }

    @AfterEach
    void close() {
        region.close();
    }

    // Lock

    @ParameterizedTest
    @EnumSource
    void lock_acquireAndRelease(Crew.Place place) throws Exception {
        SharedLock lock = region.lock("l");
        try (Crew crew = new Crew(place)) {
            Crew.Actor actor = crew.hire();
            Crew.Actor other = crew.hire();
            assertThat(actor.call(() -> lock.tryLock())).isTrue();
            assertThat(other.call(() -> lock.tryLock())).as("acquire(block=False)").isFalse();
            actor.run(lock::unlock);
            assertThat(other.call(() -> lock.tryLock())).isTrue();
            other.run(lock::unlock);
        }
    }

    @ParameterizedTest
    @EnumSource
    void lock_releaseOfAFreeOne_throws(Crew.Place place) throws Exception {
        SharedLock lock = region.lock("l");
        try (Crew crew = new Crew(place)) {
            Crew.Actor actor = crew.hire();
            assertThatThrownBy(() -> actor.run(lock::unlock))
                    .isInstanceOf(IllegalMonitorStateException.class);
        }
    }

    /** In Python anybody may; a semaphore without owners is what does that here. */
    @ParameterizedTest
    @EnumSource
    void lock_releaseByAnother_throws_otherThanPythons(Crew.Place place) throws Exception {
        SharedLock lock = region.lock("l");
        try (Crew crew = new Crew(place)) {
            Crew.Actor owner = crew.hire();
            Crew.Actor other = crew.hire();
            owner.run(lock::lock);
            assertThatThrownBy(() -> other.run(lock::unlock))
                    .isInstanceOf(IllegalMonitorStateException.class);
            owner.run(lock::unlock);
        }
    }

    /** A timeout of zero or less tries once. */
    @ParameterizedTest
    @EnumSource
    void lock_acquireWithTimeout(Crew.Place place) throws Exception {
        SharedLock lock = region.lock("l");
        lock.lock();
        try (Crew crew = new Crew(place)) {
            Crew.Actor actor = crew.hire();
            assertThat(actor.call(() -> lock.tryLock(Duration.ofSeconds(-1)))).isFalse();
            assertThat(actor.call(() -> lock.tryLock(Duration.ZERO))).isFalse();
            long nanos =
                    actor.call(() -> {
                        long start = System.nanoTime();
                        if (lock.tryLock(Duration.ofMillis(20))) throw new AssertionError();
                        return System.nanoTime() - start;
                    });
            assertThat(nanos).isGreaterThanOrEqualTo(20_000_000);
            var waiting = actor.start(() -> lock.tryLock(LONG));
            Waiters.awaitQueued(lock, 1);
            lock.unlock();
            assertThat(waiting.join()).isTrue();
            actor.run(lock::unlock);
        }
    }

    @ParameterizedTest
    @EnumSource
    void lock_asContextManager_isReleasedAlsoAfterAnException(Crew.Place place) throws Exception {
        SharedLock lock = region.lock("l");
        try (Crew crew = new Crew(place)) {
            Crew.Actor actor = crew.hire();
            assertThatThrownBy(() ->
                            actor.run(() -> {
                                try (var _ = lock.acquire()) {
                                    throw new ArithmeticException();
                                }
                            }))
                    .isInstanceOf(ArithmeticException.class);
            assertThat(lock.isLocked()).isFalse();
        }
    }

    /** In Python this waits for ever. */
    @Test
    void lock_acquiredTwiceByOneThread_throws_otherThanPythons() {
        SharedLock lock = region.lock("l");
        lock.lock();
        assertThatThrownBy(lock::lock).isInstanceOf(DeadlockException.class);
        lock.unlock();
    }

    // RLock

    @ParameterizedTest
    @EnumSource
    void rlock_mustBeReleasedAsOftenAsAcquired(Crew.Place place) throws Exception {
        SharedReentrantLock lock = region.reentrantLock("l");
        try (Crew crew = new Crew(place)) {
            Crew.Actor owner = crew.hire();
            Crew.Actor other = crew.hire();
            for (int i = 0; i < 3; i++) assertThat(owner.call(() -> lock.tryLock())).isTrue();
            for (int i = 0; i < 3; i++) {
                assertThat(other.call(() -> lock.tryLock())).isFalse();
                owner.run(lock::unlock);
            }
            assertThatThrownBy(() -> owner.run(lock::unlock))
                    .isInstanceOf(IllegalMonitorStateException.class);
            assertThat(other.call(() -> lock.tryLock())).isTrue();
            assertThatThrownBy(() -> owner.run(lock::unlock))
                    .isInstanceOf(IllegalMonitorStateException.class);
            other.run(lock::unlock);
        }
    }

    @ParameterizedTest
    @EnumSource
    void rlock_asContextManager_nests(Crew.Place place) throws Exception {
        SharedReentrantLock lock = region.reentrantLock("l");
        try (Crew crew = new Crew(place)) {
            int holds =
                    crew.hire()
                            .call(() -> {
                                try (var _ = lock.acquire();
                                        var _ = lock.acquire()) {
                                    return lock.getHoldCount();
                                }
                            });
            assertThat(holds).isEqualTo(2);
            assertThat(lock.isLocked()).isFalse();
        }
    }

    // Condition

    @ParameterizedTest
    @EnumSource
    void condition_notify_wakesOneAtATime(Crew.Place place) throws Exception {
        Stage stage = new Stage(region);
        try (Crew crew = new Crew(place)) {
            var sleepers = stage.sleepers(crew, 2);
            stage.notifyOf(1);
            stage.awaitWoken(1);
            assertThat(sleepers.stream().filter(Crew.Promise::isDone)).hasSizeLessThanOrEqualTo(1);
            stage.notifyOf(1);
            for (var sleeper : sleepers) assertThat(sleeper.join()).isTrue();
            stage.notifyOf(1); // nobody is there
            assertThat(stage.condition.hasWaiters()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void condition_notifyN_wakesAsMany_orAllIfThereAreLess(Crew.Place place) throws Exception {
        Stage stage = new Stage(region);
        try (Crew crew = new Crew(place)) {
            var sleepers = stage.sleepers(crew, 6);
            stage.notifyOf(3);
            stage.awaitWoken(3);
            assertThat(stage.condition.getWaitQueueLength()).isEqualTo(3);
            stage.notifyOf(10);
            for (var sleeper : sleepers) assertThat(sleeper.join()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void condition_notifyAll_wakesAll_alsoThoseWithATimeout(Crew.Place place) throws Exception {
        Stage stage = new Stage(region);
        SharedReentrantLock lock = stage.lock;
        SharedCondition condition = stage.condition;
        try (Crew crew = new Crew(place)) {
            var sleepers = new ArrayList<>(stage.sleepers(crew, 3));
            for (int i = 0; i < 3; i++) {
                sleepers.add(
                        crew.hire()
                                .start(() -> {
                                    try (var _ = lock.acquire()) {
                                        return condition.await(LONG);
                                    }
                                }));
            }
            Waiters.awaitWaiting(condition, 6);
            Waiters.signalAll(lock, condition);
            for (var sleeper : sleepers) assertThat(sleeper.join()).isTrue();
        }
    }

    /** Python's notifier waits until every sleeper has answered; a killed one stops it for ever. */
    @Test
    void condition_notify_waitsForNobody_otherThanPythons() throws Exception {
        Stage stage = new Stage(region);
        try (Crew crew = new Crew(Crew.Place.PROCESSES)) {
            Crew.Actor victim = crew.hire();
            SharedReentrantLock lock = stage.lock;
            SharedCondition condition = stage.condition;
            victim.begin(() -> {
                lock.lock();
                condition.await();
            });
            Waiters.awaitWaiting(condition, 1);
            victim.killProcess();
            stage.notifyOf(3);
            Waiters.signalAll(lock, condition);
            assertThat(lock.isLocked()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void condition_waitWithTimeout_isFalseIfItRanOut(Crew.Place place) throws Exception {
        Stage stage = new Stage(region);
        SharedReentrantLock lock = stage.lock;
        SharedCondition condition = stage.condition;
        try (Crew crew = new Crew(place)) {
            long nanos =
                    crew.hire()
                            .call(() -> {
                                try (var _ = lock.acquire()) {
                                    long start = System.nanoTime();
                                    if (condition.await(Duration.ofMillis(20)))
                                        throw new AssertionError("nobody signals");
                                    return System.nanoTime() - start;
                                }
                            });
            assertThat(nanos).isGreaterThanOrEqualTo(20_000_000);
        }
    }

    @ParameterizedTest
    @EnumSource
    void condition_waitForAndNotify_withoutTheLock_throw(Crew.Place place) throws Exception {
        SharedCondition condition = new Stage(region).condition;
        List<Action> calls =
                List.of(
                        condition::await,
                        condition::signal,
                        condition::signalAll,
                        () -> condition.awaitUntil(() -> true, LONG));
        try (Crew crew = new Crew(place)) {
            Crew.Actor actor = crew.hire();
            for (Action call : calls)
                assertThatThrownBy(() -> actor.run(call))
                        .isInstanceOf(IllegalMonitorStateException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void condition_waitReleasesARecursiveLockWholly(Crew.Place place) throws Exception {
        Stage stage = new Stage(region);
        SharedReentrantLock lock = stage.lock;
        SharedCondition condition = stage.condition;
        try (Crew crew = new Crew(place)) {
            var sleeper =
                    crew.hire()
                            .start(() -> {
                                lock.lock();
                                lock.lock();
                                condition.await();
                                int holds = lock.getHoldCount();
                                lock.unlock();
                                lock.unlock();
                                return holds;
                            });
            Waiters.awaitWaiting(condition, 1);
            stage.notifyOf(1);
            assertThat(sleeper.join()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void condition_waitFor_answersWhatTheQuestionSaidLast(Crew.Place place) throws Exception {
        Stage stage = new Stage(region);
        SharedReentrantLock lock = stage.lock;
        SharedCondition condition = stage.condition;
        SharedInt state = region.intValue("state", -1);
        try (Crew crew = new Crew(place)) {
            var waiting =
                    crew.hire()
                            .start(() -> {
                                try (var _ = lock.acquire()) {
                                    return condition.awaitUntil(() -> state.get() == 4, LONG);
                                }
                            });
            for (int i = 0; i < 5; i++) {
                Waiters.awaitWaiting(condition, 1);
                state.set(i);
                stage.notifyOf(1);
            }
            assertThat(waiting.join()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void condition_waitForWithTimeout_isFalse_andNotTooEarly_howeverOftenNotified(Crew.Place place)
            throws Exception {
        Stage stage = new Stage(region);
        SharedReentrantLock lock = stage.lock;
        SharedCondition condition = stage.condition;
        try (Crew crew = new Crew(place)) {
            var waiting =
                    crew.hire()
                            .start(() -> {
                                try (var _ = lock.acquire()) {
                                    long start = System.nanoTime();
                                    if (condition.awaitUntil(() -> false, Duration.ofMillis(100)))
                                        throw new AssertionError("it is never so");
                                    return System.nanoTime() - start;
                                }
                            });
            while (!waiting.isDone()) stage.notifyOf(1);
            assertThat(waiting.join()).isGreaterThanOrEqualTo(100_000_000);
        }
    }

    /** A condition, and how many it has woken. */
    private static final class Stage {
        final SharedReentrantLock lock;
        final SharedCondition condition;
        final SharedInt woken;

        Stage(Region region) {
            lock = region.reentrantLock("l");
            condition = lock.condition("c");
            woken = region.intValue("woken", 0);
        }

        List<Crew.Promise<Boolean>> sleepers(Crew crew, int count) {
            SharedReentrantLock lock = this.lock;
            SharedCondition condition = this.condition;
            SharedInt woken = this.woken;
            List<Crew.Promise<Boolean>> sleepers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                sleepers.add(
                        crew.hire()
                                .start(() -> {
                                    try (var _ = lock.acquire()) {
                                        condition.await();
                                        woken.incrementAndGet();
                                        return true;
                                    }
                                }));
            }
            Waiters.awaitWaiting(condition, count);
            return sleepers;
        }

        void notifyOf(int n) {
            try (var _ = lock.acquire()) {
                for (int i = 0; i < n; i++) condition.signal();
            }
        }

        void awaitWoken(int count) {
            Watchdog.await(count + " are awake", () -> woken.get() == count);
        }
    }
}
