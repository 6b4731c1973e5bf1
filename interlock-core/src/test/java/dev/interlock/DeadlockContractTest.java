package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Threads that wait for each other for ever, in one JVM and in several: one of them is told. */
@SuppressWarnings("LockNotBeforeTry") // locks are held across tasks of one thread
@ExtendWith(Crew.Dismissal.class)
class DeadlockContractTest {
    static final Duration PATIENCE = Duration.ofMillis(300);
    private static final Duration LONG_PATIENCE = Duration.ofSeconds(2);

    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private Region region;

    @BeforeEach
    void open() {
        region =
                Region.open(
                        "deadlocks",
                        RegionOptions.defaults().directory(directory).deadlockAfter(PATIENCE));
    }

    @AfterEach
    void close() {
        region.close();
    }

    /* Each holds one lock and asks for the next one's. */
    private List<Crew.Promise<DeadlockException>> circle(Crew crew, List<SharedLock> locks)
            throws Exception {
        List<Crew.Actor> actors = new ArrayList<>();
        for (SharedLock lock : locks) {
            Crew.Actor actor = crew.hire();
            actor.run(lock::lock);
            actors.add(actor);
        }
        List<Crew.Promise<DeadlockException>> promises = new ArrayList<>();
        for (int i = 0; i < locks.size(); i++) {
            SharedLock mine = locks.get(i);
            SharedLock next = locks.get((i + 1) % locks.size());
            promises.add(
                    actors.get(i)
                            .start(() -> {
                                try {
                                    next.lock();
                                    next.unlock();
                                    return null;
                                } catch (DeadlockException e) {
                                    return e;
                                } finally {
                                    mine.unlock();
                                }
                            }));
        }
        return promises;
    }

    private List<SharedLock> locks(int count, LockOptions options) {
        List<SharedLock> locks = new ArrayList<>();
        for (int i = 0; i < count; i++) locks.add(region.lock("lock-" + i, options));
        return locks;
    }

