package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Threads that wait long, or for each other, but not for ever, in one JVM and in several: none of them is told of a deadlock. */
@SuppressWarnings("LockNotBeforeTry") // locks are held across tasks of one thread
@ExtendWith(Crew.Dismissal.class)
class NoDeadlockContractTest {
    /* Where the circle is opened before anybody looks, however slow the machine is. */
    private static final Duration NO_LOOK_YET = Duration.ofMinutes(10);

    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private Region region;

    @BeforeEach
    void open() {
        region = open("deadlocks", DeadlockContractTest.PATIENCE);
    }

    @AfterEach
    void close() {
        region.close();
    }

    private Region open(String name, Duration patience) {
        return Region.open(
                name, RegionOptions.defaults().directory(directory).deadlockAfter(patience));
    }

    @ParameterizedTest
    @EnumSource
    void aCircleInWhichOneWaitsWithALimit_isNoDeadlock(Crew.Place place) throws Exception {
        SharedLock a = region.lock("a");
        SharedLock b = region.lock("b");
        try (Crew crew = new Crew(place)) {
            Crew.Actor one = crew.hire();
            Crew.Actor two = crew.hire();
            one.run(a::lock);
            two.run(b::lock);
            var untimed =
                    one.begin(() -> {
                        b.lock();
                        b.unlock();
                        a.unlock();
                    });
            boolean got = two.call(() -> a.tryLock(1, TimeUnit.SECONDS));
            assertThat(got).isFalse();
            assertThat(untimed.isDone()).isFalse();
            two.run(b::unlock);
            untimed.join();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLongWaitForOneWhoWorks_isNoDeadlock(Crew.Place place) throws Exception {
        SharedLock a = region.lock("a");
        SharedLock b = region.lock("b");
        try (Crew crew = new Crew(place)) {
            Crew.Actor one = crew.hire();
            Crew.Actor two = crew.hire();
            one.run(a::lock);
            two.run(b::lock);
            var waiting =
                    two.begin(() -> {
                        a.lock();
                        a.unlock();
                        b.unlock();
                    });
            one.run(() -> LockSupport.parkNanos(1_000_000_000));
            assertThat(waiting.isDone()).isFalse();
            one.run(a::unlock);
            waiting.join();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCircleThatAnInterruptOpens_isNoDeadlock(Crew.Place place) throws Exception {
        try (Region calm = open("calm", NO_LOOK_YET);
                Crew crew = new Crew(place)) {
            SharedLock a = calm.lock("a");
            SharedLock b = calm.lock("b");
            Crew.Actor one = crew.hire();
            Crew.Actor two = crew.hire();
            one.run(a::lock);
            two.run(b::lock);
            var waiting = one.begin(b::lock);
            var interrupted =
                    two.begin(() -> {
                        Thread.currentThread().interrupt();
                        a.lockInterruptibly();
                    });
            assertThatThrownBy(interrupted::join).isInstanceOf(InterruptedException.class);
            two.run(b::unlock);
            waiting.join();
            one.run(b::unlock);
        }
    }

    @Test
    void aCircleOpenedByADeath_isNoDeadlock() throws Exception {
        try (Region calm = open("calm", NO_LOOK_YET);
                Crew crew = new Crew(Crew.Place.PROCESSES)) {
            SharedLock a = calm.lock("a");
            SharedLock b = calm.lock("b");
            Crew.Actor one = crew.hire();
            Crew.Actor two = crew.hire();
            one.run(a::lock);
            two.run(b::lock);
            var waiting = one.begin(b::lock);
            two.begin(a::lock);
            Watchdog.await("both wait", () -> a.hasQueuedThreads() && b.hasQueuedThreads());
            two.killProcess();
            waiting.join();
            assertThat((boolean) one.call(b::isAbandoned)).isTrue();
        }
    }

    /* The look comes after a millisecond here, so that it meets threads in every state. */
    @ParameterizedTest
    @EnumSource
    void threadsThatLockInOrder_orWithALimit_areNeverToldOfADeadlock(Crew.Place place)
            throws Exception {
        try (Region busy = open("busy", Duration.ofMillis(1));
                Crew crew = new Crew(place)) {
            List<SharedReentrantLock> locks = new ArrayList<>();
            for (int i = 0; i < 4; i++)
                locks.add(
                        busy.reentrantLock(
                                "l" + i, i < 2 ? LockOptions.fair() : LockOptions.defaults()));
            SharedReentrantLock[] all = locks.toArray(new SharedReentrantLock[0]);
            List<Crew.Promise<Integer>> promises = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                long seed = i;
                promises.add(crew.hire().start(() -> lockAtRandom(all, seed)));
            }
            int rounds = 0;
            for (var promise : promises) rounds += promise.join();
            assertThat(rounds).isPositive();
        }
    }

    private static int lockAtRandom(SharedReentrantLock[] locks, long seed) throws Exception {
        var random = new Random(seed);
        long end = System.nanoTime() + 1_000_000_000;
        int rounds = 0;
        for (; System.nanoTime() < end; rounds++) {
            int first = random.nextInt(locks.length);
            int second = random.nextInt(locks.length);
            locks[first].lock();
            try {
                if (random.nextInt(4) == 0) LockSupport.parkNanos(3_000_000);
                if (second >= first) {
                    locks[second].lock();
                    locks[second].unlock();
                } else if (locks[second].tryLock(Duration.ofMillis(4))) {
                    locks[second].unlock();
                }
            } finally {
                locks[first].unlock();
            }
        }
        return rounds;
    }

    @ParameterizedTest
    @EnumSource
    void whereItIsSwitchedOff_nobodyIsTold(Crew.Place place) throws Exception {
        try (Region quiet = open("quiet", Duration.ZERO);
                Crew crew = new Crew(place)) {
            SharedLock a = quiet.lock("a");
            SharedLock b = quiet.lock("b");
            Crew.Actor one = crew.hire();
            Crew.Actor two = crew.hire();
            one.run(a::lock);
            two.run(b::lock);
            var first = one.begin(b::lockInterruptibly);
            var second = two.begin(a::lockInterruptibly);
            LockSupport.parkNanos(900_000_000);
            assertThat(first.isDone() || second.isDone()).isFalse();
            one.interrupt();
            assertThatThrownBy(first::join).isInstanceOf(InterruptedException.class);
            one.run(a::unlock);
            second.join();
        }
    }
}
