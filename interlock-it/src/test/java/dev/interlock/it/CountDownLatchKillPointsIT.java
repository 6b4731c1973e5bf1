package dev.interlock.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Region;
import dev.interlock.SharedCountDownLatch;
import dev.interlock.it.KillPointRun.Case;
import dev.interlock.it.KillPointRun.Scenario;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/**
 * A process is killed before every single step of counting a latch down, and of waiting for it. What was counted stays counted, and
 * at zero nobody goes on waiting.
 */
class CountDownLatchKillPointsIT {
    private static final int COUNT = 3;

    private static SharedCountDownLatch latch(Region region) {
        return region.countDownLatch("l", COUNT);
    }

    static final class Verbs {
        /** To zero. */
        static void countDown(Child me) {
            SharedCountDownLatch latch = latch(me.open("r"));
            me.armHere();
            for (int i = 0; i < COUNT; i++) latch.countDown();
            end(me);
        }

        static void await(Child me) throws Exception {
            SharedCountDownLatch latch = latch(me.open("r"));
            if (latch.await(Duration.ofMillis(50))) // after that it has a cell
            throw new AssertionError("counted to zero");
            me.say("ready");
            me.armHere();
            latch.await();
            end(me);
        }

        private static void end(Child me) {
            me.completed();
            Runtime.getRuntime().halt(0);
        }
    }

    @Test
    void killedCounting_whatItCountedStays_andAtZeroAllGoOn() throws Exception {
        Map<Case, Sleeper<Void>> waiters = new ConcurrentHashMap<>();
        Scenario counting =
                new Scenario() {
                    @Override
                    public void before(Case scene) throws Exception {
                        SharedCountDownLatch latch = latch(scene.join("r"));
                        waiters.put(
                                scene,
                                Sleeper.start(() -> {
                                    latch.await();
                                    return null;
                                }));
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        Sleeper<Void> waiter = requireNonNull(waiters.remove(scene));
                        try (Region region = Region.open("r", scene.options())) {
                            SharedCountDownLatch latch = latch(region);
                            scene.found = latch.getCount();
                            for (long left = scene.found; left > 0; left--) {
                                assertThat(waiter.isDone()).as("goes on at " + left).isFalse();
                                latch.countDown();
                            }
                            waiter.join();
                            assertThat(latch.getCount()).isZero();
                        }
                        ConditionKillPointsIT.requireNoLostCells(scene);
                        scene.requireSound("r");
                    }
                };
        var cases = KillPointRun.everyStep(Verbs.class, "countDown", counting);
        assertThat(KillPointRun.found(cases)).matches("3210+");
    }

    @Test
    void killedWaiting_theOthersGoOn() throws Exception {
        Scenario waiting =
                new Beside() {
                    @Override
                    public void before(Case scene) {
                        latch(scene.join("r"));
                    }

                    @Override
                    void play(Case scene, ChildJvm victim) throws Exception {
                        try (Region region = Region.open("r", scene.options())) {
                            SharedCountDownLatch latch = latch(region);
                            Await.until(
                                    "the victim waits or is dead",
                                    () -> !victim.isAlive() || Sleeper.isAnyIn(region));
                            Sleeper<Boolean> other =
                                    Sleeper.start(() -> latch.await(Await.WATCHDOG));
                            for (int i = 0; i < COUNT; i++) latch.countDown();
                            assertThat(other.join()).isTrue();
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
}
