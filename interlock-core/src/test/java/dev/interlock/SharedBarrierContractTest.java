package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a barrier promises, to threads and to processes; after the cases of the JSR-166 TCK for CyclicBarrier and of Python's barrier tests. */
@ExtendWith(Crew.Dismissal.class)
class SharedBarrierContractTest {
    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private Region region;

    @BeforeEach
    void open() {
        region = Region.open("barriers", RegionOptions.defaults().directory(directory));
    }

    @AfterEach
    void close() {
        region.close();
    }

    private static final Duration LONG = Duration.ofMinutes(10);

    private static void awaitWaiting(SharedBarrier barrier, int count) {
        Watchdog.await(count + " wait", () -> barrier.getNumberWaiting() == count);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MAX_VALUE})
    void anImpossibleNumberOfParties_isRefused(int parties) {
        assertThatThrownBy(() -> region.barrier(parties))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("" + parties);
    }

    @Test
    void aBarrierOfAnotherNumber_isAnotherBarrier() {
        region.barrier("b", 2);
        assertThatThrownBy(() -> region.barrier("b", 3))
                .isInstanceOf(ObjectMismatchException.class)
                .hasMessageContaining("of 2 parties");
    }

    @Test
    void aSingleParty_passes_andRunsItsAction() throws Exception {
        var runs = new AtomicInteger();
        SharedBarrier barrier = region.barrier(1, runs::incrementAndGet);
        assertThat(barrier.getParties()).isEqualTo(1);
        assertThat(barrier.await()).isZero();
        assertThat(barrier.await(LONG)).isZero();
        assertThat(runs).hasValue(2);
        assertThat(barrier.getNumberWaiting()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void allPassTogether_manyTimes_eachWithANumberOfItsOwn(Crew.Place place) throws Exception {
        SharedBarrier barrier = region.barrier("b", 4);
        SharedLong arrived = region.longValue("arrived", 0);
        SharedLong numbers = region.longValue("numbers", 0);
        try (Crew crew = new Crew(place)) {
            List<Crew.Promise<Void>> parties = new ArrayList<>();
            for (int i = 0; i < 4; i++)
                parties.add(
                        crew.hire()
                                .begin(() -> {
                                    for (int round = 0; round < 200; round++) {
                                        arrived.incrementAndGet();
                                        int number = barrier.await();
                                        numbers.getAndAdd(1L << (16 * number));
                                        if (arrived.get() < 4L * (round + 1))
                                            throw new AssertionError("too early");
                                    }
                                }));
            for (var party : parties) party.join();
            assertThat(numbers.get()).isEqualTo(200L * 0x0001_0001_0001_0001L);
            assertThat(barrier.isBroken()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theAction_isRunOnce_beforeAnyGoesOn(Crew.Place place) throws Exception {
        SharedLong runs = region.longValue("runs", 0);
        Region mine = region;
        try (Crew crew = new Crew(place)) {
            List<Crew.Promise<Long>> parties = new ArrayList<>();
            for (int i = 0; i < 3; i++)
                parties.add(
                        crew.hire()
                                .start(() -> {
                                    SharedBarrier barrier =
                                            mine.barrier("b", 3, runs::incrementAndGet);
                                    barrier.await(LONG);
                                    return runs.get();
                                }));
            for (var party : parties) assertThat(party.join()).isEqualTo(1);
        }
    }

    @Test
    void anActionThatThrows_breaksTheBarrier_andReachesWhoRanIt() throws Exception {
        SharedBarrier barrier = region.barrier("b", 2);
        SharedBarrier acting =
                region.barrier(
                        "b",
                        2,
                        () -> {
                            throw new IllegalArgumentException("no");
                        });
        try (Crew crew = new Crew(Crew.Place.THREADS)) {
            var other = crew.hire().begin(() -> barrier.await(LONG));
            awaitWaiting(barrier, 1);
            assertThatThrownBy(acting::await).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(other::join).isInstanceOf(BrokenBarrierException.class);
            assertThat(barrier.isBroken()).isTrue();
            barrier.reset();
            assertThat(barrier.isBroken()).isFalse();
        }
    }

    @Test
    void anActionThatUsesTheBarrier_isRefused() {
        SharedBarrier barrier = region.barrier("b", 1);
        SharedBarrier acting = region.barrier("b", 1, barrier::reset);
        assertThatThrownBy(acting::await).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @EnumSource
    void aTimeOut_breaksTheBarrierForAll(Crew.Place place) throws Exception {
        SharedBarrier barrier = region.barrier("b", 3);
        try (Crew crew = new Crew(place)) {
            var other = crew.hire().begin(barrier::await);
            awaitWaiting(barrier, 1);
            var timed = crew.hire().begin(() -> barrier.await(Duration.ofMillis(30)));
            assertThatThrownBy(timed::join).isInstanceOf(TimeoutException.class);
            assertThatThrownBy(other::join).isInstanceOf(BrokenBarrierException.class);
            assertThatThrownBy(barrier::await).isInstanceOf(BrokenBarrierException.class);
            assertThatThrownBy(() -> barrier.await(Duration.ZERO))
                    .isInstanceOf(BrokenBarrierException.class);
            assertThat(barrier.getNumberWaiting()).isZero();
        }
    }

    @Test
    void noTimeAtAll_breaksTheBarrier() {
        SharedBarrier barrier = region.barrier("b", 2);
        assertThatThrownBy(() -> barrier.await(Duration.ofSeconds(-1)))
                .isInstanceOf(TimeoutException.class);
        assertThat(barrier.isBroken()).isTrue();
        assertThat(barrier).hasToString("SharedBarrier 'b' in region 'barriers', broken");
    }

    @ParameterizedTest
    @EnumSource
    void anInterrupt_breaksTheBarrierForAll(Crew.Place place) throws Exception {
        SharedBarrier barrier = region.barrier("b", 3);
        try (Crew crew = new Crew(place)) {
            Crew.Actor actor = crew.hire();
            var interrupted = actor.begin(barrier::await);
            var other = crew.hire().begin(() -> barrier.await(LONG));
            awaitWaiting(barrier, 2);
            actor.interrupt();
            assertThatThrownBy(interrupted::join).isInstanceOf(InterruptedException.class);
            assertThatThrownBy(other::join).isInstanceOf(BrokenBarrierException.class);
        }
    }

    @Test
    void aThreadInterruptedBefore_breaksTheBarrier() {
        SharedBarrier barrier = region.barrier("b", 2);
        Thread.currentThread().interrupt();
        assertThatThrownBy(barrier::await).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(barrier.isBroken()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void reset_tellsThoseWhoWait_andLeavesTheBarrierWhole(Crew.Place place) throws Exception {
        SharedBarrier barrier = region.barrier("b", 3);
        try (Crew crew = new Crew(place)) {
            Crew.Actor one = crew.hire();
            Crew.Actor two = crew.hire();
            var first = one.begin(barrier::await);
            var second = two.begin(barrier::await);
            awaitWaiting(barrier, 2);
            barrier.reset();
            assertThatThrownBy(first::join).isInstanceOf(BrokenBarrierException.class);
            assertThatThrownBy(second::join).isInstanceOf(BrokenBarrierException.class);
            assertThat(barrier.isBroken()).isFalse();
            assertThat(barrier.getNumberWaiting()).isZero();
            var again = one.call(() -> barrier.getNumberWaiting());
            assertThat(again).isZero();
            var third = one.begin(barrier::await);
            var fourth = two.begin(barrier::await);
            barrier.await(LONG);
            third.join();
            fourth.join();
        }
    }

    @ParameterizedTest
    @EnumSource
    void abort_breaksTheBarrierUntilReset(Crew.Place place) throws Exception {
        SharedBarrier barrier = region.barrier("b", 2);
        try (Crew crew = new Crew(place)) {
            Crew.Actor actor = crew.hire();
            var waiting = actor.begin(barrier::await);
            awaitWaiting(barrier, 1);
            barrier.abort();
            assertThatThrownBy(waiting::join).isInstanceOf(BrokenBarrierException.class);
            assertThatThrownBy(() -> actor.run(barrier::await))
                    .isInstanceOf(BrokenBarrierException.class);
            barrier.reset();
            var passing = actor.begin(barrier::await);
            barrier.await(LONG);
            passing.join();
        }
    }

    @Test
    void aPartyKilledWhileItWaits_breaksTheBarrier_andResetMendsIt() throws Exception {
        SharedBarrier barrier = region.barrier("b", 3);
        for (int round = 0; round < 3; round++) {
            try (Crew crew = new Crew(Crew.Place.PROCESSES)) {
                Crew.Actor victim = crew.hire();
                Crew.Actor survivor = crew.hire();
                victim.begin(barrier::await);
                var waiting = survivor.begin(barrier::await);
                awaitWaiting(barrier, 2);
                victim.killProcess();
                assertThatThrownBy(waiting::join).isInstanceOf(BrokenBarrierException.class);
                assertThat(barrier.isBroken()).isTrue();
                barrier.reset();
                var again = survivor.begin(barrier::await);
                awaitWaiting(barrier, 1);
                assertThat(barrier.isBroken()).isFalse();
                barrier.reset();
                assertThatThrownBy(again::join).isInstanceOf(BrokenBarrierException.class);
            }
        }
    }

    @Test
    void aPartyKilledBeforeItCame_breaksTheBarrierForThoseWhoWait() throws Exception {
        SharedBarrier barrier = region.barrier("b", 3);
        try (Crew crew = new Crew(Crew.Place.PROCESSES)) {
            Crew.Actor victim = crew.hire();
            Crew.Actor survivor = crew.hire();
            victim.call(barrier::getParties); // it has the barrier
            var waiting = survivor.begin(() -> barrier.await(LONG));
            awaitWaiting(barrier, 1);
            victim.killProcess();
            assertThatThrownBy(waiting::join).isInstanceOf(BrokenBarrierException.class);
        }
    }

    @Test
    void aPartyKilledWhileNobodyWaits_breaksNothing() throws Exception {
        SharedBarrier barrier = region.barrier("b", 2);
        try (Crew crew = new Crew(Crew.Place.PROCESSES)) {
            Crew.Actor victim = crew.hire();
            Crew.Actor survivor = crew.hire();
            victim.call(barrier::getParties);
            victim.killProcess();
            Watchdog.await("the death is noticed", () -> region.processes().size() == 1);
            var passing = survivor.begin(barrier::await);
            barrier.await(LONG);
            passing.join();
        }
    }

    @Test
    void aProcessThatClosesTheRegion_isNoPartyAnyMore() throws Exception {
        SharedBarrier barrier = region.barrier("b", 3);
        Region mine = region;
        try (Crew crew = new Crew(Crew.Place.PROCESSES)) {
            Crew.Actor leaver = crew.hire();
            Crew.Actor other = crew.hire();
            leaver.call(barrier::getParties);
            var waiting = other.begin(barrier::await);
            awaitWaiting(barrier, 1);
            leaver.run(mine::close);
            Watchdog.await("it has left", () -> region.processes().size() == 2);
            leaver.killProcess();
            assertThat(barrier.getNumberWaiting()).isEqualTo(1);
            assertThat(waiting.isDone()).isFalse();
            barrier.reset();
            assertThatThrownBy(waiting::join).isInstanceOf(BrokenBarrierException.class);
        }
    }

    @Test
    void aThousandVirtualThreads_passTogether() throws Exception {
        SharedBarrier barrier = region.barrier(1000);
        var numbers = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 1000; i++)
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    numbers.addAndGet(barrier.await());
                                } catch (InterruptedException | BrokenBarrierException e) {
                                    throw new AssertionError(e);
                                }
                            }));
        for (Thread thread : threads) Watchdog.join(thread);
        assertThat(numbers).hasValue(999 * 1000 / 2);
    }
}
