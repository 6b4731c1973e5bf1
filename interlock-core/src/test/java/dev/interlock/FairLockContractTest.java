package dev.interlock;

import static dev.interlock.Waiters.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

/** What a fair lock promises beyond others: the order of arrival, up to those who gave up or died. */
@SuppressWarnings("LockNotBeforeTry")
@ExtendWith(Crew.Dismissal.class)
class FairLockContractTest {
    /** Where threads are, and which of the two locks is made fair. */
    record Setting(Crew.Place place, boolean isReentrant) {}

    static Stream<Setting> settings() {
        return Arrays.stream(Crew.Place.values())
                .flatMap(place -> Stream.of(new Setting(place, false), new Setting(place, true)));
    }

    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private RegionOptions here;
    private Region region;
    private SharedIntArray order; // who had the lock, one after the other
    private SharedInt turns;

    @BeforeEach
    void open() {
        here = RegionOptions.defaults().directory(directory);
        region = Region.open("fair", here);
        order = region.intArray("order", 64);
        turns = region.intValue("turns", 0);
    }

    @AfterEach
    void close() {
        region.close();
    }

    private OwnedLock lock(Setting setting) {
        return setting.isReentrant
                ? region.reentrantLock("l", LockOptions.fair())
                : region.lock("l", LockOptions.fair());
    }

    /** Takes a turn, and notes it. */
    private static Action turn(OwnedLock lock, SharedIntArray order, SharedInt turns, int who) {
        return () -> {
            lock.lock();
            try {
                order.set(turns.get(), who);
                turns.set(turns.get() + 1);
            } finally {
                lock.unlock();
            }
        };
    }

    private List<Integer> order() {
        List<Integer> list = new ArrayList<>();
        for (int i = 0; i < turns.get(); i++) list.add(order.get(i));
        return list;
    }

    @ParameterizedTest
    @MethodSource("settings")
    void theLock_goesToThoseWhoWait_inTheOrderOfTheirArrival(Setting setting) throws Exception {
        OwnedLock lock = lock(setting);
        try (Crew crew = new Crew(setting.place)) {
            lock.lock();
            List<Crew.Promise<?>> waiters = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                waiters.add(crew.hire().begin(turn(lock, order, turns, i)));
                Waiters.awaitQueued(lock, i + 1);
            }
            lock.unlock();
            for (Crew.Promise<?> waiter : waiters) waiter.join();
            assertThat(order()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        }
        assertThat(lock.hasQueuedThreads()).isFalse();
    }

