package dev.interlock.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Region;
import dev.interlock.SharedEvent;
import dev.interlock.it.KillPointRun.Case;
import dev.interlock.it.KillPointRun.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A process is killed before every single step of setting an event, of clearing it, and of waiting for it. The event is as before or
 * after, and who waits for what has happened does not go on waiting.
 */
class EventKillPointsIT {
    static final class Verbs {
        private static SharedEvent event(Child me) {
            return me.open("r").event("e");
        }

        private static void end(Child me) {
            me.completed();
            Runtime.getRuntime().halt(0);
        }

        static void set(Child me) {
            SharedEvent event = event(me);
            me.armHere();
            event.set();
            end(me);
        }

        static void clear(Child me) {
            SharedEvent event = event(me);
            me.armHere();
            event.clear();
            end(me);
        }

        static void setAndClear(Child me) {
            SharedEvent event = event(me);
            me.armHere();
            event.set();
            event.clear();
            end(me);
        }

        static void await(Child me) throws Exception {
            SharedEvent event = event(me);
            event.await(Duration.ofMillis(50)); // then it has a cell
            me.say("ready");
            me.armHere();
            event.await();
            end(me);
        }
    }

    private static int isSet(Case scene) {
        try (Region region = Region.open("r", scene.options())) {
            return region.event("e").isSet() ? 1 : 0;
        }
    }

    /** Threads of this process wait; if the victim did not set the event, the test does. */
    @ParameterizedTest
    @ValueSource(strings = {"set", "setAndClear"})
    void killedSetting_allWhoWaitGoOn(String verb) throws Exception {
        Map<Case, List<Sleeper<Void>>> waiters = new ConcurrentHashMap<>();
        Scenario setting =
                new Scenario() {
                    @Override
                    public void before(Case scene) throws Exception {
                        SharedEvent event = scene.join("r").event("e");
                        waiters.put(scene, List.of(waiter(event), waiter(event)));
                    }

                    private Sleeper<Void> waiter(SharedEvent event) throws Exception {
                        return Sleeper.start(() -> {
                            event.await();
                            return null;
                        });
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        scene.found = isSet(scene);
                        // Its first step is to set it; who waits then goes on, even if it is
                        // cleared.
                        if (scene.step == 1) set(scene);
                        for (Sleeper<Void> waiter : requireNonNull(waiters.remove(scene)))
                            waiter.join();
                        ConditionKillPointsIT.requireNoLostCells(scene);
                        scene.requireSound("r");
                    }

                    private void set(Case scene) {
                        assertThat(scene.found).isZero();
                        try (Region region = Region.open("r", scene.options())) {
                            region.event("e").set();
                        }
                    }
                };
        var cases = KillPointRun.everyStep(Verbs.class, verb, setting);
        assertThat(KillPointRun.found(cases)).matches(verb.equals("set") ? "01+" : "01+0*");
    }

    @Test
    void killedClearing_eventIsAsBeforeOrAfter() throws Exception {
        Scenario clearing =
                new Scenario() {
                    @Override
                    public void before(Case scene) {
                        try (Region region = Region.open("r", scene.options())) {
                            region.event("e").set();
                        }
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        scene.found = isSet(scene);
                        scene.requireSound("r");
                    }
                };
        var cases = KillPointRun.everyStep(Verbs.class, "clear", clearing);
        assertThat(KillPointRun.found(cases)).matches("1+0*");
    }

    @Test
    void killedWaiting_theOthersGoOn() throws Exception {
        Scenario waiting =
                new Beside() {
                    @Override
                    public void before(Case scene) {
                        scene.join("r").event("e");
                    }

                    @Override
                    void play(Case scene, ChildJvm victim) throws Exception {
                        try (Region region = Region.open("r", scene.options())) {
                            SharedEvent event = region.event("e");
                            Await.until(
                                    "the victim waits or is dead",
                                    () -> !victim.isAlive() || Sleeper.isAnyIn(region));
                            Sleeper<Boolean> other =
                                    Sleeper.start(() -> event.await(Await.WATCHDOG));
                            event.set();
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
