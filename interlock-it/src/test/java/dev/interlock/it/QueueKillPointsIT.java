package dev.interlock.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Codec;
import dev.interlock.Lease;
import dev.interlock.QueueClosedException;
import dev.interlock.QueueOptions;
import dev.interlock.Region;
import dev.interlock.SharedQueue;
import dev.interlock.internal.region.RawRegion;
import dev.interlock.it.KillPointRun.Case;
import dev.interlock.it.KillPointRun.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A process is killed before every single step of putting and taking messages, of acknowledging, giving back, closing, and of waking
 * up for a message: messages are whole, in order, not lost, and nobody waits for the dead.
 */
class QueueKillPointsIT {
    static final int CAPACITY = 2;
    private static final int LARGE = 10_000;
    private static final int MESSAGE_BYTES = 96;

    /** As long as its place, so it is put in fewer steps by who has put the message before it. */
    private static final String WHOLE =
            "w".repeat(MESSAGE_BYTES - (int) Codec.strings().bytes("w") + 1);

    private static QueueOptions options(boolean dropping) {
        QueueOptions options =
                QueueOptions.capacity(CAPACITY).messageBytes(MESSAGE_BYTES).maxBytes(1 << 20);
        return dropping ? options.dropping() : options;
    }

    static SharedQueue<String> queue(Region region, boolean dropping) {
        return region.queue("q", options(dropping), Codec.strings());
    }

    static final class Verbs {
        private static void run(Child me, Operation operation) throws Exception {
            SharedQueue<String> queue = queue(me.open("r"), me.number(1) != 0);
            me.armHere();
            operation.run(queue);
            me.completed();
            Runtime.getRuntime().halt(0);
        }

        private interface Operation {
            void run(SharedQueue<String> queue) throws Exception;
        }

        static void put(Child me) throws Exception {
            run(me, queue -> queue.put("victim's"));
        }

        static void putAsUsual(Child me) throws Exception {
            SharedQueue<String> queue = queue(me.open("r"), false);
            queue.put("first");
            me.armHere();
            queue.put(WHOLE);
            me.completed();
            Runtime.getRuntime().halt(0);
        }

        static void putLarge(Child me) throws Exception {
            run(me, queue -> queue.put("v".repeat(LARGE)));
        }

        static void take(Child me) throws Exception {
            run(me, SharedQueue::take);
        }

        static void acknowledge(Child me) throws Exception {
            run(me, queue -> queue.takeLease().ack());
        }

        static void giveBack(Child me) throws Exception {
            run(me, queue -> queue.takeLease().nack());
        }

        static void end(Child me) throws Exception {
            run(me, SharedQueue::close);
        }

        static void takeWhenThere(Child me) throws Exception {
            SharedQueue<String> queue = queue(me.open("r"), me.number(1) != 0);
            me.armHere();
            queue.take();
            me.completed();
            Runtime.getRuntime().halt(0);
        }
    }

    /** A thread of this process that takes all there is, until the end. */
    static final class Consumer {
        private final SharedQueue<String> queue;
        private final LinkedBlockingQueue<String> taken = new LinkedBlockingQueue<>();
        private final Thread thread;

        Consumer(SharedQueue<String> queue) {
            this.queue = queue;
            this.thread = Thread.ofPlatform().daemon().name("consumer").start(this::work);
        }

        private void work() {
            try {
                while (true) taken.add(queue.take()); // until the end
            } catch (QueueClosedException end) {
                // as it is to be
            } catch (InterruptedException | IllegalStateException e) {
                taken.add(e.toString());
            }
        }

        /** All that it took, when the queue is closed. */
        List<String> join() throws Exception {
            Await.until("the consumer sees the end", () -> !thread.isAlive());
            thread.join();
            return new ArrayList<>(taken);
        }
    }

    abstract static class Playing implements Scenario {
        final boolean dropping;
        private final Map<Case, SharedQueue<String>> queues = new ConcurrentHashMap<>();
        final Map<Case, Consumer> consumers = new ConcurrentHashMap<>();

        Playing(boolean dropping) {
            this.dropping = dropping;
        }

