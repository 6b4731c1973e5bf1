package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a lock promises, whichever way its waiters sleep: the build runs this class with futex_waitv, without it, and polling.
 */
@SuppressWarnings({"LockNotBeforeTry", "ImmutableEnumChecker"}) // it tries how lock and unlock fail
class SharedLockContractTest {
    private static final Duration LONG = Duration.ofMinutes(10); // longer than any test may take

    /** Kinds of threads. */
    enum Kind {
        PLATFORM,
        VIRTUAL;

        Thread start(Runnable task) {
            return this == PLATFORM
                    ? Thread.ofPlatform().daemon().start(task)
                    : Thread.ofVirtual().start(task);
        }
    }

    /** Ways to wait for a lock. */
    enum Way {
        LOCK(SharedLock::lock),
        LOCK_INTERRUPTIBLY(SharedLock::lockInterruptibly),
        TRY_LOCK(lock -> assertThat(lock.tryLock(LONG)).isTrue());

        private final Call call;

        Way(Call call) {
            this.call = call;
        }
    }

    private interface Call {
        void on(SharedLock lock) throws InterruptedException;
    }

    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private RegionOptions here;
    private Region region;
    private SharedLock lock;

    @BeforeEach
    void open() {
        here = RegionOptions.defaults().directory(directory).maxBytes(1 << 20);
        region = Region.open("contract", here);
        lock = region.lock("l");
    }

    @AfterEach
    void close() {
        region.close();
    }

    /** A thread that calls the lock, and what came of it. */
    private static final class Caller {
        final Thread thread;
        volatile @Nullable Throwable thrown;
        volatile boolean interruptedAfter;

        Caller(Kind kind, SharedLock lock, Call call) {
            thread =
                    kind.start(() -> {
                        try {
                            call.on(lock);
                        } catch (Throwable e) {
                            thrown = e;
                        }
                        interruptedAfter = Thread.currentThread().isInterrupted();
                    });
        }

        static Caller waiting(Kind kind, SharedLock lock, Call call) {
            Caller caller = new Caller(kind, lock, call);
            Watchdog.awaitWaiting(caller.thread);
            return caller;
        }

        @Nullable Throwable thrown() throws InterruptedException {
            Watchdog.join(thread);
            return thrown;
        }
    }

    /* In another thread, which holds the lock meanwhile. */
    private void whileAnotherThreadHolds(Call test) throws Exception {
        var held = new CountDownLatch(1);
        var over = new CountDownLatch(1);
        Thread holder =
                Thread.ofPlatform()
                        .daemon()
                        .name("the holder")
                        .start(() -> {
                            try (var _ = lock.acquire()) {
                                held.countDown();
                                over.await();
                            } catch (InterruptedException e) {
                                throw new AssertionError(e);
                            }
                        });
        assertThat(held.await(60, TimeUnit.SECONDS)).isTrue();
        try {
            test.on(lock);
        } finally {
            over.countDown();
            Watchdog.join(holder);
        }
    }

    // Taking and releasing

    @Test
    void lock_thenUnlock_ownsItInBetween() {
        assertThat(lock.isLocked()).isFalse();
        lock.lock();
        assertThat(lock.isLocked()).isTrue();
        assertThat(lock.isHeldByCurrentThread()).isTrue();
        lock.unlock();
        assertThat(lock.isLocked()).isFalse();
        assertThat(lock.isHeldByCurrentThread()).isFalse();
    }

    @Test
    void acquire_unlocksAtTheEndOfTheBlock() {
        try (var held = lock.acquire()) {
            assertThat(held).isNotNull();
            assertThat(lock.isHeldByCurrentThread()).isTrue();
        }
        assertThat(lock.isLocked()).isFalse();
    }

