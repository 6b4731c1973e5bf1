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
            try (var _ = lock.acquire()) {
                condition.signal();
            }
            waiting.join();
        }
    }
}
