package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a latch promises, to threads and to processes; after the cases of the JSR-166 TCK for CountDownLatch. */
@ExtendWith(Crew.Dismissal.class)
class SharedCountDownLatchContractTest {
    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private Region region;

    @BeforeEach
    void open() {
        region = Region.open("latches", RegionOptions.defaults().directory(directory));
    }

    @AfterEach
    void close() {
        region.close();
    }

    private void awaitSleepers(int count) {
        Watchdog.await(
                count + " wait", () -> region.objects().getFirst().waiters().size() == count);
    }

    @Test
    void aNegativeCount_isRefused() {
        assertThatThrownBy(() -> region.countDownLatch(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> region.countDownLatch("l", -1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aLatchOfAnotherCount_isAnotherLatch() {
        region.countDownLatch("l", 3);
        assertThatThrownBy(() -> region.countDownLatch("l", 4))
                .isInstanceOf(ObjectMismatchException.class)
                .hasMessageContaining("began at 3")
                .hasMessageContaining("began at 4");
    }

    @Test
    void getCount_tellsWhatIsLeft_andNeverLessThanZero() {
        SharedCountDownLatch latch = region.countDownLatch(Integer.MAX_VALUE);
        assertThat(latch.getCount()).isEqualTo(Integer.MAX_VALUE);
        SharedCountDownLatch two = region.countDownLatch("two", 2);
        two.countDown();
        assertThat(two.getCount()).isEqualTo(1);
        assertThat(two).hasToString("SharedCountDownLatch 'two' in region 'latches', 1 left");
        two.countDown();
        two.countDown();
        assertThat(two.getCount()).isZero();
    }

    @Test
    void atZero_nobodyWaits() throws Exception {
        SharedCountDownLatch latch = region.countDownLatch(0);
        latch.await();
        assertThat(latch.await(Duration.ZERO)).isTrue();
    }

    @Test
    void aWaitWithALimit_endsNotBeforeIt() throws Exception {
        SharedCountDownLatch latch = region.countDownLatch(1);
        long start = System.nanoTime();
        assertThat(latch.await(Duration.ofMillis(50))).isFalse();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(50_000_000);
        assertThat(latch.await(Duration.ofMillis(-1))).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void theLastCount_wakesAllWhoWait(Crew.Place place) throws Exception {
        SharedCountDownLatch latch = region.countDownLatch("l", 2);
        try (Crew crew = new Crew(place)) {
            List<Crew.Promise<Void>> waits = new ArrayList<>();
            for (int i = 0; i < 4; i++) waits.add(crew.hire().begin(latch::await));
            awaitSleepers(4);
            Crew.Actor counter = crew.hire();
            counter.run(latch::countDown);
            assertThat(waits).noneMatch(Crew.Promise::isDone);
            assertThat(latch.getCount()).isEqualTo(1);
            counter.run(latch::countDown);
            for (var wait : waits) wait.join();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterrupt_endsAWait(Crew.Place place) throws Exception {
        SharedCountDownLatch latch = region.countDownLatch("l", 1);
        try (Crew crew = new Crew(place)) {
            Crew.Actor actor = crew.hire();
            var wait = actor.start(() -> latch.await(Duration.ofMinutes(10)));
            awaitSleepers(1);
            actor.interrupt();
            assertThatThrownBy(wait::join).isInstanceOf(InterruptedException.class);
            assertThat(latch.getCount()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void allCounts_countOnce(Crew.Place place) throws Exception {
        SharedCountDownLatch latch = region.countDownLatch("l", 4000);
        try (Crew crew = new Crew(place)) {
            for (int i = 0; i < 4; i++)
                crew.hire()
                        .begin(() -> {
                            for (int n = 0; n < 1000; n++) latch.countDown();
                        });
            assertThat(latch.await(Duration.ofSeconds(60))).isTrue();
            assertThat(latch.getCount()).isZero();
        }
    }

    @Test
    void aDeadWaiter_hurtsNobody_andWhatTheDeadCountedStaysCounted() throws Exception {
        SharedCountDownLatch latch = region.countDownLatch("l", 2);
        try (Crew crew = new Crew(Crew.Place.PROCESSES)) {
            Crew.Actor one = crew.hire();
            Crew.Actor two = crew.hire();
            one.run(latch::countDown);
            one.begin(latch::await);
            var wait = two.begin(latch::await);
            awaitSleepers(2);
            one.killProcess();
            assertThat(latch.getCount()).isEqualTo(1);
            latch.countDown();
            wait.join();
        }
    }

    @Test
    void aThousandVirtualThreads_areReleasedAtZero() throws Exception {
        SharedCountDownLatch latch = region.countDownLatch(1000);
        var passed = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 1000; i++)
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                latch.countDown();
                                try {
                                    latch.await();
                                } catch (InterruptedException e) {
                                    throw new AssertionError(e);
                                }
                                if (latch.getCount() == 0) passed.incrementAndGet();
                            }));
        for (Thread thread : threads) Watchdog.join(thread);
        assertThat(passed).hasValue(1000);
    }

    @Test
    void aThreadInterruptedBefore_doesNotWait_evenAtZero() {
        SharedCountDownLatch latch = region.countDownLatch(0);
        Thread.currentThread().interrupt();
        assertThatThrownBy(latch::await).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }
}