    @Test
    void tryLock_takesAFreeLock_inEachForm() throws Exception {
        assertThat(lock.tryLock()).isTrue();
        lock.unlock();
        assertThat(lock.tryLock(Duration.ofMillis(1))).isTrue();
        lock.unlock();
        assertThat(lock.tryLock(1, TimeUnit.MILLISECONDS)).isTrue();
        lock.unlock();
        assertThat(lock.tryLock(Duration.ZERO)).isTrue();
        lock.unlock();
        assertThat(lock.tryLock(-1, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void tryLock_isFalse_whileAnotherThreadHoldsIt() throws Exception {
        whileAnotherThreadHolds(lock -> {
            assertThat(lock.tryLock()).isFalse();
            assertThat(lock.tryLock(Duration.ZERO)).isFalse();
            assertThat(lock.tryLock(Duration.ofSeconds(-1))).isFalse();
            assertThat(lock.isHeldByCurrentThread()).isFalse();
            assertThat(lock.isLocked()).isTrue();
        });
    }

    @Test
    void tryLock_isFalse_forTheOwner() throws Exception {
        lock.lock();
        assertThat(lock.tryLock()).isFalse();
        assertThat(lock.tryLock(Duration.ZERO)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void tryLock_waitsAtLeastAsLongAsItSays(Kind kind) throws Exception {
        whileAnotherThreadHolds(lock -> {
            var waited = new AtomicInteger();
            Caller caller =
                    new Caller(
                            kind,
                            lock,
                            l -> {
                                long start = System.nanoTime();
                                assertThat(l.tryLock(30, TimeUnit.MILLISECONDS)).isFalse();
                                waited.set((int) ((System.nanoTime() - start) / 1_000_000));
                            });
            assertThat(caller.thrown()).isNull();
            assertThat(waited).hasValueGreaterThanOrEqualTo(30);
        });
    }

    @ParameterizedTest
    @EnumSource
    void aWaiter_acquires_whenTheOwnerUnlocks(Way way) throws Exception {
        for (Kind kind : Kind.values()) {
            lock.lock();
            Caller caller =
                    Caller.waiting(
                            kind,
                            lock,
                            l -> {
                                way.call.on(l);
                                assertThat(l.isHeldByCurrentThread()).isTrue();
                                l.unlock();
                            });
            lock.unlock();
            assertThat(caller.thrown()).isNull();
            assertThat(lock.isLocked()).isFalse();
        }
    }

    // Who may do what

    @Test
    void unlock_ofAFreeLock_throws_andSaysWhoCalled() {
        assertThatThrownBy(lock::unlock)
                .isInstanceOf(IllegalMonitorStateException.class)
                .hasMessageContaining("Lock 'l'")
                .hasMessageContaining("free")
                .hasMessageContaining(String.valueOf(ProcessHandle.current().pid()))
                .hasMessageContaining("'" + Thread.currentThread().getName() + "'");
    }

    @Test
    void unlock_byAnother_throws_andNamesTheOwnersProcessAndThread() throws Exception {
        whileAnotherThreadHolds(lock -> {
            assertThatThrownBy(lock::unlock)
                    .isInstanceOf(IllegalMonitorStateException.class)
                    .hasMessageContaining("pid " + ProcessHandle.current().pid())
                    .hasMessageContaining("'the holder'");
            assertThat(lock.isLocked()).isTrue();
        });
    }

    @ParameterizedTest
    @EnumSource
    void lockingAgain_throwsInsteadOfWaitingForOneself(Way way) {
        lock.lock();
        assertThatThrownBy(() -> way.call.on(lock))
                .isInstanceOf(DeadlockException.class)
                .hasMessageContaining("Lock 'l'")
                .hasMessageContaining("'" + Thread.currentThread().getName() + "'");
        assertThat(lock.isHeldByCurrentThread()).isTrue();
        lock.unlock();
        assertThat(lock.isLocked()).isFalse();
    }

    @Test
    void owner_tellsProcessThreadAndTime() throws Exception {
        assertThat(lock.owner()).isEmpty();
        Instant before = Instant.now();
        whileAnotherThreadHolds(lock ->
                assertThat(lock.owner())
                        .hasValueSatisfying(owner -> {
                            assertThat(owner.pid()).isEqualTo(ProcessHandle.current().pid());
                            assertThat(owner.threadName()).isEqualTo("the holder");
                            assertThat(owner.since()).isAfter(before.minusSeconds(1));
                        }));
        assertThat(lock.owner()).isEmpty();
    }

    @Test
    void token_growsWithEachAcquisition_andIsTheSameForAllHandles() {
        long last = lock.token();
        SharedLock same = region.lock("l");
        for (int i = 0; i < 100; i++) {
            lock.lock();
            assertThat(lock.token()).isGreaterThan(last).isEqualTo(same.token());
            last = lock.token();
            lock.unlock();
            assertThat(lock.token()).isEqualTo(last);
        }
    }

    @Test
    void aHandleThatWasSent_isTheSameLock() throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(lock);
        }
        SharedLock arrived;
        try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            arrived = (SharedLock) in.readObject();
        }
        lock.lock();
        assertThat(arrived.isLocked()).isTrue();
        assertThat(arrived.token()).isEqualTo(lock.token());
        arrived.unlock();
        assertThat(lock.isLocked()).isFalse();
    }

    // Interrupts

    @Test
    void interruptedOnEntry_interruptibleFormsThrow_evenIfTheLockIsFree() {
        for (Way way : List.of(Way.LOCK_INTERRUPTIBLY, Way.TRY_LOCK)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> way.call.on(lock)).isInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isFalse();
            assertThat(lock.isLocked()).isFalse();
        }
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> lock.tryLock(Duration.ZERO))
                .isInstanceOf(InterruptedException.class);
    }

