package dev.interlock.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Region;
import dev.interlock.SharedCondition;
import dev.interlock.SharedReentrantLock;
import dev.interlock.it.KillPointRun.Case;
import dev.interlock.it.KillPointRun.Scenario;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/**
 * A process is killed before every single step of holding a lock several times, of giving that up to wait for a condition, and of
 * unlocking as often. How often it held the lock dies with it: a survivor gets it at once, and holds it once.
 */
@SuppressWarnings("LockNotBeforeTry") // who dies does not unlock
class ReentrantLockKillPointsIT {
    private static final int HOLDS = 3;

    static final class Verbs {
        private static SharedReentrantLock lock(Child me) {
            return me.open("r").reentrantLock("l");
        }

        private static void end(Child me) {
            me.completed();
            Runtime.getRuntime().halt(0);
        }

        static void lockOften(Child me) {
            SharedReentrantLock lock = lock(me);
            me.armHere();
            for (int i = 0; i < HOLDS; i++) lock.lock();
            end(me);
        }

        static void unlockOften(Child me) throws Exception {
            SharedReentrantLock lock = lock(me);
            for (int i = 0; i < HOLDS; i++) lock.lock();
            me.say("ready");
            me.hear();
            me.armHere();
            for (int i = 0; i < HOLDS; i++) lock.unlock();
            end(me);
        }

        /** Waits for the condition with all its holds, gets them back, and gives them up. */
        @SuppressWarnings("WaitNotInLoop") // what it is woken by does not matter
        static void awaitHolding(Child me) throws Exception {
            SharedReentrantLock lock = lock(me);
            SharedCondition condition = lock.condition("c");
            lock.lock();
            condition.awaitNanos(1_000_000); // then it has a cell
            for (int i = 1; i < HOLDS; i++) lock.lock();
            me.say("ready");
            me.armHere();
            condition.await();
            if (lock.getHoldCount() != HOLDS) throw new AssertionError("holds");
            for (int i = 0; i < HOLDS; i++) lock.unlock();
            end(me);
        }
    }

    /* Takes it as often as the dead did. */
    private static void end(Case scene) throws Exception {
        try (Region region = Region.open("r", scene.options())) {
            SharedReentrantLock lock = region.reentrantLock("l");
            assertThat(lock.tryLock(Await.WATCHDOG)).isTrue();
            scene.wasAbandoned |= lock.isAbandoned();
            lock.markConsistent();
            assertThat(lock.getHoldCount()).isEqualTo(1);
            for (int i = 1; i < HOLDS; i++) lock.lock();
            for (int i = 0; i < HOLDS; i++) lock.unlock();
            assertThat(lock.isLocked()).isFalse();
        }
        ConditionKillPointsIT.requireNoLostCells(scene);
        scene.requireSound("r");
    }

    private static String abandoned(List<Case> cases) {
        var text = new StringBuilder();
        for (Case scene : cases) if (scene.killed) text.append(scene.wasAbandoned ? '1' : '0');
        return text.toString();
    }

    @Test
    void killedLockingOften_lockIsAbandonedFromTheFirstOn() throws Exception {
        Scenario locking = ReentrantLockKillPointsIT::end;
        var cases = KillPointRun.everyStep(Verbs.class, "lockOften", locking);
        assertThat(abandoned(cases)).matches("0+1+");
    }

    /** A thread of this process waits for it: it gets it after the last unlock only, or after the death. */
    @Test
    void killedUnlockingOften_whoWaitsGetsIt() throws Exception {
        Map<Case, Sleeper<Boolean>> waiters = new ConcurrentHashMap<>();
        Scenario unlocking =
                new Scenario() {
                    @Override
                    public void during(Case scene, ChildJvm victim) throws Exception {
                        victim.expect("ready");
                        SharedReentrantLock lock = scene.join("r").reentrantLock("l");
                        waiters.put(
                                scene,
                                Sleeper.start(() -> {
                                    lock.lock();
                                    try {
                                        return lock.isAbandoned();
                                    } finally {
                                        lock.markConsistent();
                                        lock.unlock();
                                    }
                                }));
                        victim.say("go");
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        boolean found = requireNonNull(waiters.remove(scene)).join();
                        end(scene);
                        scene.wasAbandoned = found;
                    }
                };
        var cases = KillPointRun.everyStep(Verbs.class, "unlockOften", unlocking);
        assertThat(abandoned(cases)).matches("1+0+");
    }

    @Test
    void killedWaitingForAConditionWithAllItsHolds_lockGoesOnToOthers() throws Exception {
        Scenario waiting =
                new Beside() {
                    @Override
                    public void before(Case scene) {
                        scene.join("r").reentrantLock("l");
                    }

                    @Override
                    void play(Case scene, ChildJvm victim) throws Exception {
                        try (Region region = Region.open("r", scene.options())) {
                            SharedReentrantLock lock = region.reentrantLock("l");
                            SharedCondition condition = lock.condition("c");
                            Await.until(
                                    "the victim waits or is dead",
                                    () -> !victim.isAlive() || condition.hasWaiters());
                            lock.lock(); // not before it has given up all its holds
                            try {
                                scene.wasAbandoned = lock.isAbandoned();
                                lock.markConsistent();
                                condition.signal();
                            } finally {
                                lock.unlock();
                            }
                        }
                    }

                    @Override
                    void look(Case scene) throws Exception {
                        end(scene);
                    }
                };
        KillPointRun.everyStep(Verbs.class, "awaitHolding", waiting);
    }
}