    /** Each locks again as soon as it can: with barging, the one that runs would have many turns in a row. */
    @ParameterizedTest
    @MethodSource("settings")
    void whoUnlocks_standsInLineAgain(Setting setting) throws Exception {
        OwnedLock lock = lock(setting);
        SharedIntArray order = this.order;
        SharedInt turns = this.turns;
        try (Crew crew = new Crew(setting.place)) {
            lock.lock();
            List<Crew.Promise<?>> waiters = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int who = i;
                waiters.add(
                        crew.hire()
                                .begin(() -> {
                                    while (takesTurn(lock, order, turns, who)) {
                                        // until all have had their turns
                                    }
                                }));
                Waiters.awaitQueued(lock, i + 1);
            }
            lock.unlock();
            for (Crew.Promise<?> waiter : waiters) waiter.join();
        }
        List<Integer> roundRobin = new ArrayList<>();
        for (int i = 0; i < 30; i++) roundRobin.add(i % 3);
        assertThat(order()).isEqualTo(roundRobin);
    }

    private static boolean takesTurn(
            OwnedLock lock, SharedIntArray order, SharedInt turns, int who) {
        lock.lock();
        try {
            if (turns.get() == 30) return false;
            Waiters.awaitQueued(lock, 2); // the others want it, too
            order.set(turns.get(), who);
            turns.set(turns.get() + 1);
            return true;
        } finally {
            lock.unlock();
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void newcomers_doNotPass(Setting setting) throws Exception {
        OwnedLock lock = lock(setting);
        try (Crew crew = new Crew(setting.place)) {
            Crew.Actor waiter = crew.hire();
            Crew.Actor newcomer = crew.hire();
            lock.lock();
            var waiting = waiter.begin(turn(lock, order, turns, 1));
            Waiters.awaitQueued(lock, 1);
            var coming = newcomer.begin(turn(lock, order, turns, 2));
            Waiters.awaitQueued(lock, 2);
            lock.unlock();
            waiting.join();
            coming.join();
            assertThat(order()).containsExactly(1, 2);
        }
    }

    /** A stopped process keeps its place in line, so that there is time to look at a free lock that somebody waits for. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tryLock_mayPassWhoWaits_whichNoOtherFormMay(boolean isReentrant) throws Exception {
        OwnedLock lock = lock(new Setting(Crew.Place.PROCESSES, isReentrant));
        try (Crew crew = new Crew(Crew.Place.PROCESSES)) {
            Crew.Actor stopped = crew.hire();
            Crew.Actor newcomer = crew.hire();
            long pid = stopped.call(() -> ProcessHandle.current().pid());
            lock.lock();
            var first = stopped.begin(turn(lock, order, turns, 1));
            Waiters.awaitQueued(lock, 1);
            signal("-STOP", pid);
            lock.unlock();
            assertThat(newcomer.call(() -> lock.tryLock(Duration.ZERO))).isFalse();
            assertThat(newcomer.call(() -> lock.tryLock(Duration.ofMillis(20)))).isFalse();
            assertThat(newcomer.call(() -> lock.tryLock())).isTrue();
            newcomer.run(lock::unlock);
            var second = newcomer.begin(turn(lock, order, turns, 2));
            Waiters.awaitQueued(lock, 2);
            assertThat(second.isDone()).isFalse();
            signal("-CONT", pid);
            first.join();
            second.join();
            assertThat(order()).containsExactly(1, 2);
        }
    }

    private static void signal(String name, long pid) throws Exception {
        int code = new ProcessBuilder("kill", name, Long.toString(pid)).start().waitFor();
        if (code != 0) throw new AssertionError("kill " + name + ": " + code);
        if (name.equals("-STOP"))
            Watchdog.await("all threads of " + pid + " are stopped", () -> isStopped(pid));
    }

    private static boolean isStopped(long pid) {
        File[] threads = new File("/proc/" + pid + "/task").listFiles();
        return threads != null && Arrays.stream(threads).allMatch(thread -> state(thread) == 'T');
    }

    private static char state(File thread) {
        try {
            String stat = Files.readString(thread.toPath().resolve("stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void aWaiterThatTimesOutOrIsInterrupted_isSkipped(Setting setting) throws Exception {
        OwnedLock lock = lock(setting);
        try (Crew crew = new Crew(setting.place)) {
            lock.lock();
            Crew.Actor interrupted = crew.hire();
            var first = interrupted.begin(lock::lockInterruptibly);
            Waiters.awaitQueued(lock, 1);
            var second = crew.hire().start(() -> lock.tryLock(Duration.ofMillis(300)));
            Waiters.awaitQueued(lock, 2);
            var third = crew.hire().begin(turn(lock, order, turns, 3));
            Waiters.awaitQueued(lock, 3);
            interrupted.interrupt();
            assertThatThrownBy(first::join).isInstanceOf(InterruptedException.class);
            assertThat(second.join()).isFalse();
            Waiters.awaitQueued(lock, 1);
            assertThat(third.isDone()).isFalse();
            lock.unlock();
            third.join();
            assertThat(order()).containsExactly(3);
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void waitersThatGiveUpWhileTheyAreChosen_passTheLockOn(Setting setting) throws Exception {
        OwnedLock lock = lock(setting);
        try (Crew crew = new Crew(setting.place)) {
            Crew.Actor quitter = crew.hire();
            Crew.Actor patient = crew.hire();
            for (int round = 0; round < 50; round++) {
                lock.lock();
                var first =
                        quitter.begin(() -> {
                            lock.lockInterruptibly();
                            lock.unlock();
                        });
                Waiters.awaitQueued(lock, 1);
                var second =
                        patient.begin(() -> {
                            lock.lock();
                            lock.unlock();
                        });
                Waiters.awaitQueued(lock, 2);
                lock.unlock();
                quitter.interrupt();
                second.join();
                try {
                    first.join();
                } catch (InterruptedException e) {
                    // it gave up
                }
            }
        }
        assertThat(lock.hasQueuedThreads()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void manyThreads_excludeEachOther_andAllGetTheirTurns(Crew.Place place) throws Exception {
        SharedLock lock = region.lock("l", LockOptions.fair());
        SharedLong number = region.longValue("n", 0);
        int actors = 6;
        int rounds = 200;
        try (Crew crew = new Crew(place)) {
            List<Crew.Promise<?>> promises = new ArrayList<>();
            for (int i = 0; i < actors; i++) {
                promises.add(
                        crew.hire()
                                .begin(() -> {
                                    for (int round = 0; round < rounds; round++) {
                                        switch (round % 3) {
                                            case 0 -> lock.lock();
                                            case 1 -> lock.lockInterruptibly();
                                            default -> {
                                                if (!lock.tryLock(LONG)) throw new AssertionError();
                                            }
                                        }
                                        number.setPlain(number.getPlain() + 1);
                                        lock.unlock();
                                    }
                                }));
            }
            for (Crew.Promise<?> promise : promises) promise.join();
        }
        assertThat(number.get()).isEqualTo((long) actors * rounds);
        assertThat(lock.isLocked()).isFalse();
    }

    @Test
    void manyVirtualThreads_getTheLockInTheOrderOfTheirArrival() throws Exception {
        int threads = Waiters.manyVirtualThreads();
        SharedLock lock = region.lock("l", LockOptions.fair());
        SharedIntArray all = region.intArray("all", threads);
        try (Crew crew = new Crew(Crew.Place.VIRTUAL_THREADS)) {
            lock.lock();
            List<Crew.Promise<?>> waiters = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                waiters.add(crew.hire().begin(turn(lock, all, turns, i)));
                Waiters.awaitQueued(lock, i + 1);
            }
            lock.unlock();
            for (Crew.Promise<?> waiter : waiters) waiter.join();
            for (int i = 0; i < threads; i++) assertThat(all.get(i)).isEqualTo(i);
        }
        assertThat(lock.hasQueuedThreads()).isFalse();
    }

    /** The region is full before anybody waits: there is no memory to stand in line. */
    @Test
    void withoutMemoryToStandInLine_theLockIsTakenAllTheSame() throws Exception {
        RegionOptions small = here.maxBytes(256 << 10);
        try (Region full = Region.open("full", small);
                Crew crew = new Crew(Crew.Place.THREADS)) {
            SharedLock lock = full.lock("l", LockOptions.fair());
            assertThatThrownBy(
                            () -> {
                                while (true) full.lock();
                            })
                    .isInstanceOf(RegionFullException.class);
            lock.lock();
            Crew.Actor waiter = crew.hire();
            assertThat(waiter.call(() -> lock.tryLock(Duration.ofMillis(10)))).isFalse();
            var interrupted = waiter.begin(lock::lockInterruptibly);
            while (!interrupted.isDone()) waiter.interrupt(); // it may not wait yet
            assertThatThrownBy(interrupted::join).isInstanceOf(InterruptedException.class);
            var waiting = waiter.begin(lock::lock);
            lock.unlock();
            waiting.join();
            waiter.run(lock::unlock);
        }
    }

    @Test
    void aWaiterThatIsKilled_isSkipped() throws Exception {
        SharedLock lock = region.lock("l", LockOptions.fair());
        try (Crew crew = new Crew(Crew.Place.PROCESSES)) {
            lock.lock();
            Crew.Actor victim = crew.hire();
            victim.begin(turn(lock, order, turns, 1));
            Waiters.awaitQueued(lock, 1);
            var other = crew.hire().begin(turn(lock, order, turns, 2));
            Waiters.awaitQueued(lock, 2);
            victim.killProcess();
            Waiters.awaitQueued(lock, 1);
            lock.unlock();
            other.join();
            assertThat(order()).containsExactly(2);
            assertThat(lock.isAbandoned()).isFalse();
        }
    }

    @Test
    void anOwnerThatIsKilled_leavesTheLockToWhoWaitsLongest() throws Exception {
        SharedLock lock = region.lock("l", LockOptions.fair());
        try (Crew crew = new Crew(Crew.Place.PROCESSES)) {
            Crew.Actor victim = crew.hire();
            victim.run(lock::lock);
            Crew.Actor first = crew.hire();
            var one = first.begin(lock::lock);
            Waiters.awaitQueued(lock, 1);
            crew.hire();
            Crew.Actor second = crew.hire();
            var another = second.begin(lock::lock);
            Waiters.awaitQueued(lock, 2);
            victim.killProcess();
            one.join();
            assertThat(lock.isAbandoned()).isTrue();
            assertThat(another.isDone()).isFalse();
            first.run(lock::markConsistent);
            first.run(lock::unlock);
            another.join();
            second.run(lock::unlock);
        }
    }

    @Test
    void anAbandonedFairLock_thatThrows_throwsToAllWhoWait() throws Exception {
        SharedLock lock = region.lock("l", LockOptions.fair().ownerDeath(OwnerDeathPolicy.THROW));
        try (Crew crew = new Crew(Crew.Place.PROCESSES)) {
            Crew.Actor victim = crew.hire();
            victim.run(lock::lock);
            List<Crew.Promise<?>> waiters = new ArrayList<>();
            for (int i = 1; i <= 3; i++) {
                waiters.add(crew.hire().begin(lock::lock));
                Waiters.awaitQueued(lock, i);
                crew.hire();
            }
            victim.killProcess();
            for (Crew.Promise<?> waiter : waiters)
                assertThatThrownBy(waiter::join).isInstanceOf(AbandonedException.class);
            lock.markConsistent();
            assertThat(lock.tryLock(Duration.ofSeconds(60))).isTrue();
            lock.unlock();
        }
    }
}
