package dev.interlock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.interlock.DeadlockException;
import dev.interlock.Region;
import dev.interlock.SharedBarrier;
import dev.interlock.SharedCountDownLatch;
import dev.interlock.SharedEvent;
import dev.interlock.SharedLock;
import dev.interlock.SharedReadWriteLock;
import dev.interlock.SharedSemaphore;
import dev.interlock.WaitSet;
import dev.interlock.it.ChildJvm.Launch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes of several containers that share the directory: each has pid 1 in its own pid namespace, and sees no other's pid. */
@SuppressWarnings("LockNotBeforeTry") // who dies does not unlock
class PidNamespaceIT {
    private static final Launch CONTAINER =
            Launch.INTERPRETED.behind("unshare", "--pid", "--fork", "--kill-child", "--mount-proc");

    @RegisterExtension final Stage stage = new Stage();

    @BeforeAll
    static void needsPermission() throws Exception {
        int code =
                new ProcessBuilder("unshare", "--pid", "--fork", "--mount-proc", "true")
                        .redirectErrorStream(true)
                        .start()
                        .waitFor();
        assumeTrue(code == 0, "this user may not make pid namespaces (unshare --pid)");
    }

    static final class Verbs {
        static void obey(Child me) throws Exception {
            me.say("pid " + ProcessHandle.current().pid());
            HolderDeathIT.Verbs.obey(me);
        }

        static void take(Child me) throws Exception {
            me.say("pid " + ProcessHandle.current().pid());
            Goods goods = Goods.in(me.open("r"), me.number(0) != 0);
            goods.take();
            me.say("taken");
            me.sleepForEver();
        }
    }

    /** What a process of a container does with the synchronizers of the region, besides locks and conditions. */
    static final class Users {
        static void permits(Child me) throws Exception {
            use(me, region -> region.semaphore("s", 2).acquire(2));
        }

        static void read(Child me) throws Exception {
            use(me, region -> region.readWriteLock("rw").readLock().lock());
        }

        static void write(Child me) throws Exception {
            use(me, region -> region.readWriteLock("rw").writeLock().lock());
        }

        static void event(Child me) throws Exception {
            use(me, region -> region.event("e").await());
        }

        static void latch(Child me) throws Exception {
            use(
                    me,
                    region -> {
                        region.countDownLatch("c", 2).countDown();
                        region.countDownLatch("c", 2).await();
                    });
        }

        static void any(Child me) throws Exception {
            use(me, region -> WaitSet.any(region.event("never"), region.event("e")));
        }

        static void barrier(Child me) throws Exception {
            use(
                    me,
                    region -> {
                        SharedBarrier barrier = region.barrier("b", 3);
                        while (!barrier.isBroken()) meetAtBarrier(me, barrier);
                    });
        }

        private static void meetAtBarrier(Child me, SharedBarrier barrier) throws Exception {
            me.say("party");
            me.hear();
            try {
                me.say("number " + barrier.await());
            } catch (BrokenBarrierException e) {
                me.say("broken");
            }
        }

        static void deadlock(Child me) throws Exception {
            use(
                    me,
                    region -> {
                        try (var _ = region.lock("a").acquire()) {
                            me.say("owns a");
                            region.lock("b").lock();
                            region.lock("b").unlock();
                        }
                    });
        }

        private interface Use {
            void of(Region region) throws Exception;
        }

        private static void use(Child me, Use use) throws Exception {
            me.say("pid " + ProcessHandle.current().pid());
            use.of(me.open("r"));
            me.say("done");
            me.sleepForEver();
        }
    }

    private ChildJvm user(String verb) throws Exception {
        return stage.start(CONTAINER, Users.class, verb).expect("pid 1");
    }

    private ChildJvm container(Object... arguments) throws Exception {
        return stage.start(CONTAINER, Verbs.class, "obey", arguments)
                .expect("pid 1")
                .expect("ready");
    }

