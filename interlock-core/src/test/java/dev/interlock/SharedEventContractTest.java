package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an event promises, to threads and to processes; after the cases of Python's tests for its event. */
@ExtendWith(Crew.Dismissal.class)
class SharedEventContractTest {
    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private Region region;

    @BeforeEach
    void open() {
        region = Region.open("events", RegionOptions.defaults().directory(directory));
    }

    @AfterEach
    void close() {
        region.close();
    }

    private void awaitSleepers(String name, int count) {
        Watchdog.await(
                count + " wait",
                () ->
                        region.objects().stream()
                                .anyMatch(
                                        o -> o.name().equals(name) && o.waiters().size() == count));
    }

    @Test
    void itIsClearAtFirst_andSetUntilItIsCleared() throws Exception {
        SharedEvent event = region.event("e");
        assertThat(event.isSet()).isFalse();
        assertThat(event.await(Duration.ZERO)).isFalse();
        event.set();
        event.set();
        assertThat(event.isSet()).isTrue();
        assertThat(event.await(Duration.ZERO)).isTrue();
        assertThat(event.await(Duration.ofSeconds(-1))).isTrue();
        event.await();
        event.clear();
        assertThat(event.isSet()).isFalse();
        event.clear();
        assertThat(event).hasToString("SharedEvent 'e' in region 'events', clear");
    }

    @Test
    void aWaitWithALimit_endsNotBeforeIt() throws Exception {
        SharedEvent event = region.event();
        long start = System.nanoTime();
        assertThat(event.await(50, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(50_000_000);
    }

    @ParameterizedTest
    @EnumSource
    void set_wakesAllWhoWait(Crew.Place place) throws Exception {
        SharedEvent event = region.event("e");
        try (Crew crew = new Crew(place)) {
            List<Crew.Promise<Boolean>> waits = new ArrayList<>();
            for (int i = 0; i < 5; i++)
                waits.add(crew.hire().start(() -> event.await(Duration.ofMinutes(10))));
            awaitSleepers("e", 5);
            event.set();
            for (var wait : waits) assertThat(wait.join()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoWaits_isWokenBySetAndClear(Crew.Place place) throws Exception {
        SharedEvent event = region.event("e");
        try (Crew crew = new Crew(place)) {
            List<Crew.Promise<Boolean>> waits = new ArrayList<>();
            for (int i = 0; i < 3; i++)
                waits.add(crew.hire().start(() -> event.await(Duration.ofMinutes(10))));
            awaitSleepers("e", 3);
            event.set();
            event.clear();
            for (var wait : waits) assertThat(wait.join()).isTrue();
            assertThat(event.isSet()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterrupt_endsAWait(Crew.Place place) throws Exception {
        SharedEvent event = region.event("e");
        try (Crew crew = new Crew(place)) {
            Crew.Actor actor = crew.hire();
            var wait = actor.begin(event::await);
            awaitSleepers("e", 1);
            actor.interrupt();
            assertThatThrownBy(wait::join).isInstanceOf(InterruptedException.class);
            assertThat((boolean) actor.call(() -> Thread.currentThread().isInterrupted()))
                    .isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterrupt_doesNotEndAnUninterruptibleWait(Crew.Place place) throws Exception {
        SharedEvent event = region.event("e");
        try (Crew crew = new Crew(place)) {
            Crew.Actor actor = crew.hire();
            var wait =
                    actor.start(() -> {
                        event.awaitUninterruptibly();
                        Watchdog.await(
                                "it is interrupted", () -> Thread.currentThread().isInterrupted());
                        return Thread.interrupted();
                    });
            awaitSleepers("e", 1);
            actor.interrupt();
            event.set();
            assertThat(wait.join()).isTrue();
        }
    }

    @Test
    void aThreadInterruptedBefore_doesNotWait_evenIfItIsSet() {
        SharedEvent event = region.event();
        event.set();
        Thread.currentThread().interrupt();
        assertThatThrownBy(event::await).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aThousandVirtualThreads_areWoken() throws Exception {
        SharedEvent event = region.event("e");
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 1000; i++)
            threads.add(Thread.ofVirtual().start(event::awaitUninterruptibly));
        awaitSleepers("e", 1000);
        event.set();
        for (Thread thread : threads) Watchdog.join(thread);
    }

    @Test
    void closingTheRegion_endsWaits() throws Exception {
        Region other = Region.open("events", RegionOptions.defaults().directory(directory));
        SharedEvent event = other.event("e");
        var crew = new Crew(Crew.Place.THREADS);
        var wait = crew.hire().begin(event::await);
        awaitSleepers("e", 1);
        other.close();
        assertThatThrownBy(wait::join).isInstanceOf(IllegalStateException.class);
        crew.close();
    }

    @Test
    void aDeadWaiter_hurtsNobody() throws Exception {
        SharedEvent event = region.event("e");
        try (Crew crew = new Crew(Crew.Place.PROCESSES)) {
            Crew.Actor one = crew.hire();
            Crew.Actor two = crew.hire();
            one.begin(event::await);
            var wait = two.begin(event::await);
            awaitSleepers("e", 2);
            one.killProcess();
            awaitSleepers("e", 1);
            event.set();
            wait.join();
        }
    }
}