    @ParameterizedTest
    @EnumSource
    void aCircleOfTwo_isToldToOne_withAllThatIsKnown(Crew.Place place) throws Exception {
        try (Crew crew = new Crew(place)) {
            var promises = circle(crew, locks(2, LockOptions.defaults()));

            List<DeadlockException> thrown = new ArrayList<>();
            for (var promise : promises) {
                DeadlockException e = promise.join();
                if (e != null) thrown.add(e);
            }

            assertThat(thrown).hasSize(1);
            assertThat(thrown.getFirst())
                    .hasMessageContaining("SharedLock 'lock-0'")
                    .hasMessageContaining("SharedLock 'lock-1'")
                    .hasMessageContaining("thread 'actor-");
            assertThat(thrown.getFirst().participants())
                    .hasSize(2)
                    .allSatisfy(p -> assertThat(p.threadName()).startsWith("actor-"))
                    .allSatisfy(p -> assertThat(p.stack()).anyMatch(f -> f.contains("OwnedLock")));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCircleOfFive_endsInOneException_andTheOthersGoOn(Crew.Place place) throws Exception {
        try (Crew crew = new Crew(place)) {
            var promises = circle(crew, locks(5, LockOptions.fair()));

            int thrown = 0;
            for (var promise : promises) thrown += promise.join() == null ? 0 : 1;

            assertThat(thrown).isEqualTo(1);
        }
    }

    /* Of virtual threads one at a time waits for a lock itself; the others queue behind it, and seldom look. */
    @ParameterizedTest
    @EnumSource
    void aThreadThatWaitsBehindAnother_tellsItsStackToo(Crew.Place place) throws Exception {
        RegionOptions patient =
                RegionOptions.defaults().directory(directory).deadlockAfter(LONG_PATIENCE);
        try (Region calm = Region.open("calm", patient);
                Crew crew = new Crew(place)) {
            SharedLock a = calm.lock("a");
            SharedLock b = calm.lock("b");
            Crew.Actor ahead = crew.hire();
            Crew.Actor owner = crew.hire();
            Crew.Actor behind = crew.hire(); // in the same process as the first
            owner.run(a::lock);
            behind.run(b::lock);
            var first = ahead.start(() -> a.tryLock(Duration.ofMinutes(10)));
            Watchdog.await("one waits", () -> a.getQueueLength() == 1);
            var second = behind.begin(a::lock);
            Watchdog.await("two wait", () -> a.getQueueLength() == 2);
            DeadlockException told = owner.call(() -> whatIsTold(b));

            assertThat(told.participants())
                    .hasSize(2)
                    .allSatisfy(p -> assertThat(p.stack()).anyMatch(f -> f.contains("OwnedLock")));
            owner.run(a::unlock);
            // Who comes first to the free lock is not promised.
            Watchdog.await("one has it", () -> first.isDone() || second.isDone());
            if (first.isDone()) ahead.run(a::unlock);
            second.join();
            behind.run(a::unlock);
            assertThat((boolean) first.join()).isTrue();
        }
    }

    private static DeadlockException whatIsTold(SharedLock lock) {
        try {
            lock.lock();
            throw new AssertionError("locked");
        } catch (DeadlockException e) {
            return e;
        }
    }

    /* Each holds one of two locks and asks for the other; what it asked for is part of what it is told. */
    @ParameterizedTest
    @EnumSource
    void aCircleThroughAReadWriteLock_isToldToOne_whetherItAsksToWriteOrToRead(Crew.Place place)
            throws Exception {
        SharedReadWriteLock pair = region.readWriteLock("pair");
        SharedLock other = region.lock("other");
        try (Crew crew = new Crew(place)) {
            for (Lock asked : List.of(pair.writeLock(), pair.readLock())) {
                Crew.Actor writer = crew.hire();
                Crew.Actor owner = crew.hire();
                writer.run(() -> pair.writeLock().lock());
                owner.run(other::lock);
                var writing = writer.start(() -> isTold(other, pair.writeLock()));
                Watchdog.await("the writer waits", other::hasQueuedThreads);
                var owning = owner.start(() -> isTold(asked, other));

                assertThat(owning.join()).as("the last to come is told").isTrue();
                assertThat(writing.join()).isFalse();
            }
        }
    }

    /* Locks one, unless that is a deadlock, and unlocks both. */
    private static boolean isTold(Lock asked, Lock mine) {
        try {
            asked.lock();
            asked.unlock();
            return false;
        } catch (DeadlockException e) {
            return true;
        } finally {
            mine.unlock();
        }
    }

    /** Locks that have conditions. */
    enum Guard {
        LOCK,
        REENTRANT_LOCK,
        WRITE_LOCK;

        Lock in(Region region) {
            return switch (this) {
                case LOCK -> region.lock("guard");
                case REENTRANT_LOCK -> region.reentrantLock("guard", LockOptions.fair());
                case WRITE_LOCK -> region.readWriteLock("guard").writeLock();
            };
        }
    }

    static Stream<Arguments> guards() {
        return Stream.of(Guard.values())
                .flatMap(guard ->
                        Stream.of(Crew.Place.values()).map(place -> arguments(guard, place)));
    }

    /** Who was signalled sleeps on until the signaller has unlocked, and is to be seen to wait for that. */
    @ParameterizedTest
    @MethodSource("guards")
    void aSignallerThatWaitsForWhomItSignalled_isTold(Guard guard, Crew.Place place)
            throws Exception {
        Lock lock = guard.in(region);
        Condition condition = lock.newCondition();
        SharedLock other = region.lock("other");
        try (Crew crew = new Crew(place)) {
            Crew.Actor one = crew.hire();
            Crew.Actor two = crew.hire();
            one.run(other::lock);
            one.run(lock::lock);
            var awaiting = one.begin(condition::await);
            two.run(lock::lock); // when the first waits
            two.run(condition::signal);

            assertThat(two.start(() -> isTold(other, lock)).join()).isTrue();

            awaiting.join();
            one.run(lock::unlock);
            one.run(other::unlock);
        }
    }

    @ParameterizedTest
    @MethodSource("guards")
    void aThreadThatMustOwnItsLockAgain_isNotTold_butTheOtherIs(Guard guard, Crew.Place place)
            throws Exception {
        Lock lock = guard.in(region);
        Condition condition = lock.newCondition();
        SharedLock other = region.lock("other");
        try (Crew crew = new Crew(place)) {
            Crew.Actor one = crew.hire();
            Crew.Actor two = crew.hire();
            one.run(other::lock);
            one.run(lock::lock);
            var awaiting = one.begin(condition::await);
            two.run(lock::lock); // when the first waits
            var told = two.start(() -> isTold(other, lock));
            Watchdog.await("the second waits", other::hasQueuedThreads);
            one.interrupt(); // so that it comes last

            assertThatThrownBy(awaiting::join).isInstanceOf(InterruptedException.class);
            assertThat(told.join()).isTrue();
            one.run(lock::unlock);
            one.run(other::unlock);
        }
    }
}
