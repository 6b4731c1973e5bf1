package dev.interlock.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Codec;
import dev.interlock.QueueOptions;
import dev.interlock.Region;
import dev.interlock.SharedQueue;
import dev.interlock.WaitSet;
import dev.interlock.it.KillPointRun.Case;
import dev.interlock.it.KillPointRun.Scenario;
import dev.interlock.it.QueueKillPointsIT.Playing;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/**
 * A process is killed before every single step of putting several messages together, of draining several, of watching a queue in a
 * {@link WaitSet}, and of sweeping for one that died with messages in its hands: a run is in the queue whole or not at all, nothing
 * that was put is lost, and nobody waits for the dead.
 */
class QueueBatchKillPointsIT {
    static final class Verbs {
        static void putTogether(Child me) throws Exception {
            SharedQueue<String> queue = QueueKillPointsIT.queue(me.open("r"), false);
            me.armHere();
            queue.putAll(List.of("one", "two"));
            end(me);
        }

        static void drain(Child me) throws Exception {
            SharedQueue<String> queue = QueueKillPointsIT.queue(me.open("r"), false);
            me.armHere();
            queue.drainTo(new ArrayList<>());
            end(me);
        }

        static void watch(Child me) throws Exception {
            SharedQueue<String> queue = QueueKillPointsIT.queue(me.open("r"), false);
            me.armHere();
            WaitSet.any(queue);
            end(me);
        }

        /** Has one message in a lease, and is putting three together. */
        static void haveHandsFull(Child me) throws Exception {
            SharedQueue<String> queue = queue(me.open("r"));
            queue.put("a");
            queue.takeLease();
            Stopping.reached = () -> me.say("there");
            queue.putAll(List.of("x", "y", Stopping.STOP));
        }

        private static void end(Child me) {
            me.completed();
            Runtime.getRuntime().halt(0);
        }
    }

    /** Strings, of which one is never written to the end. */
    static final class Stopping implements Codec<String> {
        private static final long serialVersionUID = 1L;
        static final String STOP = "stop";
        static Runnable reached = () -> {}; // set before it is used

        @Override
        public long bytes(String message) {
            return Codec.strings().bytes(message);
        }

        @Override
        public void write(String message, MemorySegment to) {
            Codec.strings().write(message, to);
            while (message.equals(STOP)) { // for ever
                reached.run();
                java.util.concurrent.locks.LockSupport.park();
            }
        }

        @Override
        public String read(MemorySegment from) {
            return Codec.strings().read(from);
        }
    }

    private static SharedQueue<String> queue(Region region) {
        return region.queue("q", QueueOptions.capacity(4), new Stopping());
    }

    @Test
    void killedPuttingTwoTogether_bothAreThereOrNone() throws Exception {
        Scenario putting =
                new Playing(false) {
                    @Override
                    public void before(Case scene) throws Exception {
                        super.before(scene);
                        startConsumer(scene);
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        queue(scene).put("survivor's");
                        List<String> taken = consumed(scene);
                        scene.found = taken.size();
                        assertThat(taken)
                                .isIn(List.of("one", "two", "survivor's"), List.of("survivor's"));
                        Await.until(
                                "places come back",
                                () ->
                                        queue(scene).remainingCapacity()
                                                == QueueKillPointsIT.CAPACITY);
                        end(scene);
                    }
                };
        List<Case> cases = KillPointRun.everyStep(Verbs.class, "putTogether", putting, 0);
        assertThat(KillPointRun.found(cases)).matches("1+3+");
    }

    @Test
    void killedDrainingTwo_whatIsNotGoneIsDeliveredAgain() throws Exception {
        Scenario draining =
                new Playing(false) {
                    @Override
                    public void before(Case scene) throws Exception {
                        super.before(scene);
                        queue(scene).putAll(List.of("a", "b"));
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        awaitSweep(scene);
                        List<String> rest = rest(scene);
                        scene.found = rest.size();
                        assertThat(rest).isIn(List.of("a", "b"), List.of("b"), List.of());
                        requireUsable(scene);
                        end(scene);
                    }
                };
        List<Case> cases = KillPointRun.everyStep(Verbs.class, "drain", draining, 0);
        assertThat(KillPointRun.found(cases)).matches("2+1+");
    }

    /** The wake-up for the message may reach the victim, which would not take it. */
    @Test
    void killedWatching_whoTakesIsWoken() throws Exception {
        Map<Case, CompletableFuture<String>> takers = new ConcurrentHashMap<>();
        Map<Case, Region> regions = new ConcurrentHashMap<>();
        Scenario watching =
                new Playing(false) {
                    @Override
                    public void before(Case scene) throws Exception {
                        super.before(scene);
                        regions.put(scene, scene.join("r"));
                    }

                    @Override
                    public void during(Case scene, ChildJvm victim) {
                        SharedQueue<String> queue = queue(scene);
                        CompletableFuture<String> taken = new CompletableFuture<>();
                        takers.put(scene, taken);
                        Region region = requireNonNull(regions.get(scene));
                        QueueKillPointsIT.startThread(() -> {
                            Await.until(
                                    "the victim waits or is dead",
                                    () -> !victim.isAlive() || QueueKillPointsIT.isAwaited(region));
                            QueueKillPointsIT.startThread(() -> taken.complete(queue.take()));
                            queue.put("first");
                            taken.join();
                            queue.put("second"); // for the victim, which may have come too late
                        });
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        CompletableFuture<String> taken = requireNonNull(takers.get(scene));
                        Await.until("one is taken of " + queue(scene), taken::isDone);
                        awaitSweep(scene);
                        Await.until("the second is put", () -> queue(scene).size() == 1);
                        assertThat(rest(scene)).containsExactly("second");
                        requireUsable(scene);
                        end(scene);
                    }
                };
        KillPointRun.everyStep(Verbs.class, "watch", watching, 0);
    }

    @Test
    void joinerIsKilledSweeping_whatTheDeadHadIsGivenBackOnce() throws Exception {
        Scenario sweeping =
                new Scenario() {
                    @Override
                    public void before(Case scene) throws Exception {
                        ChildJvm dead = scene.start(Verbs.class, "haveHandsFull");
                        dead.expect("there");
                        dead.kill();
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        try (Region region = Region.open("r", scene.options())) {
                            SharedQueue<String> queue = queue(region);
                            assertThat(queue.statistics().processes()).isEmpty();
                            assertThat(queue).containsExactly("a");
                            assertThat(queue.remainingCapacity()).isEqualTo(3);
                            queue.clear();
                            for (int round = 0; round < 3; round++) {
                                List<String> all = List.of("1", "2", "3", "4");
                                queue.putAll(all);
                                List<String> drained = new ArrayList<>();
                                queue.drainTo(drained);
                                assertThat(drained).isEqualTo(all);
                            }
                        }
                        scene.requireSound("r");
                    }
                };
        KillPointRun.everyStep(LockKillPointsIT.Verbs.class, "joinerSweeps", sweeping);
    }
}
