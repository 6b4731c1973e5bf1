package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.ObjectInfo.Holder;
import dev.interlock.ObjectInfo.Waiter;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link Region#objects()} shows of objects in use. */
@SuppressWarnings({
    "LockNotBeforeTry",
    "WaitNotInLoop"
}) // locks are held across tasks of one thread
@ExtendWith(Crew.Dismissal.class)
class RegionObjectsTest {
    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private Region region;

    @BeforeEach
    void open() {
        region = Region.open("objects", RegionOptions.defaults().directory(directory));
    }

    @AfterEach
    void close() {
        region.close();
    }

    private ObjectInfo info(String name) {
        return region.objects().stream()
                .filter(object -> object.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource
    void ofALock_ownerAndWaitersAreShown_andHowOftenOneSlept(Crew.Place place) throws Exception {
        SharedReentrantLock lock = region.reentrantLock("l");
        assertThat(info("l").state()).isEqualTo("free");
        try (Crew crew = new Crew(place)) {
            Crew.Actor owner = crew.hire();
            Crew.Actor waiter = crew.hire();
            owner.run(lock::lock);
            long ownersPid = owner.call(() -> ProcessHandle.current().pid());
            long waitersPid = waiter.call(() -> ProcessHandle.current().pid());
            var waiting = waiter.begin(lock::lock);
            Watchdog.await("a waiter is shown", () -> info("l").waiters().size() == 1);

            ObjectInfo seen = info("l");

            assertThat(seen.type()).isEqualTo("SharedReentrantLock");
            assertThat(seen.state()).isEqualTo("held");
            assertThat(seen.holders()).extracting(Holder::pid).containsExactly(ownersPid);
            assertThat(seen.holders().getFirst().threadName()).startsWith("actor-");
            assertThat(seen.waiters()).extracting(Waiter::pid).containsExactly(waitersPid);
            assertThat(seen.contention()).isEqualTo(1);
            owner.run(lock::unlock);
            waiting.join();
            waiter.run(lock::unlock);
            assertThat(info("l").waiters()).isEmpty();
            assertThat(info("l").holders()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofACondition_waitersAreShown(Crew.Place place) throws Exception {
        SharedLock lock = region.lock("l");
        SharedCondition condition = lock.condition("c");
        try (Crew crew = new Crew(place)) {
            Crew.Actor waiter = crew.hire();
            var waiting =
                    waiter.begin(() -> {
                        try (var _ = lock.acquire()) {
                            condition.await();
                        }
                    });
            Watchdog.await("a waiter is shown", () -> info("c").waiters().size() == 1);
            assertThat(info("c").type()).isEqualTo("SharedCondition");
            assertThat(info("c").state()).isEqualTo("1 waiting");
            assertThat(info("c").contention()).isEqualTo(1);
            try (var _ = lock.acquire()) {
                condition.signal();
            }
            waiting.join();
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofAReadWriteLock_theWriter_orProcessesAndTheirReaders_andWaitersAreShown(Crew.Place place)
            throws Exception {
        SharedReadWriteLock lock = region.readWriteLock("l");
        assertThat(info("l").state()).isEqualTo("free");
        try (Crew crew = new Crew(place)) {
            Crew.Actor one = crew.hire();
            Crew.Actor two = crew.hire();
            one.run(lock.readLock()::lock);
            two.run(lock.readLock()::lock);
            assertThat(info("l").state()).isEqualTo("2 reading");
            assertThat(info("l").holders().stream().mapToLong(Holder::amount).sum()).isEqualTo(2);
            assertThat(info("l").holders())
                    .extracting(Holder::pid)
                    .contains(one.call(() -> ProcessHandle.current().pid()));
            one.run(lock.readLock()::unlock);
            var writing = one.begin(lock.writeLock()::lock);
            Watchdog.await("a waiter is shown", () -> info("l").waiters().size() == 1);
            assertThat(info("l").holders()).as("it does not write yet").hasSize(1);
            two.run(lock.readLock()::unlock);
            writing.join();

            ObjectInfo seen = info("l");

            assertThat(seen.type()).isEqualTo("SharedReadWriteLock");
            assertThat(seen.state()).isEqualTo("written");
            assertThat(seen.holders())
                    .singleElement()
                    .satisfies(holder -> assertThat(holder.threadName()).startsWith("actor-"));
            assertThat(seen.contention()).isPositive();
            one.run(lock.writeLock()::unlock);
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofABarrier_thoseWhoWaitAreShown(Crew.Place place) throws Exception {
        SharedBarrier barrier = region.barrier("b", 2);
        try (Crew crew = new Crew(place)) {
            Crew.Actor party = crew.hire();
            long pid = party.call(() -> ProcessHandle.current().pid());
            var waiting = party.begin(barrier::await);
            Watchdog.await("a waiter is shown", () -> info("b").waiters().size() == 1);

            ObjectInfo seen = info("b");

            assertThat(seen.type()).isEqualTo("SharedBarrier");
            assertThat(seen.state()).isEqualTo("1 of 2 waiting");
            assertThat(seen.waiters()).extracting(Waiter::pid).containsExactly(pid);
            assertThat(seen.contention()).isEqualTo(1);
            barrier.await();
            waiting.join();
            assertThat(info("b").waiters()).isEmpty();
            barrier.abort();
            assertThat(info("b").state()).isEqualTo("broken");
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofASemaphore_holdersAndWaitersAreShown_withHowMuch(Crew.Place place) throws Exception {
        SharedSemaphore semaphore = region.semaphore("s", 5);
        try (Crew crew = new Crew(place)) {
            Crew.Actor holder = crew.hire();
            Crew.Actor waiter = crew.hire();
            holder.run(() -> semaphore.acquire(4));
            var waiting = waiter.begin(() -> semaphore.acquire(3));
            Watchdog.await("a waiter is shown", () -> info("s").waiters().size() == 1);

            ObjectInfo seen = info("s");

            assertThat(seen.type()).isEqualTo("SharedSemaphore");
            assertThat(seen.state()).isEqualTo("1 of 5 available");
            assertThat(seen.holders()).extracting(Holder::amount).containsExactly(4L);
            assertThat(seen.waiters()).extracting(Waiter::amount).containsExactly(3L);
            assertThat(seen.contention()).isEqualTo(1);
            holder.run(() -> semaphore.release(4));
            waiting.join();
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofAnEventAndALatch_thoseWhoWaitAreShown_alsoAmongOthers(Crew.Place place)
            throws Exception {
        SharedEvent event = region.event("e");
        SharedCountDownLatch latch = region.countDownLatch("c", 2);
        assertThat(info("e").state()).isEqualTo("clear");
        assertThat(info("c").state()).isEqualTo("2 left");
        try (Crew crew = new Crew(place)) {
            var forEvent = crew.hire().begin(event::await);
            var forLatch = crew.hire().begin(latch::await);
            var forAny = crew.hire().start(() -> WaitSet.any(event, latch).size());
            Watchdog.await(
                    "two wait for each",
                    () -> info("e").waiters().size() == 2 && info("c").waiters().size() == 2);
            assertThat(info("e").contention()).isEqualTo(2);
            event.set();
            forEvent.join();
            assertThat(forAny.join()).isEqualTo(1);
            assertThat(info("e").state()).isEqualTo("set");
            assertThat(info("e").waiters()).isEmpty();
            latch.countDown();
            latch.countDown();
            forLatch.join();
            assertThat(info("c").state()).isEqualTo("0 left");
            assertThat(info("c").waiters()).isEmpty();
        }
    }
}
