package dev.interlock.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.LockOptions;
import dev.interlock.Region;
import dev.interlock.SharedLock;
import dev.interlock.it.KillPointRun.Case;
import dev.interlock.it.KillPointRun.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A process is killed before every single step of waiting for a fair lock, of giving up, of releasing it to those who wait, and of
 * sweeping for one that waited: the others get the lock, in their order.
 */
@SuppressWarnings("LockNotBeforeTry") // who dies does not unlock
class FairLockKillPointsIT {
    @RegisterExtension final Stage stage = new Stage();

    private static SharedLock lock(Region region) {
        return region.lock("l", LockOptions.fair());
    }

    static final class Verbs {
        /** With the first cell of its process. */
        static void lock(Child me) {
            SharedLock lock = FairLockKillPointsIT.lock(me.open("r"));
            me.armHere();
            lock.lock();
            me.completed();
            Runtime.getRuntime().halt(0);
        }

        static void giveUp(Child me) throws Exception {
            SharedLock lock = FairLockKillPointsIT.lock(me.open("r"));
            me.armHere();
            if (lock.tryLock(Duration.ofMillis(100))) lock.unlock();
            me.completed();
            Runtime.getRuntime().halt(0);
        }

        static void unlock(Child me) throws Exception {
            SharedLock lock = FairLockKillPointsIT.lock(me.open("r"));
            lock.lock();
            me.say("held");
            me.hear();
            me.armHere();
            lock.unlock();
            me.completed();
            Runtime.getRuntime().halt(0);
        }

        static void waitForIt(Child me) throws Exception {
            Region region = me.open("r");
            SharedLock lock = FairLockKillPointsIT.lock(region);
            LockKillPointsIT.Verbs.awaitArmed(region);
            me.say("ready");
            lock.lock();
            me.say("got it");
            lock.unlock();
            me.sleepForEver();
        }
    }

    /** Threads of this process that stand in line and note their turns. */
    private static final class Line {
        final SharedLock lock;
        final List<Integer> order = new ArrayList<>(); // guarded by the lock
        private final List<Thread> threads = new ArrayList<>();

        Line(Region region) {
            lock = FairLockKillPointsIT.lock(region);
        }

        /** Returns when it waits. */
        void add(int who) throws Exception {
            Thread thread =
                    Thread.ofPlatform()
                            .daemon()
                            .start(() -> {
                                lock.lock();
                                try {
                                    lock.markConsistent();
                                    order.add(who);
                                } finally {
                                    lock.unlock();
                                }
                            });
            threads.add(thread);
            Await.until("it waits", () -> waits(thread) || !thread.isAlive());
        }

        private static boolean waits(Thread thread) {
            for (StackTraceElement frame : thread.getStackTrace())
                if (frame.getClassName().endsWith(".Waits")) return true;
            return false;
        }

        void join() throws Exception {
            for (Thread thread : threads) {
                thread.join(Await.WATCHDOG);
                if (thread.isAlive()) throw Diagnosis.failure("it still waits");
            }
        }
    }

    private abstract static class InLine implements Scenario {
        private final Map<Case, Line> lines = new ConcurrentHashMap<>();
        private final Map<Case, CompletableFuture<Void>> plays = new ConcurrentHashMap<>();

        @Override
        public void before(Case scene) throws Exception {
            lines.put(scene, new Line(scene.join("r")));
        }

        Line line(Case scene) {
            return requireNonNull(lines.get(scene));
        }

        /** What goes on beside the victim, which may stand still at its step. */
        abstract void play(Case scene, ChildJvm victim) throws Exception;

        @Override
        public void during(Case scene, ChildJvm victim) throws Exception {
            plays.put(
                    scene,
                    CompletableFuture.runAsync(() -> {
                        try {
                            play(scene, victim);
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    }));
        }

        @Override
        public void after(Case scene) throws Exception {
            requireNonNull(plays.remove(scene)).join();
            Line line = requireNonNull(lines.remove(scene));
            line.join();
            assertThat(line.order).as("order").isSorted();
            line.lock.lock();
            line.lock.markConsistent();
            line.lock.unlock();
            ConditionKillPointsIT.requireNoLostCells(scene);
            scene.requireSound("r");
        }
    }

