package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Waiting for the first of several objects, some of which are queues. */
@ExtendWith(Crew.Dismissal.class)
class WaitSetQueueContractTest {
    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private Region region;

    @BeforeEach
    void open() {
        region = Region.open("sets", RegionOptions.defaults().directory(directory));
    }

    @AfterEach
    void close() {
        region.close();
    }

    private SharedQueue<String> queue(String name) {
        return region.queue(name, QueueOptions.capacity(2));
    }

    private void awaitWaiting(String name, int count) {
        Watchdog.await(
                count + " wait for " + name,
                () ->
                        region.objects().stream()
                                        .filter(info -> info.name().equals(name))
                                        .mapToInt(info -> info.waiters().size())
                                        .sum()
                                == count);
    }

    @Test
    void whatIsReadyAtOnce_isToldInTheOrderGiven() throws Exception {
        SharedQueue<String> full = queue("full");
        SharedQueue<String> empty = queue("empty");
        full.putAll(List.of("a", "b"));
        assertThat(WaitSet.any(empty, full)).containsExactly(full);
        assertThat(WaitSet.any(full.room(), empty.room())).containsExactly(empty.room());
        assertThat(WaitSet.any(Duration.ZERO, empty, full.room())).isEmpty();
        empty.close();
        assertThat(WaitSet.any(empty, empty.room())).hasSize(2);
        try (Lease<String> lease = full.takeLease()) {
            full.close();
            assertThat(WaitSet.any(full)).as("b").hasSize(1);
            full.poll();
            assertThat(WaitSet.any(Duration.ZERO, full)).as(lease + " may come back").isEmpty();
        }
    }

    @Test
    void aQueueInPlaceOfAList_isRefused() {
        SharedQueue<SharedEvent> events = region.queue(QueueOptions.capacity(1));
        assertThatThrownBy(() -> WaitSet.any(Duration.ZERO, events))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("list");
    }

    @ParameterizedTest
    @EnumSource
    void aMessage_endsTheWait(Crew.Place place) throws Exception {
        SharedQueue<String> jobs = queue("jobs");
        SharedQueue<String> orders = queue("orders");
        try (Crew crew = new Crew(place)) {
            Crew.Actor actor = crew.hire();
            for (int i = 0; i < 20; i++) {
                var waiting = actor.start(() -> WaitSet.any(jobs, orders).getFirst().poll());
                if (i % 2 == 0) awaitWaiting("orders", 1);
                (i % 4 < 2 ? jobs : orders).put("" + i);
                assertThat(waiting.join()).isEqualTo("" + i);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPlace_endsTheWait(Crew.Place place) throws Exception {
        SharedQueue<String> queue = queue("q");
        QueueRoom<String> room = queue.room();
        queue.putAll(List.of("a", "b"));
        try (Crew crew = new Crew(place)) {
            for (int i = 0; i < 10; i++) {
                var waiting =
                        crew.hire()
                                .start(() -> {
                                    WaitSet.any(room);
                                    return queue.offer("more");
                                });
                awaitWaiting("q", 1);
                queue.take();
                assertThat(waiting.join()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theFirstOfAllKinds_endsTheWait(Crew.Place place) throws Exception {
        SharedQueue<String> queue = queue("q");
        SharedEvent event = region.event();
        SharedSemaphore permits = region.semaphore(0, SemaphoreOptions.unowned());
        SharedCountDownLatch latch = region.countDownLatch(1);
        try (Crew crew = new Crew(place)) {
            Crew.Actor actor = crew.hire();
            for (int i = 0; i < 4; i++) {
                var waiting =
                        actor.start(() ->
                                WaitSet.any(List.of(queue, event, permits, latch))
                                        .getFirst()
                                        .getClass()
                                        .getSimpleName());
                awaitWaiting("q", 1);
                switch (i) {
                    case 0 -> event.set();
                    case 1 -> permits.release();
                    case 2 -> queue.put("a");
                    default -> latch.countDown();
                }
                assertThat(waiting.join())
                        .isEqualTo(
                                List.of(
                                                "SharedEvent",
                                                "SharedSemaphore",
                                                "SharedQueue",
                                                "SharedCountDownLatch")
                                        .get(i));
                event.clear();
                permits.drainPermits();
                queue.clear();
            }
        }
    }

    @Test
    void theEndOfAChild_endsTheWait() throws Exception {
        SharedQueue<String> queue = queue("q");
        SharedEvent go = region.event();
        ChildProcess<Void> child = ChildProcess.start(() -> go.await());
        assertThat(WaitSet.any(Duration.ofMillis(20), child, queue)).isEmpty();
        go.set();
        assertThat(WaitSet.any(child, queue)).containsExactly(child);
    }

    /* One waiter is woken for each message; if that is one who does not take it, another must hear of it. */
    @ParameterizedTest
    @EnumSource
    void aWakeUp_isPassedOnToWhoTakes(Crew.Place place) throws Exception {
        SharedQueue<String> queue = queue("q");
        try (Crew crew = new Crew(place)) {
            for (int i = 0; i < 10; i++) {
                var watching = crew.hire().start(() -> WaitSet.any(queue).size());
                awaitWaiting("q", 1);
                var taking = crew.hire().start(queue::take);
                awaitWaiting("q", 2);
                queue.put("a");
                assertThat(taking.join()).isEqualTo("a");
                if (!watching.isDone()) queue.put("b"); // it came too late for a
                assertThat(watching.join()).isEqualTo(1);
                queue.clear();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClose_endsTheWait(Crew.Place place) throws Exception {
        SharedQueue<String> queue = queue("q");
        SharedQueue<String> full = queue("full");
        full.putAll(List.of("a", "b"));
        try (Crew crew = new Crew(place)) {
            var items = crew.hire().start(() -> WaitSet.any(queue).size());
            var room = crew.hire().start(() -> WaitSet.any(full.room()).size());
            awaitWaiting("q", 1);
            awaitWaiting("full", 1);
            queue.close();
            full.close();
            assertThat(items.join()).isEqualTo(1);
            assertThat(room.join()).isEqualTo(1);
        }
    }

    @Test
    void theDeathOfWhoHoldsTheMessage_endsTheWait() throws Exception {
        SharedQueue<String> queue = queue("q");
        SharedEvent has = region.event();
        queue.put("a");
        ChildProcess<Void> holder =
                ChildProcess.start(() -> {
                    Lease<String> lease = queue.takeLease();
                    has.set();
                    Thread.sleep(Duration.ofHours(1));
                    lease.ack();
                });
        has.await();
        try (Crew crew = new Crew(Crew.Place.THREADS)) {
            var waiting = crew.hire().start(() -> WaitSet.any(queue).size());
            awaitWaiting("q", 1);
            holder.kill();
            assertThat(waiting.join()).isEqualTo(1);
        }
        assertThat(Objects.requireNonNull(queue.poll())).isEqualTo("a");
    }
}
