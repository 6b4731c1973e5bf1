package dev.interlock.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Region;
import dev.interlock.internal.region.RawRegion;
import dev.interlock.it.KillPointRun.Case;
import dev.interlock.it.KillPointRun.Scenario;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A process is killed before every single step of waiting for a condition, of being signalled, of signalling, of leaving the region
 * while it waits, and of sweeping for one that waited: no signal is lost, and no cell.
 */
@SuppressWarnings("LockNotBeforeTry") // who dies does not unlock
class ConditionKillPointsIT {
    private static final int WAITERS = 200; // that are killed

    @RegisterExtension final Stage stage = new Stage();

    static final class Verbs {
        /** Waits, with the first cell of its process, until there is something to take, and takes it. */
        static void take(Child me) throws Exception {
            Goods goods = Goods.in(me.open("r"), me.number(1) != 0);
            me.armHere();
            goods.take();
            me.completed();
            Runtime.getRuntime().halt(0);
        }

        static void give(Child me) {
            Goods goods = Goods.in(me.open("r"), me.number(1) != 0);
            me.armHere();
            goods.give(2);
            me.completed();
            Runtime.getRuntime().halt(0);
        }

        static void giveAtOnce(Child me) {
            Goods goods = Goods.in(me.open("r"), me.number(1) != 0);
            me.armHere();
            goods.giveAtOnce(2);
            me.completed();
            Runtime.getRuntime().halt(0);
        }

        /** Takes one, in the parent's time. */
        static void takeOne(Child me) throws Exception {
            Goods goods = Goods.in(me.open("r"), false);
            LockKillPointsIT.Verbs.awaitArmed(me.open("r"));
            me.say("ready");
            goods.take();
            me.say("taken");
            me.sleepForEver();
        }

        /** Closes the region while a thread of this process waits, which was signalled. */
        static void leave(Child me) throws Exception {
            Region region = me.open("r");
            Goods goods = Goods.in(region, me.number(1) != 0);
            Thread waiter =
                    Thread.ofPlatform()
                            .daemon()
                            .start(() -> {
                                try {
                                    goods.take();
                                } catch (InterruptedException | IllegalStateException e) {
                                    // as the region is closed
                                }
                            });
            me.say("waits");
            me.hear();
            me.armHere();
            region.close();
            me.completed();
            waiter.join();
            Runtime.getRuntime().halt(0);
        }

        /** Many threads wait for the condition, or for its lock. */
        static void manyWait(Child me) throws Exception {
            Goods goods = Goods.in(me.open("r"), me.number(1) != 0);
            boolean forLock = me.number(2) != 0;
            for (int i = 0; i < me.number(0); i++) {
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> {
                            try {
                                if (forLock) goods.lock().lock();
                                else goods.take();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        });
            }
            me.sleepForEver();
        }
    }

    /** Survivors are threads of this process; they take what is given. */
    private abstract static class Taking implements Scenario {
        final boolean isFair;
        private final Map<Case, Goods> goods = new ConcurrentHashMap<>();
        private final Map<Case, Goods.Takers> takers = new ConcurrentHashMap<>();

        Taking(boolean isFair) {
            this.isFair = isFair;
        }

        @Override
        public void before(Case scene) throws Exception {
            Goods here = Goods.in(scene.join("r"), isFair);
            goods.put(scene, here);
            takers.put(scene, here.new Takers());
        }

        Goods goods(Case scene) {
            return requireNonNull(goods.get(scene));
        }

        Goods.Takers takers(Case scene) {
            return requireNonNull(takers.get(scene));
        }

        @Override
        public void after(Case scene) throws Exception {
            takers(scene).requireThatAllGetTheirs();
            requireNoLostCells(scene);
            goods.remove(scene);
            takers.remove(scene);
            scene.requireSound("r");
        }
    }