    @Test
    void holderOfAnotherNamespace_isAlive_untilItIsKilled() throws Exception {
        ChildJvm holder = container(0);
        ChildJvm other = container(700);
        holder.say("lock");
        holder.expect("locked, abandoned: false");
        try (Region region = stage.open("r")) {
            SharedLock lock = region.lock("l");
            assertThat(lock.tryLock(Duration.ofMillis(700))).isFalse();
            other.say("try");
            other.expect("gave up");
            assertThat(region.processes()).hasSize(3);

            other.say("lock");
            holder.kill();
            other.expect("locked, abandoned: true");
            assertThat(lock.tryLock(Duration.ofMillis(300))).isFalse();
            Await.until("the dead one is swept", () -> region.processes().size() == 2);
            other.say("unlock");
            other.expect("unlocked");
            assertThat(lock.tryLock(Await.WATCHDOG)).isTrue();
            lock.unlock();
            other.kill();
            region.unlink();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void holderOfThisNamespaceKilled_waiterOfAnotherAcquires(boolean waiterSleeps)
            throws Exception {
        ChildJvm waiter = container(0);
        ChildJvm holder = stage.start(HolderDeathIT.Verbs.class, "hold").expect("held");
        if (waiterSleeps) {
            waiter.say("lock");
            Await.sleep(100);
        }
        holder.kill();
        if (!waiterSleeps) waiter.say("lock");
        waiter.expect("locked, abandoned: true");
        waiter.kill();
        Region.unlink("r", stage.options());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void signalsAndFairLocks_workBetweenNamespaces_andPassTheDead(boolean isFair) throws Exception {
        try (Region region = stage.open("r")) {
            Goods goods = Goods.in(region, isFair);
            List<ChildJvm> takers = new ArrayList<>();
            for (int i = 1; i <= 3; i++) {
                int count = i;
                takers.add(
                        stage.start(CONTAINER, Verbs.class, "take", isFair ? 1 : 0)
                                .expect("pid 1"));
                Await.until("it waits", () -> goods.more().getWaitQueueLength() == count);
            }
            goods.give(1);
            takers.get(0).expect("taken");
            goods.lock().lock();
            goods.ready().getAndAdd(1);
            goods.more().signal(); // for the second, which dies before it owns the lock
            takers.get(1).kill();
            goods.lock().unlock();
            takers.get(2).expect("taken");
            assertThat(goods.ready().get()).isZero();
            for (ChildJvm taker : takers) taker.kill();
            region.unlink();
        }
    }

    @Test
    void permitsHeldInAnotherNamespace_comeBackWhenTheirHolderIsKilled() throws Exception {
        try (Region region = stage.open("r")) {
            SharedSemaphore semaphore = region.semaphore("s", 2);
            ChildJvm holder = user("permits").expect("done");
            ChildJvm waiter = user("permits");
            Await.until("the other waits", semaphore::hasQueuedThreads);
            assertThat(semaphore.tryAcquire()).isFalse();
            holder.kill();
            waiter.expect("done");
            waiter.kill();
            assertThat(semaphore.tryAcquire(2, Await.WATCHDOG)).isTrue();
            region.unlink();
        }
    }

    @Test
    void readersAndWritersOfOtherNamespaces_keepEachOtherOut_untilTheyAreKilled() throws Exception {
        try (Region region = stage.open("r")) {
            SharedReadWriteLock lock = region.readWriteLock("rw");
            ChildJvm reader = user("read").expect("done");
            assertThat(lock.getReadLockCount()).isEqualTo(1);
            ChildJvm writer = user("write");
            Await.until("the writer waits", lock::hasQueuedThreads);
            reader.kill();
            writer.expect("done");
            assertThat(lock.readLock().tryLock(Duration.ofMillis(200))).isFalse();
            assertThat(lock.owner()).hasValueSatisfying(o -> assertThat(o.pid()).isEqualTo(1));
            writer.kill();
            assertThat(lock.readLock().tryLock(Await.WATCHDOG)).isTrue();
            assertThat(lock.isAbandoned()).isTrue();
            lock.readLock().unlock();
            region.unlink();
        }
    }

    @Test
    void waitersOfOtherNamespaces_areWokenByEventsAndLatches_andAmongOthers() throws Exception {
        try (Region region = stage.open("r")) {
            SharedEvent event = region.event("e");
            SharedCountDownLatch latch = region.countDownLatch("c", 2);
            List<ChildJvm> waiters = List.of(user("event"), user("any"), user("latch"));
            Await.until("two wait for the event", () -> waiting(region, "e") == 2);
            Await.until("one waits for the latch", () -> waiting(region, "c") == 1);
            event.set();
            latch.countDown();
            for (ChildJvm waiter : waiters) waiter.expect("done").kill();
            region.unlink();
        }
    }

    private static int waiting(Region region, String object) {
        return region.objects().stream()
                .filter(o -> o.name().equals(object))
                .mapToInt(o -> o.waiters().size())
                .sum();
    }

    @Test
    void partiesOfSeveralNamespaces_meet_andABarrierBreaksWhenOneIsKilled() throws Exception {
        try (Region region = stage.open("r")) {
            SharedBarrier barrier = region.barrier("b", 3);
            ChildJvm first = user("barrier").expect("party");
            ChildJvm second = user("barrier").expect("party");
            first.say("go");
            Await.until("the first waits", () -> barrier.getNumberWaiting() == 1);
            second.say("go");
            Await.until("the second waits", () -> barrier.getNumberWaiting() == 2);
            assertThat(barrier.await()).isZero();
            first.expect("number 2").expect("party");
            second.expect("number 1").expect("party");

            first.say("go");
            Await.until("the first waits", () -> barrier.getNumberWaiting() == 1);
            second.kill();
            first.expect("broken").expect("done").kill();
            region.unlink();
        }
    }

    @Test
    void aCircleThroughNamespaces_isToldToTheLastToCome() throws Exception {
        try (Region region = stage.open("r")) {
            SharedLock a = region.lock("a");
            SharedLock b = region.lock("b");
            b.lock();
            ChildJvm other = user("deadlock").expect("owns a");
            Await.until("the other waits", b::hasQueuedThreads);
            assertThatThrownBy(a::lock)
                    .isInstanceOfSatisfying(
                            DeadlockException.class,
                            e ->
                                    assertThat(e.participants())
                                            .extracting(DeadlockException.Participant::pid)
                                            .containsExactly(ProcessHandle.current().pid(), 1L));
            b.unlock();
            other.expect("done").kill();
            region.unlink();
        }
    }
}