    @Test
    void interruptedOnEntry_lockAndTryLockDoNotMind() {
        Thread.currentThread().interrupt();
        lock.lock();
        lock.unlock();
        assertThat(lock.tryLock()).isTrue();
        assertThat(Thread.interrupted()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void interruptedWhileWaiting_interruptibleFormsThrow_andDoNotOwnIt(Kind kind) throws Exception {
        whileAnotherThreadHolds(lock -> {
            for (Way way : List.of(Way.LOCK_INTERRUPTIBLY, Way.TRY_LOCK)) {
                Caller caller = Caller.waiting(kind, lock, way.call);
                caller.thread.interrupt();
                assertThat(caller.thrown()).isInstanceOf(InterruptedException.class);
                assertThat(caller.interruptedAfter).isFalse();
            }
        });
        assertThat(lock.isLocked()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void interruptedWhileWaiting_lockWaitsOn_andKeepsTheStatus(Kind kind) throws Exception {
        lock.lock();
        Caller caller =
                Caller.waiting(
                        kind,
                        lock,
                        l -> {
                            l.lock();
                            l.unlock();
                        });
        caller.thread.interrupt();
        Watchdog.awaitWaiting(caller.thread);
        lock.unlock();
        assertThat(caller.thrown()).isNull();
        assertThat(caller.interruptedAfter).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void waitersThatGiveUp_doNotTakeTheWakeUpOfOthersAlong(Kind kind) throws Exception {
        for (int round = 0; round < 50; round++) {
            lock.lock();
            Caller quitter =
                    Caller.waiting(
                            kind,
                            lock,
                            l -> {
                                l.lockInterruptibly();
                                l.unlock();
                            });
            Caller patient = Caller.waiting(kind, lock, SharedLockContractTest::lockAndUnlock);
            lock.unlock();
            quitter.thread.interrupt();
            Throwable thrown = quitter.thrown();
            if (thrown != null) assertThat(thrown).isInstanceOf(InterruptedException.class);
            assertThat(patient.thrown()).isNull();
        }
    }

    private static void lockAndUnlock(SharedLock lock) {
        lock.lock();
        lock.unlock();
    }

    // Exclusion

    @ParameterizedTest
    @ValueSource(ints = {2, 8})
    void manyThreads_throughTwoMappings_excludeEachOther(int threads) throws Exception {
        int rounds = 2_000;
        try (Region again = Region.attach("contract", here)) {
            SharedLong number = region.longValue("n", 0);
            SharedLong sameNumber = again.longValue("n", 0);
            SharedLock sameLock = again.lock("l");
            Concurrently.run(
                    threads,
                    thread -> {
                        SharedLock mine = thread % 2 == 0 ? lock : sameLock;
                        SharedLong n = thread % 2 == 0 ? number : sameNumber;
                        for (int i = 0; i < rounds; i++) {
                            try (var _ = mine.acquire()) {
                                n.setPlain(n.getPlain() + 1);
                            }
                        }
                    });
            assertThat(number.get()).isEqualTo((long) threads * rounds);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5})
    void manyThreads_takingTurns_areEachNamedAsTheOwner(int threads) throws Exception {
        Concurrently.run(
                threads,
                thread -> {
                    String name = "owner-" + thread;
                    Thread.currentThread().setName(name);
                    for (int i = 0; i < 20_000; i++) {
                        try (var _ = lock.acquire()) {
                            if (i % 4 == 0)
                                assertThat(lock.owner())
                                        .hasValueSatisfying(owner ->
                                                assertThat(owner.threadName()).isEqualTo(name));
                        }
                    }
                });
    }

    @Test
    void manyThreads_inAllWays_excludeEachOther() throws Exception {
        int rounds = 500;
        SharedLong number = region.longValue("n", 0);
        Concurrently.run(
                6,
                thread -> {
                    for (int i = 0; i < rounds; i++) {
                        switch (thread % 3) {
                            case 0 -> lock.lock();
                            case 1 -> {
                                while (!lock.tryLock(Duration.ofNanos(100_000))) {}
                            }
                            default -> lock.lockInterruptibly();
                        }
                        number.setPlain(number.getPlain() + 1);
                        lock.unlock();
                    }
                });
        assertThat(number.get()).isEqualTo(6L * rounds);
        assertThat(lock.isLocked()).isFalse();
    }

    // Virtual threads

    @Test
    void aThousandVirtualThreadsWait_whileOthersRunOn_andAllAcquire() throws Exception {
        SharedLong number = region.longValue("n", 0);
        lock.lock();
        List<Caller> callers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++)
            callers.add(
                    new Caller(
                            Kind.VIRTUAL,
                            lock,
                            l -> {
                                l.lock();
                                number.setPlain(number.getPlain() + 1);
                                l.unlock();
                            }));
        for (Caller caller : callers) Watchdog.awaitWaiting(caller.thread);

        var ran = new CountDownLatch(100);
        for (int i = 0; i < 100; i++) Thread.startVirtualThread(ran::countDown);
        assertThat(ran.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(number.get()).isZero();

        lock.unlock();
        for (Caller caller : callers) assertThat(caller.thrown()).isNull();
        assertThat(number.get()).isEqualTo(1_000);
    }

    @Test
    void virtualThreads_waitForManyLocks() throws Exception {
        List<SharedLock> locks = new ArrayList<>();
        List<Caller> callers = new ArrayList<>();
        for (int i = 0; i < 300; i++) { // more than one thread in the kernel can wait for
            SharedLock one = region.lock();
            one.lock();
            locks.add(one);
            callers.add(new Caller(Kind.VIRTUAL, one, SharedLockContractTest::lockAndUnlock));
        }
        for (Caller caller : callers) Watchdog.awaitWaiting(caller.thread);
        for (SharedLock one : locks) one.unlock();
        for (Caller caller : callers) assertThat(caller.thrown()).isNull();
    }

    // Death

    private SharedLock lockWith(OwnerDeathPolicy policy) {
        return region.lock(policy.name(), LockOptions.onOwnerDeath(policy));
    }

    @Test
    void ownerOfAnotherProcess_isNamed_andItsDeathFreesTheLock() throws Exception {
        try (LockHolder holder = LockHolder.of(lock, region)) {
            assertThat(lock.tryLock(Duration.ofMillis(1))).isFalse();
            assertThat(lock.owner())
                    .hasValueSatisfying(o -> assertThat(o.pid()).isEqualTo(holder.pid()));
            assertThatThrownBy(lock::unlock)
                    .isInstanceOf(IllegalMonitorStateException.class)
                    .hasMessageContaining("pid " + holder.pid());
            assertThatThrownBy(lock::markConsistent)
                    .isInstanceOf(IllegalMonitorStateException.class);
            long token = lock.token();
            holder.kill();
            lock.lock();
            assertThat(lock.isAbandoned()).isTrue();
            assertThat(lock.token()).isGreaterThan(token);
        }
    }

    @Test
    void abandoned_staysSo_untilMarkedConsistent() throws Exception {
        try (LockHolder holder = LockHolder.of(lock, region)) {
            holder.kill();
            lock.lock();
            lock.unlock();
            assertThat(lock.isAbandoned()).isTrue();
            lock.lock();
            lock.markConsistent();
            assertThat(lock.isAbandoned()).isFalse();
            lock.unlock();
            assertThat(lock.isAbandoned()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWaiter_acquires_whenTheOwnersProcessIsKilled(Kind kind) throws Exception {
        try (LockHolder holder = LockHolder.of(lock, region)) {
            var told = new AtomicBoolean();
            Call use =
                    l -> {
                        l.lock();
                        if (l.isAbandoned()) told.set(true);
                        l.unlock();
                    };
            Caller first = Caller.waiting(kind, lock, use);
            Caller second = Caller.waiting(kind, lock, use);
            holder.kill();
            assertThat(first.thrown()).isNull();
            assertThat(second.thrown()).isNull();
            assertThat(told).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void policyThrow_everyWaiterThrows_untilMarkedConsistent(Kind kind) throws Exception {
        SharedLock strict = lockWith(OwnerDeathPolicy.THROW);
        try (LockHolder holder = LockHolder.of(strict, region)) {
            List<Caller> callers = new ArrayList<>();
            for (Way way : Way.values()) callers.add(Caller.waiting(kind, strict, way.call));
            holder.kill();
            for (Caller caller : callers)
                assertThat(caller.thrown()).isInstanceOf(AbandonedException.class);
            assertThat(strict.isLocked()).isFalse();
            assertThatThrownBy(strict::lock)
                    .isInstanceOf(AbandonedException.class)
                    .hasMessageContaining("markConsistent()");
            assertThatThrownBy(strict::tryLock).isInstanceOf(AbandonedException.class);
            strict.markConsistent();
            assertThat(strict.tryLock()).isTrue();
        }
    }

    @Test
    void policyIgnore_theNextOwnerIsNotTold() throws Exception {
        SharedLock lax = lockWith(OwnerDeathPolicy.IGNORE);
        try (LockHolder holder = LockHolder.of(lax, region)) {
            holder.kill();
            lax.lock();
            assertThat(lax.isAbandoned()).isFalse();
        }
    }

    // Closing

    @ParameterizedTest
    @EnumSource
    void closingTheRegion_makesEveryWaiterThrow(Way way) throws Exception {
        lock.lock();
        List<Caller> callers = new ArrayList<>();
        for (int i = 0; i < 5; i++)
            for (Kind kind : Kind.values()) callers.add(Caller.waiting(kind, lock, way.call));
        region.close();
        for (Caller caller : callers)
            assertThat(caller.thrown()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closingTheRegion_withTheLockHeld_abandonsIt() {
        lock.lock();
        region.close();
        assertThatThrownBy(lock::unlock).isInstanceOf(IllegalStateException.class);
        open();
        lock.lock();
        assertThat(lock.isAbandoned()).isTrue();
    }

    @Test
    void closingOneOfTwoOpenings_keepsTheLock_forTheOtherToUnlock() {
        try (Region other = Region.attach("contract", here)) {
            SharedLock same = other.lock("l");
            lock.lock();
            region.close();
            assertThatThrownBy(lock::unlock).isInstanceOf(IllegalStateException.class);
            assertThat(same.isHeldByCurrentThread()).isTrue();
            same.unlock();
            assertThat(same.isLocked()).isFalse();
            assertThat(same.isAbandoned()).isFalse();
        }
    }

    @Test
    void closingWhileTheLockIsHandedOver_doesNotTakeTheWakeUpOfOthersAlong() throws Exception {
        try (Region third = Region.attach("contract", here)) {
            SharedLock mine = third.lock("l");
            for (int round = 0; round < 50; round++) {
                mine.lock();
                Region second = Region.attach("contract", here);
                Function<Region, Call> use =
                        opened ->
                                _ -> {
                                    try {
                                        opened.lock("l").lock();
                                    } finally {
                                        if (mine.isHeldByCurrentThread()) mine.unlock();
                                    }
                                };
                Caller leaver = Caller.waiting(Kind.PLATFORM, mine, use.apply(second));
                Caller stayer = Caller.waiting(Kind.PLATFORM, mine, use.apply(third));
                mine.unlock();
                second.close();
                Throwable thrown = leaver.thrown();
                if (thrown != null) assertThat(thrown).isInstanceOf(IllegalStateException.class);
                assertThat(stayer.thrown()).isNull();
            }
        }
    }

    // Long lines of waiters

    @Test
    void everyWaiterInALongLine_acquiresInTheEnd() throws Exception {
        lock.lock();
        var order = new ConcurrentLinkedQueue<Integer>();
        List<Caller> callers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int number = i;
            callers.add(
                    Caller.waiting(
                            i % 2 == 0 ? Kind.PLATFORM : Kind.VIRTUAL,
                            lock,
                            l -> {
                                l.lock();
                                order.add(number);
                                l.unlock();
                            }));
        }
        lock.unlock();
        for (Caller caller : callers) assertThat(caller.thrown()).isNull();
        assertThat(order).hasSize(20).doesNotHaveDuplicates();
    }
}