        SharedQueue<String> queue(Case scene) {
            return requireNonNull(queues.get(scene));
        }

        @Override
        public void before(Case scene) throws Exception {
            queues.put(scene, QueueKillPointsIT.queue(scene.join("r"), dropping));
        }

        void startConsumer(Case scene) {
            consumers.put(scene, new Consumer(queue(scene)));
        }

        List<String> consumed(Case scene) throws Exception {
            queue(scene).close();
            return requireNonNull(consumers.get(scene)).join();
        }

        /** Returns when nothing is in the hands of the dead any more. */
        void awaitSweep(Case scene) throws Exception {
            try (RawRegion raw = new RawRegion(scene.file("r"))) {
                Await.until("the dead are swept for", () -> raw.slots().size() == 1);
            }
        }

        /** Takes all there is. */
        List<String> rest(Case scene) {
            List<String> rest = new ArrayList<>();
            queue(scene).drainTo(rest);
            assertThat(queue(scene).remainingCapacity()).isEqualTo(CAPACITY);
            return rest;
        }

        /** All places can be used, round after round, and nobody owes anything. */
        void requireUsable(Case scene) throws Exception {
            SharedQueue<String> queue = queue(scene);
            Await.until("the dead owe nothing", () -> queue.statistics().processes().size() <= 1);
            long before = queue.statistics().undone();
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < CAPACITY; i++) assertThat(queue.offer("" + i)).isTrue();
                assertThat(queue.offer("too many")).isFalse();
                for (int i = 0; i < CAPACITY; i++) assertThat(queue.poll()).isEqualTo("" + i);
            }
            assertThat(queue.statistics().undone()).isEqualTo(before + 3 * CAPACITY);
            while (queue.statistics().undone() > 0) queue.taskDone();
            queue.join();
        }

        void end(Case scene) throws Exception {
            scene.requireSound("r");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"put", "putAsUsual", "putLarge"})
    void killedPutting_theMessageIsThereWholeOrNotAtAll(String verb) throws Exception {
        String message =
                switch (verb) {
                    case "put" -> "victim's";
                    case "putAsUsual" -> WHOLE;
                    default -> "v".repeat(LARGE);
                };
        boolean isSecond = verb.equals("putAsUsual");
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
                        List<String> taken = new ArrayList<>(consumed(scene));
                        if (isSecond) assertThat(taken.removeFirst()).isEqualTo("first");
                        assertThat(taken)
                                .isIn(List.of(message, "survivor's"), List.of("survivor's"));
                        if (!scene.killed) assertThat(taken).hasSize(2);
                        Await.until(
                                "places come back",
                                () -> queue(scene).remainingCapacity() == CAPACITY);
                        end(scene);
                    }
                };
        List<Case> cases = KillPointRun.everyStep(Verbs.class, verb, putting, 0);
        assertThat(cases).anyMatch(scene -> scene.killed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"take", "acknowledge", "giveBack"})
    void killedTaking_theMessageIsDeliveredAgain_unlessItWasGone(String verb) throws Exception {
        List<List<String>> found = playTaking(verb, false);
        assertThat(found).contains(List.of("a", "b", "c"));
        if (!verb.equals("giveBack")) assertThat(found).contains(List.of("b", "c"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"take", "acknowledge", "giveBack"})
    void killedTaking_theMessageIsGone_ifTheQueueDrops(String verb) throws Exception {
        assertThat(playTaking(verb, true)).contains(List.of("a", "b", "c"), List.of("b", "c"));
    }

    /* What is left, each time. A third message waits for a place all the while. */
    private static List<List<String>> playTaking(String verb, boolean dropping) throws Exception {
        List<List<String>> found = new ArrayList<>();
        Scenario taking =
                new Playing(dropping) {
                    @Override
                    public void before(Case scene) throws Exception {
                        super.before(scene);
                        SharedQueue<String> queue = queue(scene);
                        queue.putAll(List.of("a", "b"));
                        // Waits until one of them is gone.
                        Thread putter =
                                Thread.ofPlatform()
                                        .daemon()
                                        .start(() -> {
                                            try {
                                                queue.put("c");
                                            } catch (InterruptedException e) {
                                                throw new IllegalStateException(e);
                                            }
                                        });
                        scene.keep(() -> {
                            Await.until("c is put", () -> !putter.isAlive());
                            putter.join();
                        });
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        awaitSweep(scene);
                        List<String> rest = new ArrayList<>();
                        SharedQueue<String> queue = queue(scene);
                        Await.until(
                                "all is taken of " + queue,
                                () -> {
                                    queue.drainTo(rest);
                                    return rest.contains("c")
                                            && queue.remainingCapacity() == CAPACITY;
                                });
                        assertThat(rest).isIn(List.of("a", "b", "c"), List.of("b", "c"));
                        synchronized (found) {
                            found.add(rest);
                        }
                        requireUsable(scene);
                        end(scene);
                    }
                };
        KillPointRun.everyStep(Verbs.class, verb, taking, dropping ? 1 : 0);
        return found;
    }

    @Test
    void killedWhenWokenForAMessage_whatItDidNotTakeIsOthers() throws Exception {
        Map<Case, CompletableFuture<String>> takers = new ConcurrentHashMap<>();
        Map<Case, Region> regions = new ConcurrentHashMap<>();
        Scenario waking =
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
                        startThread(() -> {
                            Await.until(
                                    "the victim waits or is dead",
                                    () ->
                                            !victim.isAlive()
                                                    || isAwaited(
                                                            requireNonNull(regions.get(scene))));
                            startThread(() -> taken.complete(queue.take()));
                            queue.put("first");
                            queue.put("second");
                        });
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        CompletableFuture<String> taken = requireNonNull(takers.get(scene));
                        Await.until("one is taken of " + queue(scene), taken::isDone);
                        awaitSweep(scene);
                        Await.until("both are put", () -> queue(scene).statistics().undone() > 0);
                        List<String> rest = rest(scene);
                        String other = taken.join().equals("first") ? "second" : "first";
                        assertThat(rest).isIn(List.of(), List.of(other));
                        if (!scene.killed) assertThat(rest).isEmpty();
                        requireUsable(scene);
                        end(scene);
                    }
                };
        KillPointRun.everyStep(Verbs.class, "takeWhenThere", waking, 0);
    }

    static boolean isAwaited(Region region) {
        return region.objects().stream().anyMatch(object -> !object.waiters().isEmpty());
    }

    interface Work {
        void run() throws Exception;
    }

    static void startThread(Work work) {
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    try {
                        work.run();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    @Test
    void killedClosing_whoWaitsSeesTheEnd_whenItIsClosed() throws Exception {
        Scenario closing =
                new Playing(false) {
                    @Override
                    public void before(Case scene) throws Exception {
                        super.before(scene);
                        startConsumer(scene);
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        if (!scene.killed) assertThat(queue(scene).isClosed()).isTrue();
                        if (queue(scene).isClosed()) {
                            Await.until(
                                    "the consumer sees the end",
                                    () -> !requireNonNull(consumers.get(scene)).thread.isAlive());
                        }
                        assertThat(consumed(scene)).isEmpty();
                        end(scene);
                    }
                };
        KillPointRun.everyStep(Verbs.class, "end", closing, 0);
    }

    @Test
    void killedWithALease_othersGetItsMessagesInOrder() throws Exception {
        Scenario leasing =
                new Playing(false) {
                    @Override
                    public void before(Case scene) throws Exception {
                        super.before(scene);
                        queue(scene).putAll(List.of("a", "b"));
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        awaitSweep(scene);
                        List<String> order = new ArrayList<>();
                        while (!order.contains("b")) {
                            Lease<String> lease = queue(scene).takeLease();
                            assertThat(lease.deliveries()).isLessThanOrEqualTo(2);
                            order.add(lease.message());
                            lease.ack();
                        }
                        assertThat(order).isIn(List.of("a", "b"), List.of("b"));
                        if (!scene.killed) assertThat(order).containsExactly("b");
                        assertThat(rest(scene)).isEmpty();
                        requireUsable(scene);
                        end(scene);
                    }
                };
        KillPointRun.everyStep(Verbs.class, "acknowledge", leasing, 0);
    }
}
