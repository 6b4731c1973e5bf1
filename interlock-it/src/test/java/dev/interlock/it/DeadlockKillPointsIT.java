package dev.interlock.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.DeadlockException;
import dev.interlock.Region;
import dev.interlock.RegionOptions;
import dev.interlock.SharedReentrantLock;
import dev.interlock.it.KillPointRun.Case;
import dev.interlock.it.KillPointRun.Scenario;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/**
 * Two threads of two processes wait for each other, and one of the processes is killed before every single step: the one that looks
 * for the deadlock, asks for reports and tells of it, or the one that answers. The other gets its lock, or is told of the deadlock.
 */
@SuppressWarnings("LockNotBeforeTry") // who dies does not unlock
class DeadlockKillPointsIT {
    private static final Duration PATIENCE = Duration.ofMillis(150); // the region's, so everybody's

    private static Region open(RegionOptions options) {
        return Region.open("r", options.deadlockAfter(PATIENCE));
    }

    static final class Verbs {
        /** Holds one lock and wants the other; in a thread of its own, whose stack is soon told. */
        static void want(Child me) throws Exception {
            Region region = open(me.options());
            SharedReentrantLock mine = region.reentrantLock("victim's");
            SharedReentrantLock other = region.reentrantLock("survivor's");
            Thread thread = new Thread(() -> want(me, mine, other), "v");
            thread.start();
            thread.join();
            Runtime.getRuntime().halt(0);
        }

        private static void want(Child me, SharedReentrantLock mine, SharedReentrantLock other) {
            mine.lock();
            me.say("holds its own");
            try {
                me.hear();
                if (other.tryLock(Duration.ofMillis(10))) // after that it has a cell
                throw new AssertionError("it was held");
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            me.say("ready");
            me.armHere();
            try {
                other.lock();
            } catch (DeadlockException e) {
                // the other goes on when this process ends
            }
            me.completed();
        }
    }

    /** A thread of this process that holds its own lock from the beginning, and wants the victim's when it is told to. */
    private static final class Survivor {
        private final SharedReentrantLock own;
        private final SharedReentrantLock other;
        private final CountDownLatch holds = new CountDownLatch(1);
        private final CountDownLatch wants = new CountDownLatch(1);
        private final FutureTask<Boolean> told = new FutureTask<>(this::run);

        Survivor(Region region) throws InterruptedException {
            own = region.reentrantLock("survivor's");
            other = region.reentrantLock("victim's");
            Thread.ofPlatform().daemon().name("survivor").start(told);
            holds.await();
        }

        /* Answers whether it was told of the deadlock. */
        private boolean run() throws InterruptedException {
            own.lock();
            try {
                holds.countDown();
                wants.await();
                other.lock();
                other.markConsistent();
                other.unlock();
                return false;
            } catch (DeadlockException e) {
                assertThat(e.participants()).hasSize(2);
                return true;
            } finally {
                own.unlock();
            }
        }

        void want() {
            wants.countDown();
        }

        boolean wasTold() throws Exception {
            Await.until("the survivor goes on", told::isDone);
            return told.get();
        }
    }

    private abstract static class Circle implements Scenario {
        private final Map<Case, Survivor> survivors = new ConcurrentHashMap<>();

        @Override
        public void before(Case scene) throws Exception {
            survivors.put(scene, new Survivor(scene.keep(open(scene.options()))));
        }

        @Override
        public void during(Case scene, ChildJvm victim) throws Exception {
            victim.expect("holds its own");
            try (Region region = open(scene.options())) {
                meet(requireNonNull(survivors.get(scene)), region, victim);
            }
        }

        /** Has the two wait for each other, one of them last. */
        abstract void meet(Survivor survivor, Region region, ChildJvm victim) throws Exception;

        @Override
        public void after(Case scene) throws Exception {
            scene.found = requireNonNull(survivors.remove(scene)).wasTold() ? 1 : 0;
            try (Region region = open(scene.options())) {
                for (String name : new String[] {"survivor's", "victim's"}) {
                    SharedReentrantLock lock = region.reentrantLock(name);
                    assertThat(lock.tryLock(Await.WATCHDOG)).as(name).isTrue();
                    lock.markConsistent();
                    lock.unlock();
                }
            }
            ConditionKillPointsIT.requireNoLostCells(scene);
            scene.requireSound("r");
        }
    }

    /** The last to come looks, and is told; so the survivor, who was there before, never is. */
    @Test
    void lookerIsKilled_theOtherGetsItsLock() throws Exception {
        Scenario looking =
                new Circle() {
                    @Override
                    void meet(Survivor survivor, Region region, ChildJvm victim) throws Exception {
                        survivor.want();
                        Await.until("the survivor waits", () -> Sleeper.isAnyIn(region));
                        victim.say("go");
                    }
                };
        var cases = KillPointRun.everyStep(Verbs.class, "want", looking);
        assertThat(KillPointRun.found(cases)).matches("0+");
    }

    @Test
    void answererIsKilled_lookerGetsItsLockOrIsTold() throws Exception {
        Scenario answering =
                new Circle() {
                    @Override
                    void meet(Survivor survivor, Region region, ChildJvm victim) throws Exception {
                        victim.say("go");
                        victim.expect("ready");
                        Await.until(
                                "the victim waits, or is at its step",
                                () -> victim.speaksWithin(0) || Sleeper.isAnyIn(region));
                        survivor.want();
                    }
                };
        KillPointRun.everyStep(Verbs.class, "want", answering);
    }
}
