package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Waiting for the first of several objects. */
@ExtendWith(Crew.Dismissal.class)
class WaitSetContractTest {
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

    @Test
    void whatIsReadyAtOnce_isToldInTheOrderGiven() throws Exception {
        SharedEvent one = region.event();
        SharedEvent two = region.event();
        SharedCountDownLatch done = region.countDownLatch(0);
        two.set();
        assertThat(WaitSet.any(one, two, done)).containsExactly(two, done);
        assertThat(WaitSet.any(Duration.ZERO, one)).isEmpty();
        assertThat(WaitSet.any(Duration.ofMillis(-1), List.of(one, two))).containsExactly(two);
    }

    @Test
    void nothingToWaitFor_isRefused_unlessThereIsALimit() throws Exception {
        assertThatThrownBy(() -> WaitSet.any(List.<SharedEvent>of()))
                .isInstanceOf(IllegalArgumentException.class);
        long start = System.nanoTime();
        assertThat(WaitSet.any(Duration.ofMillis(20), List.<SharedEvent>of())).isEmpty();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);
    }

    @ParameterizedTest
    @EnumSource
    void theFirstToBecomeReady_endsTheWait(Crew.Place place) throws Exception {
        SharedEvent event = region.event();
        SharedCountDownLatch latch = region.countDownLatch(1);
        try (Crew crew = new Crew(place)) {
            Crew.Actor actor = crew.hire();
            for (int i = 0; i < 20; i++) {
                var waiting = actor.start(() -> WaitSet.any(event, latch).size());
                if (i % 2 == 0) LockSupport.parkNanos(20_000_000);
                event.set();
                assertThat(waiting.join()).isEqualTo(1);
                event.clear();
            }
            var waiting = actor.start(() -> WaitSet.any(Duration.ofMinutes(10), event, latch));
            latch.countDown();
            assertThat(waiting.join()).hasSize(1);
        }
    }

    @Test
    void theEndOfAChild_endsTheWait_amongObjectsOfTwoRegions() throws Exception {
        try (Region other = Region.open("other", RegionOptions.defaults().directory(directory))) {
            SharedEvent go = region.event();
            SharedEvent never = other.event();
            ChildProcess<Void> child = ChildProcess.start(() -> go.await());
            assertThat(WaitSet.any(Duration.ofMillis(50), child, never)).isEmpty();
            go.set();
            assertThat(WaitSet.any(child, never)).containsExactly(child);
            assertThat(child.exitStatus().isSuccess()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterrupt_endsTheWait(Crew.Place place) throws Exception {
        SharedEvent event = region.event();
        try (Crew crew = new Crew(place)) {
            Crew.Actor actor = crew.hire();
            var waiting = actor.start(() -> WaitSet.any(event));
            Watchdog.await("it waits", () -> region.objects().getFirst().waiters().size() == 1);
            actor.interrupt();
            assertThatThrownBy(waiting::join).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void aCloseOfTheRegion_endsTheWait() throws Exception {
        Region other = Region.open("other", RegionOptions.defaults().directory(directory));
        SharedEvent event = other.event();
        SharedEvent here = region.event();
        try (Crew crew = new Crew(Crew.Place.THREADS)) {
            var waiting = crew.hire().start(() -> WaitSet.any(here, event));
            LockSupport.parkNanos(20_000_000);
            other.close();
            assertThatThrownBy(waiting::join).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aCloseOfOneRegion_leavesNoWaiterBehindInAnother() throws Exception {
        Region other = Region.open("other", RegionOptions.defaults().directory(directory));
        SharedSemaphore closed = other.semaphore(0, SemaphoreOptions.unowned());
        SharedSemaphore open = region.semaphore(0, SemaphoreOptions.unowned());
        try (Crew crew = new Crew(Crew.Place.THREADS)) {
            var waiting = crew.hire().start(() -> WaitSet.any(closed, open));
            Watchdog.await("it waits for both", open::hasQueuedThreads);
            other.close();
            assertThatThrownBy(waiting::join).isInstanceOf(IllegalStateException.class);
            assertThat(open.hasQueuedThreads()).isFalse();
        }
    }

    /* Else the watches after it would not end, and their cells stay in line for ever. */
    @Test
    void aWatch_endsQuietly_whenItsRegionWasClosedMeanwhile() {
        Region other = Region.open("other", RegionOptions.defaults().directory(directory));
        List<Readiness> watches =
                List.of(
                        other.semaphore(0, SemaphoreOptions.unowned()).readiness(),
                        other.event().readiness(),
                        other.countDownLatch(1).readiness());
        for (Readiness watch : watches) {
            assertThat(watch.isReady()).isFalse();
            assertThat(watch.watched()).isNotNull();
        }
        other.close();
        for (Readiness watch : watches) assertThatCode(watch::close).doesNotThrowAnyException();
    }

    @Test
    void threeHundredObjects_areWatchedAtOnce() throws Exception {
        SharedEvent[] events = new SharedEvent[300];
        for (int i = 0; i < events.length; i++) events[i] = region.event();
        try (Crew crew = new Crew(Crew.Place.THREADS)) {
            for (int i : new int[] {0, 150, 299}) {
                var waiting = crew.hire().start(() -> WaitSet.any(events));
                LockSupport.parkNanos(20_000_000);
                events[i].set();
                assertThat(waiting.join()).containsExactly(events[i]);
                events[i].clear();
            }
        }
    }

    @Test
    void aThousandVirtualThreads_areToldOfTheFirst() throws Exception {
        SharedEvent never = region.event();
        SharedEvent event = region.event("e");
        SharedSemaphore semaphore = region.semaphore(0, SemaphoreOptions.unowned());
        var told = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 1000; i++)
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    told.addAndGet(WaitSet.any(never, semaphore, event).size());
                                } catch (InterruptedException e) {
                                    throw new AssertionError(e);
                                }
                            }));
        Watchdog.await("all wait", () -> semaphore.getQueueLength() == 1000);
        event.set();
        for (Thread thread : threads) Watchdog.join(thread);
        assertThat(told).hasValue(1000);
        assertThat(semaphore.hasQueuedThreads()).isFalse();
    }

    @Test
    void aThreadInterruptedBefore_isNotTold_evenOfWhatIsReady() {
        SharedEvent event = region.event();
        event.set();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> WaitSet.any(event)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }
}