    static void requireNoLostCells(Case scene) throws Exception {
        try (RawRegion raw = new RawRegion(scene.file("r"))) {
            requireOwnersLive(raw);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void killedTaking_theSignalGoesOn_whereverItDied(boolean isFair) throws Exception {
        Map<Case, CompletableFuture<Void>> plays = new ConcurrentHashMap<>();
        Scenario taking =
                new Taking(isFair) {
                    @Override
                    public void during(Case scene, ChildJvm victim) {
                        plays.put(scene, CompletableFuture.runAsync(() -> play(scene, victim)));
                    }

                    private void play(Case scene, ChildJvm victim) {
                        Goods here = goods(scene);
                        try {
                            Await.until(
                                    "the victim waits or is dead",
                                    () -> !victim.isAlive() || here.more().hasWaiters());
                            takers(scene).startOne(); // behind it
                            here.give(1);
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        requireNonNull(plays.remove(scene)).join();
                        super.after(scene);
                    }
                };
        KillPointRun.everyStep(Verbs.class, "take", taking, isFair ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource({"give, false", "give, true", "giveAtOnce, false", "giveAtOnce, true"})
    void killedSignalling_whatItGaveIsTaken(String verb, boolean isFair) throws Exception {
        Scenario giving =
                new Taking(isFair) {
                    @Override
                    public void before(Case scene) throws Exception {
                        super.before(scene);
                        takers(scene).startOne();
                        takers(scene).startOne();
                    }
                };
        KillPointRun.everyStep(Verbs.class, verb, giving, isFair ? 1 : 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void killedLeavingWhileAThreadOfItWaits_theSignalGoesOn(boolean isFair) throws Exception {
        Scenario leaving =
                new Taking(isFair) {
                    @Override
                    public void during(Case scene, ChildJvm victim) throws Exception {
                        victim.expect("waits");
                        Goods here = goods(scene);
                        Await.until("it does", () -> here.more().hasWaiters());
                        takers(scene).startOne();
                        here.lock().lock();
                        here.ready().getAndAdd(1);
                        here.more().signal(); // for the victim
                        // It would take it if it got the lock, which it does when it cannot any
                        // more.
                        victim.say("go");
                        Thread.sleep(300);
                        here.lock().unlock();
                    }
                };
        KillPointRun.everyStep(Verbs.class, "leave", leaving, isFair ? 1 : 0);
    }

    /** Who was signalled is dead, and so is who passes the signal on; the next in line is stopped meanwhile. */
    @Test
    void guardianIsKilledPassingASignalOn_theNextInLineGetsIt() throws Exception {
        Map<Case, ChildJvm[]> waiters = new ConcurrentHashMap<>();
        Scenario sweeping =
                new Scenario() {
                    @Override
                    public void before(Case scene) throws Exception {
                        ChildJvm signalled = scene.start(Verbs.class, "takeOne").expect("ready");
                        ChildJvm next;
                        try (Region region = Region.open("r", scene.options())) {
                            Goods goods = Goods.in(region, false);
                            Await.until("waits", () -> goods.more().getWaitQueueLength() == 1);
                            next = scene.start(Verbs.class, "takeOne").expect("ready");
                            Await.until("both wait", () -> goods.more().getWaitQueueLength() == 2);
                            signalled.stop();
                            goods.give(1);
                        }
                        next.stop();
                        waiters.put(scene, new ChildJvm[] {signalled, next});
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
                        next.expect("taken");
                        requireNoLostCells(scene);
                        scene.requireSound("r");
                    }
                };
        KillPointRun.everyStep(SweepVerbs.class, "guardianSweeps", sweeping);
    }

    /** The first to come after all have died sweeps without mapping the region, and is killed. */
    @Test
    void joinerIsKilledSweepingForOneThatWaited_noCellIsLost() throws Exception {
        Scenario sweeping =
                new Scenario() {
                    @Override
                    public void before(Case scene) throws Exception {
                        ChildJvm waiter = scene.start(Verbs.class, "takeOne").expect("ready");
                        try (Region region = Region.open("r", scene.options())) {
                            Goods goods = Goods.in(region, false);
                            Await.until("waits", () -> goods.more().getWaitQueueLength() == 1);
                            if (scene.step % 2 == 0) {
                                waiter.stop();
                                goods.give(1);
                            }
                        }
                        waiter.kill();
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        scene.join("r");
                        requireNoLostCells(scene);
                        scene.requireSound("r");
                    }
                };
        KillPointRun.everyStep(LockKillPointsIT.Verbs.class, "joinerSweeps", sweeping);
    }

    static final class SweepVerbs {
        /** As that of locks, but with two other members, of which one dies. */
        static void guardianSweeps(Child me) {
            LockKillPointsIT.Verbs.sweepUntil(me, me.open("r"), 1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void manyWaitersAreKilled_theirCellsAreUsedAgain(boolean isFair) throws Exception {
        int each = 20;
        try (Region region = stage.open("r");
                RawRegion raw = new RawRegion(region.path())) {
            Goods goods = Goods.in(region, isFair);
            for (int killed = 0; killed < WAITERS; killed += each) {
                boolean forLock = killed / each % 2 == 0;
                if (forLock) goods.lock().lock();
                ChildJvm child =
                        stage.start(Verbs.class, "manyWait", each, isFair ? 1 : 0, forLock ? 1 : 0);
                Await.until("they wait", () -> waiting(goods, forLock) == each);
                if (forLock) goods.lock().unlock(); // for one of them, which dies with it
                child.kill();
                assertThat(goods.lock().tryLock(Await.WATCHDOG)).isTrue();
                goods.lock().markConsistent();
                goods.lock().unlock();
                Await.until("it is swept", () -> raw.slots().size() == 1);
                requireOwnersLive(raw);
                // One is this process's own, if it ever had to wait.
                assertThat(raw.ownersOfWaitCells()).as("chunks of cells").hasSizeLessThan(3);
            }
            assertThat(goods.lock().hasQueuedThreads()).isFalse();
            assertThat(goods.more().hasWaiters()).isFalse();
            region.unlink();
        }
    }

    private static int waiting(Goods goods, boolean forLock) {
        return forLock ? goods.lock().getQueueLength() : goods.more().getWaitQueueLength();
    }

    static void requireOwnersLive(RawRegion raw) throws Exception {
        Await.until(
                "the dead own no cells",
                () ->
                        raw.ownersOfWaitCells().stream()
                                .allMatch(owner -> owner == -1 || raw.isOwnedByMember(owner)));
    }
}
