package dev.interlock.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Action;
import dev.interlock.ChildProcess;
import dev.interlock.Region;
import dev.interlock.SharedCountDownLatch;
import dev.interlock.SharedEvent;
import dev.interlock.SharedSemaphore;
import dev.interlock.WaitSet;
import dev.interlock.Waitable;
import dev.interlock.it.KillPointRun.Case;
import dev.interlock.it.KillPointRun.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process is killed before every single step of waiting for several objects, and of making one of them ready; and a child that is
 * waited for is killed. What became ready is told to all who wait, and no permit is told to the dead alone.
 */
class WaitSetKillPointsIT {
    @RegisterExtension final Stage stage = new Stage();

    /** What is waited for, and made ready. */
    record Objects(SharedEvent event, SharedCountDownLatch latch, SharedSemaphore permits) {
        static Objects in(Region region) {
            return new Objects(
                    region.event("e"), region.countDownLatch("l", 1), region.semaphore("s", 1));
        }

        List<Waitable> all() {
            return List.of(event, latch, permits);
        }
    }

    enum Kind {
        EVENT,
        LATCH,
        PERMIT;

        void makeReady(Objects objects) {
            switch (this) {
                case EVENT -> objects.event.set();
                case LATCH -> objects.latch.countDown();
                case PERMIT -> objects.permits.release();
            }
        }
    }

    static final class Verbs {
        static void makeReady(Child me) throws Exception {
            Objects objects = Objects.in(me.open("r"));
            objects.permits.acquire();
            me.say("ready");
            me.hear();
            me.armHere();
            Kind.valueOf(me.arg(1)).makeReady(objects);
            end(me);
        }

        static void await(Child me) throws Exception {
            Objects objects = Objects.in(me.open("r"));
            WaitSet.any(Duration.ofMillis(50), objects.all()); // then it has a cell
            me.say("ready");
            me.armHere();
            WaitSet.any(objects.all());
            end(me);
        }

        private static void end(Child me) {
            me.completed();
            Runtime.getRuntime().halt(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void killedMakingOneReady_whoWaitsIsToldOfWhatHappened(Kind kind) throws Exception {
        Map<Case, Sleeper<List<Waitable>>> waiters = new ConcurrentHashMap<>();
        Scenario setting =
                new Scenario() {
                    @Override
                    public void during(Case scene, ChildJvm victim) throws Exception {
                        victim.expect("ready");
                        Objects objects = Objects.in(scene.join("r"));
                        // The permit comes back in any case, so the others are waited for alone.
                        List<Waitable> some =
                                kind == Kind.PERMIT
                                        ? objects.all()
                                        : List.of(objects.event, objects.latch);
                        waiters.put(scene, Sleeper.start(() -> WaitSet.any(some)));
                        victim.say("go");
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        try (Region region = Region.open("r", scene.options())) {
                            Objects objects = Objects.in(region);
                            boolean happened =
                                    objects.event.isSet() || objects.latch.getCount() == 0;
                            scene.found = happened ? 1 : 0;
                            if (!happened && kind != Kind.PERMIT) kind.makeReady(objects);
                        }
                        assertThat(requireNonNull(waiters.remove(scene)).join()).hasSize(1);
                        ConditionKillPointsIT.requireNoLostCells(scene);
                        scene.requireSound("r");
                    }
                };
        var cases = KillPointRun.everyStep(Verbs.class, "makeReady", setting, kind.name());
        assertThat(KillPointRun.found(cases)).matches(kind == Kind.PERMIT ? "0+" : "0+1+");
    }

    /** The wake-up for the only permit may reach the victim; another thread wants it, too. */
    @Test
    void killedWaiting_thePermitIsToldToOthers() throws Exception {
        Scenario waiting =
                new Beside() {
                    @Override
                    public void before(Case scene) {
                        Objects objects = Objects.in(scene.join("r"));
                        assertThat(objects.permits.tryAcquire()).isTrue();
                    }

                    @Override
                    void play(Case scene, ChildJvm victim) throws Exception {
                        try (Region region = Region.open("r", scene.options())) {
                            SharedSemaphore permits = Objects.in(region).permits;
                            Await.until(
                                    "the victim waits or is dead",
                                    () -> !victim.isAlive() || permits.hasQueuedThreads());
                            Sleeper<Boolean> other = Sleeper.start(() -> take(permits));
                            permits.release();
                            assertThat(other.join()).isTrue();
                            permits.release(); // for the victim, which may have come too late
                        }
                    }

                    private boolean take(SharedSemaphore permits) throws InterruptedException {
                        while (true) { // until taken
                            WaitSet.any(permits);
                            if (permits.tryAcquire()) return true;
                        }
                    }

                    @Override
                    void look(Case scene) throws Exception {
                        ConditionKillPointsIT.requireNoLostCells(scene);
                        scene.requireSound("r");
                    }
                };
        KillPointRun.everyStep(Verbs.class, "await", waiting);
    }

    @Test
    void childIsKilled_whoWaitsForItIsTold_andForNothingElse() throws Exception {
        try (Region region = stage.open("r")) {
            Objects objects = Objects.in(region);
            assertThat(objects.permits.tryAcquire()).isTrue();
            Action sleep =
                    () -> {
                        while (true) LockSupport.park();
                    };
            ChildProcess<Void> child = ChildProcess.start(sleep);
            try {
                List<Waitable> all = List.of(objects.event, objects.latch, objects.permits, child);
                Sleeper<List<Waitable>> waiter = Sleeper.start(() -> WaitSet.any(all));
                assertThat(waiter.isDone()).isFalse();
                child.kill();
                List<Waitable> ready = waiter.join();
                assertThat(ready).singleElement().isSameAs(child);
            } finally {
                child.kill();
                child.join();
            }
            region.unlink();
        }
    }
}
