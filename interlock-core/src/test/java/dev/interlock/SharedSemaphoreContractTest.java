package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.internal.region.AnyWord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a semaphore promises, to threads and to processes; after the cases of the JSR-166 TCK for Semaphore and of Python's tests
 * for Semaphore and BoundedSemaphore.
 */
@ExtendWith(Crew.Dismissal.class)
class SharedSemaphoreContractTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private Region region;

    @BeforeEach
    void open() {
        region = Region.open("semaphores", RegionOptions.defaults().directory(directory));
    }

    @AfterEach
    void close() {
        region.close();
    }

    private static void awaitQueued(SharedSemaphore semaphore, int count) {
        Watchdog.await(count + " wait", () -> semaphore.getQueueLength() == count);
    }

    @Test
    void impossibleNumbers_areRefused() {
        assertThatThrownBy(() -> region.semaphore(-1)).isInstanceOf(IllegalArgumentException.class);
        SharedSemaphore semaphore = region.semaphore(1);
        assertThatThrownBy(() -> semaphore.acquire(-1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> semaphore.tryAcquire(-1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> semaphore.tryAcquire(-1, LONG))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> semaphore.acquireUninterruptibly(-1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> semaphore.release(-1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(semaphore.availablePermits()).isEqualTo(1);
    }

    @Test
    void anotherNumberOrOtherOptions_areAnotherSemaphore() {
        region.semaphore("s", 3);
        assertThatThrownBy(() -> region.semaphore("s", 4))
                .isInstanceOf(ObjectMismatchException.class)
                .hasMessageContaining("of 3 permits, owned");
        assertThatThrownBy(() -> region.semaphore("s", 3, SemaphoreOptions.unowned()))
                .isInstanceOf(ObjectMismatchException.class)
                .hasMessageContaining("of 3 permits, unowned");
    }

    @Test
    void tryAcquire_takesWhatIsThere() throws Exception {
        SharedSemaphore semaphore = region.semaphore("s", 5);
        assertThat(semaphore.tryAcquire()).isTrue();
        assertThat(semaphore.tryAcquire(3)).isTrue();
        assertThat(semaphore.tryAcquire(2)).isFalse();
        assertThat(semaphore.tryAcquire(0)).isTrue();
        assertThat(semaphore.availablePermits()).isEqualTo(1);
        assertThat(semaphore.heldPermits()).isEqualTo(4);
        assertThat(semaphore.tryAcquire(Duration.ofSeconds(-1))).isTrue();
        assertThat(semaphore.tryAcquire(Duration.ZERO)).isFalse();
        semaphore.release(5);
        assertThat(semaphore.drainPermits()).isEqualTo(5);
        assertThat(semaphore.drainPermits()).isZero();
        assertThat(semaphore)
                .hasToString("SharedSemaphore 's' in region 'semaphores', 0 available");
        semaphore.release(5);
    }

    @Test
    void theLargestNumber_isPossible() throws Exception {
        SharedSemaphore semaphore = region.semaphore(Integer.MAX_VALUE);
        semaphore.acquire(Integer.MAX_VALUE);
        assertThat(semaphore.availablePermits()).isZero();
        semaphore.release(Integer.MAX_VALUE);
        SharedSemaphore unowned = region.semaphore(Integer.MAX_VALUE, SemaphoreOptions.unowned());
        assertThatThrownBy(unowned::release).isInstanceOf(IllegalStateException.class);
        assertThat(unowned.availablePermits()).isEqualTo(Integer.MAX_VALUE);
    }

    @ParameterizedTest
    @EnumSource
    void ownedPermits_canBeReleasedByTheirProcessOnly(Crew.Place place) throws Exception {
        SharedSemaphore semaphore = region.semaphore("s", 3);
        try (Crew crew = new Crew(place)) {
            Crew.Actor actor = crew.hire();
            actor.run(() -> semaphore.acquire(2));
            if (place == Crew.Place.PROCESSES) {
                assertThatThrownBy(semaphore::release)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("holds 0");
            }
            assertThatThrownBy(() -> actor.run(() -> semaphore.release(3)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("holds 2");
            assertThat(semaphore.availablePermits()).isEqualTo(1);
            actor.run(() -> semaphore.release(2));
            assertThat(semaphore.availablePermits()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void unownedPermits_canBeReleasedByAnybody_andMoreThanThereWere(Crew.Place place)
            throws Exception {
        SharedSemaphore semaphore = region.semaphore("s", 0, SemaphoreOptions.unowned());
        try (Crew crew = new Crew(place)) {
            Crew.Actor actor = crew.hire();
            var waiting = actor.begin(semaphore::acquire);
            awaitQueued(semaphore, 1);
            semaphore.release();
            waiting.join();
            actor.run(() -> semaphore.release(7));
            assertThat(semaphore.availablePermits()).isEqualTo(7);
            semaphore.acquire(7);
        }
    }

    @Test
    void aBoundedOne_refusesMoreThanThereWere() throws Exception {
        SharedSemaphore semaphore = region.semaphore("s", 2, SemaphoreOptions.unowned().bounded());
        assertThatThrownBy(semaphore::release)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("too many");
        semaphore.acquire(2);
        assertThatThrownBy(() -> semaphore.release(3)).isInstanceOf(IllegalStateException.class);
        semaphore.release(2);
        assertThat(semaphore.availablePermits()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void release_wakesWhoWaits(Crew.Place place) throws Exception {
        SharedSemaphore semaphore = region.semaphore("s", 2);
        try (Crew crew = new Crew(place)) {
            semaphore.acquire(2);
            Crew.Actor one = crew.hire();
            Crew.Actor two = crew.hire();
            var first = one.begin(semaphore::acquire);
            awaitQueued(semaphore, 1);
            var second = two.start(() -> semaphore.tryAcquire(LONG));
            awaitQueued(semaphore, 2);
            assertThat(semaphore.hasQueuedThreads()).isTrue();
            semaphore.release(); // for either of the two: the second may not sleep yet
            semaphore.release();
            first.join();
            assertThat(second.join()).isTrue();
            one.run(semaphore::release);
            two.run(semaphore::release);
            assertThat(semaphore.hasQueuedThreads()).isFalse();
            assertThat(semaphore.availablePermits()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRequestForMany_isNotStarvedByThoseBehindIt(Crew.Place place) throws Exception {
        SharedSemaphore semaphore = region.semaphore("s", 3, SemaphoreOptions.unowned().fair());
        try (Crew crew = new Crew(place)) {
            semaphore.acquire(3);
            var many = crew.hire().begin(() -> semaphore.acquire(3));
            awaitQueued(semaphore, 1);
            var one = crew.hire().begin(semaphore::acquire);
            awaitQueued(semaphore, 2);
            semaphore.release(2);
            assertThat(semaphore.tryAcquire(Duration.ofMillis(30))).isFalse();
            assertThat(one.isDone()).isFalse();
            semaphore.release();
            many.join();
            semaphore.release();
            one.join();
        }
    }

    @ParameterizedTest
    @EnumSource
    void inAFairOne_theOrderIsThatOfArrival(Crew.Place place) throws Exception {
        SharedSemaphore semaphore = region.semaphore("s", 1, SemaphoreOptions.unowned().fair());
        SharedLong order = region.longValue("order", 0);
        assertThat(semaphore.isFair()).isTrue();
        try (Crew crew = new Crew(place)) {
            semaphore.acquire();
            List<Crew.Promise<Long>> waits = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                waits.add(
                        crew.hire()
                                .start(() -> {
                                    semaphore.acquire();
                                    long place1 = order.getAndAdd(1);
                                    semaphore.release();
                                    return place1;
                                }));
                awaitQueued(semaphore, i + 1);
            }
            semaphore.release();
            for (int i = 0; i < 4; i++) assertThat(waits.get(i).join()).isEqualTo(i);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterrupt_endsAWait_andTakesNothing(Crew.Place place) throws Exception {
        SharedSemaphore semaphore = region.semaphore("s", 1);
        try (Crew crew = new Crew(place)) {
            Crew.Actor actor = crew.hire();
            var waiting = actor.begin(() -> semaphore.acquire(2));
            awaitQueued(semaphore, 1);
            actor.interrupt();
            assertThatThrownBy(waiting::join).isInstanceOf(InterruptedException.class);
            assertThat(semaphore.availablePermits()).isEqualTo(1);
            assertThat(semaphore.tryAcquire()).isTrue();
            var uninterruptible =
                    actor.start(() -> {
                        semaphore.acquireUninterruptibly();
                        Watchdog.await(
                                "it is interrupted", () -> Thread.currentThread().isInterrupted());
                        return Thread.interrupted();
                    });
            awaitQueued(semaphore, 1);
            actor.interrupt();
            semaphore.release();
            assertThat(uninterruptible.join()).isTrue();
        }
    }

    @Test
    void aThreadInterruptedBefore_takesNothing() {
        SharedSemaphore semaphore = region.semaphore(1);
        Thread.currentThread().interrupt();
        assertThatThrownBy(semaphore::acquire).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(semaphore.availablePermits()).isEqualTo(1);
    }

    @Test
    void aWaitWithALimit_endsNotBeforeIt() throws Exception {
        SharedSemaphore semaphore = region.semaphore(1);
        long start = System.nanoTime();
        assertThat(semaphore.tryAcquire(2, 50, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(50_000_000);
        assertThat(semaphore.tryAcquire(1, TimeUnit.NANOSECONDS)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void neverMoreThanThePermits_areInside(Crew.Place place) throws Exception {
        SharedSemaphore semaphore = region.semaphore("s", 2);
        SharedLong inside = region.longValue("inside", 0);
        try (Crew crew = new Crew(place)) {
            List<Crew.Promise<Void>> workers = new ArrayList<>();
            for (int i = 0; i < 4; i++)
                workers.add(
                        crew.hire()
                                .begin(() -> {
                                    for (int n = 0; n < 500; n++) {
                                        semaphore.acquire();
                                        if (inside.incrementAndGet() > 2)
                                            throw new AssertionError("three inside");
                                        inside.getAndAdd(-1);
                                        semaphore.release();
                                    }
                                }));
            for (var worker : workers) worker.join();
            assertThat(semaphore.availablePermits()).isEqualTo(2);
        }
    }

    @Test
    void permitsOfADeadProcess_comeBack_andWakeWhoWaits() throws Exception {
        SharedSemaphore semaphore = region.semaphore("s", 3);
        for (int round = 0; round < 5; round++) {
            try (Crew crew = new Crew(Crew.Place.PROCESSES)) {
                Crew.Actor victim = crew.hire();
                Crew.Actor survivor = crew.hire();
                victim.run(() -> semaphore.acquire(2));
                var waiting = survivor.begin(() -> semaphore.acquire(3));
                awaitQueued(semaphore, 1);
                victim.killProcess();
                waiting.join();
                survivor.run(() -> semaphore.release(3));
                assertThat(semaphore.availablePermits()).isEqualTo(3);
                victim = survivor;
                victim.run(() -> semaphore.acquire(3));
                victim.killProcess();
                assertThat(semaphore.tryAcquire(3)).isTrue();
                semaphore.release(3);
            }
        }
    }

    @Test
    void permitsOfAProcessThatLeaves_comeBack() throws Exception {
        SharedSemaphore semaphore = region.semaphore("s", 2);
        Region mine = region;
        try (Crew crew = new Crew(Crew.Place.PROCESSES)) {
            Crew.Actor leaver = crew.hire();
            leaver.run(semaphore::acquire);
            leaver.run(mine::close);
            assertThat(semaphore.tryAcquire(2, LONG)).isTrue();
        }
    }

    @Test
    void unownedPermitsOfADeadProcess_areLost_andItsPlaceInLineGoes() throws Exception {
        SharedSemaphore semaphore = region.semaphore("s", 1, SemaphoreOptions.unowned());
        try (Crew crew = new Crew(Crew.Place.PROCESSES)) {
            Crew.Actor victim = crew.hire();
            Crew.Actor survivor = crew.hire();
            victim.run(semaphore::acquire);
            victim.begin(semaphore::acquire);
            awaitQueued(semaphore, 1);
            var waiting = survivor.begin(semaphore::acquire);
            awaitQueued(semaphore, 2);
            victim.killProcess();
            awaitQueued(semaphore, 1);
            assertThat(waiting.isDone()).isFalse();
            semaphore.release();
            waiting.join();
        }
    }

    @Test
    void aDeadWaiterOfAFairOne_keepsNobodyFromTryingOnce() throws Exception {
        SharedSemaphore semaphore = region.semaphore("s", 1, SemaphoreOptions.unowned().fair());
        try (Crew crew = new Crew(Crew.Place.PROCESSES)) {
            Crew.Actor victim = crew.hire();
            victim.begin(() -> semaphore.acquire(2));
            awaitQueued(semaphore, 1);
            victim.killProcess();
            awaitQueued(semaphore, 0);
            assertThat(semaphore.tryAcquire(Duration.ZERO)).isTrue();
        }
    }

    @Test
    void aThousandVirtualThreads_takeTurns() throws Exception {
        SharedSemaphore semaphore = region.semaphore(3);
        var done = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 1000; i++)
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                semaphore.acquireUninterruptibly();
                                semaphore.release();
                                done.incrementAndGet();
                            }));
        for (Thread thread : threads) Watchdog.join(thread);
        assertThat(done).hasValue(1000);
        assertThat(semaphore.availablePermits()).isEqualTo(3);
    }

    @Test
    void closingTheRegion_endsWaits() throws Exception {
        Region other = Region.open("semaphores", RegionOptions.defaults().directory(directory));
        SharedSemaphore here = region.semaphore("s", 1);
        SharedSemaphore there = other.semaphore("s", 1);
        here.acquire();
        try (Crew crew = new Crew(Crew.Place.THREADS)) {
            var waiting = crew.hire().begin(there::acquire);
            awaitQueued(here, 1);
            other.close();
            assertThatThrownBy(waiting::join).isInstanceOf(IllegalStateException.class);
        }
        here.release();
        assertThat(here.availablePermits()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aWaitSet_isToldOfAPermit(Crew.Place place) throws Exception {
        SharedSemaphore semaphore = region.semaphore("s", 0, SemaphoreOptions.unowned());
        SharedEvent never = region.event("never");
        try (Crew crew = new Crew(place)) {
            Crew.Actor actor = crew.hire();
            var told = actor.start(() -> WaitSet.any(LONG, never, semaphore));
            awaitQueued(semaphore, 1);
            semaphore.release();
            assertThat(told.join()).hasSize(1);
            assertThat(semaphore.availablePermits()).isEqualTo(1);
            assertThat(semaphore.hasQueuedThreads()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWaitSet_isToldOfAPermit_thatIsTooFewForWhoCameBefore(Crew.Place place) throws Exception {
        SharedSemaphore semaphore = region.semaphore("s", 0, SemaphoreOptions.unowned());
        try (Crew crew = new Crew(place)) {
            var big = crew.hire().begin(() -> semaphore.acquire(2));
            awaitQueued(semaphore, 1);
            var told = crew.hire().start(() -> WaitSet.any(LONG, semaphore));
            awaitQueued(semaphore, 2);
            semaphore.release();
            assertThat(told.join()).hasSize(1);
            semaphore.release();
            big.join();
        }
    }

    @Test
    void aPermitThatComesBetweenALookAndTheSleep_isSeenByWhoWaitsForSeveral() {
        SharedSemaphore semaphore = region.semaphore("s", 0, SemaphoreOptions.unowned());
        Readiness watch = semaphore.readiness();
        assertThat(watch.isReady()).isFalse();
        semaphore.release();
        AnyWord.Watched word = Objects.requireNonNull(watch.watched());
        assertThat((int) word.mapping().get(word.offset()))
                .as("the word to sleep on is not what was expected, so nobody sleeps")
                .isNotEqualTo(word.expected());
        watch.close();
    }

    @Test
    void aWaitSet_doesNotSleepThroughAPermit_thatCameAfterItsLook() {
        SharedSemaphore semaphore = region.semaphore("s", 0, SemaphoreOptions.unowned());
        Readiness readiness = semaphore.readiness();
        assertThat(readiness.isReady()).isFalse();
        semaphore.release();
        AnyWord.Watched watched = Objects.requireNonNull(readiness.watched());
        assertThat((int) watched.mapping().get(watched.offset())).isNotEqualTo(watched.expected());
        readiness.close();
    }

    @Test
    void objects_showWhoHoldsPermits() throws Exception {
        SharedSemaphore semaphore = region.semaphore("s", 5);
        semaphore.acquire(2);
        ObjectInfo info = region.objects().getFirst();
        assertThat(info.state()).isEqualTo("3 of 5 available");
        assertThat(info.holders())
                .singleElement()
                .satisfies(holder -> {
                    assertThat(holder.pid()).isEqualTo(ProcessHandle.current().pid());
                    assertThat(holder.amount()).isEqualTo(2);
                });
    }
}