    @Test
    void killedWaiting_theNextOnesGetIt_inOrder() throws Exception {
        KillPointRun.everyStep(Verbs.class, "lock", heldWhileItWaits(0));
    }

    @Test
    void killedGivingUp_theNextOnesGetIt_inOrder() throws Exception {
        KillPointRun.everyStep(Verbs.class, "giveUp", heldWhileItWaits(95));
    }

    /** The lock is held by this process until others stand behind the victim, and so much longer. */
    private static Scenario heldWhileItWaits(long millis) {
        return new InLine() {
            @Override
            public void before(Case scene) throws Exception {
                super.before(scene);
                holders.put(scene, Holder.start(line(scene).lock));
            }

            @Override
            void play(Case scene, ChildJvm victim) throws Exception {
                SharedLock lock = line(scene).lock;
                Await.until(
                        "the victim waits or is dead",
                        () -> !victim.isAlive() || lock.hasQueuedThreads());
                line(scene).add(1);
                line(scene).add(2);
                Await.sleep(millis);
                requireNonNull(holders.remove(scene)).release();
            }

            final Map<Case, Holder> holders = new ConcurrentHashMap<>();
        };
    }

    /** A thread that holds a lock. */
    private static final class Holder {
        private final CompletableFuture<Void> held = new CompletableFuture<>();
        private final CompletableFuture<Void> over = new CompletableFuture<>();

        static Holder start(SharedLock lock) {
            Holder holder = new Holder();
            Thread.ofPlatform()
                    .daemon()
                    .start(() -> {
                        lock.lock();
                        holder.held.complete(null);
                        holder.over.join();
                        lock.unlock();
                    });
            holder.held.join();
            return holder;
        }

        void release() {
            over.complete(null);
        }
    }

    @Test
    void killedUnlocking_theNextOnesGetIt_inOrder() throws Exception {
        Scenario unlocking =
                new InLine() {
                    @Override
                    public void during(Case scene, ChildJvm victim) throws Exception {
                        victim.expect("held");
                        line(scene).add(1);
                        line(scene).add(2);
                        super.during(scene, victim);
                        victim.say("go");
                    }

                    @Override
                    void play(Case scene, ChildJvm victim) {
                        // the others wait already
                    }
                };
        KillPointRun.everyStep(Verbs.class, "unlock", unlocking);
    }

    /** The first in line was chosen, and is dead, and so is who sweeps for it; the next is stopped meanwhile. */
    @Test
    void guardianIsKilledSweepingForTheFirstInLine_theNextGetsIt() throws Exception {
        Map<Case, ChildJvm[]> waiters = new ConcurrentHashMap<>();
        Scenario sweeping =
                new Scenario() {
                    @Override
                    public void before(Case scene) throws Exception {
                        try (Region region = Region.open("r", scene.options())) {
                            SharedLock lock = lock(region);
                            lock.lock();
                            ChildJvm first = scene.start(Verbs.class, "waitForIt").expect("ready");
                            Await.until("it waits", () -> lock.getQueueLength() == 1);
                            ChildJvm next = scene.start(Verbs.class, "waitForIt").expect("ready");
                            Await.until("both wait", () -> lock.getQueueLength() == 2);
                            first.stop();
                            next.stop();
                            lock.unlock();
                            waiters.put(scene, new ChildJvm[] {first, next});
                        }
                    }

                    @Override
                    public void during(Case scene, ChildJvm victim) throws Exception {
                        victim.expect("ready");
                        requireNonNull(waiters.get(scene))[0].kill();
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        ChildJvm next = requireNonNull(waiters.remove(scene))[1];
                        next.resume();
                        next.expect("got it");
                        ConditionKillPointsIT.requireNoLostCells(scene);
                        scene.requireSound("r");
                    }
                };
        KillPointRun.everyStep(ConditionKillPointsIT.SweepVerbs.class, "guardianSweeps", sweeping);
    }
}
