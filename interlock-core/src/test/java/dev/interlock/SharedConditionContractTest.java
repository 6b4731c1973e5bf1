package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a condition promises, to threads and to processes. */
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"}) // it tries how waiting ends
class SharedConditionContractTest {
    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private Region region;
    private SharedLock lock;
    private SharedCondition condition;

    @BeforeEach
    void open() {
        region = Region.open("conditions", RegionOptions.defaults().directory(directory));
        lock = region.lock("l");
        condition = lock.newCondition();
    }

    @AfterEach
    void close() {
        region.close();
    }

    @ParameterizedTest
    @EnumSource
    void signal_wakesWhoWaitedLongest(Crew.Place place) throws Exception {
        SharedLock lock = this.lock;
        SharedCondition condition = this.condition;
        try (Crew crew = new Crew(place)) {
            Crew.Actor first = crew.hire();
            Crew.Actor second = crew.hire();
            Action waiting =
                    () -> {
                        lock.lock();
                        try {
                            condition.await();
                        } finally {
                            lock.unlock();
                        }
                    };
            var one = first.begin(waiting);
            awaitWaiters(1);
            var two = second.begin(waiting);
            awaitWaiters(2);
            lock.lock();
            condition.signal();
            lock.unlock();
            one.join();
            assertThat(two.isDone()).isFalse();
            assertThat(condition.getWaitQueueLength()).isEqualTo(1);
            lock.lock();
            condition.signal();
            lock.unlock();
            two.join();
            assertThat(condition.hasWaiters()).isFalse();
        }
    }

    private void awaitWaiters(int count) {
        Watchdog.await(count + " wait", () -> condition.getWaitQueueLength() == count);
    }
}
