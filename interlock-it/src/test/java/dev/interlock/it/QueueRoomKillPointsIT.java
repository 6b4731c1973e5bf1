package dev.interlock.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Codec;
import dev.interlock.QueueOptions;
import dev.interlock.Region;
import dev.interlock.SharedQueue;
import dev.interlock.internal.region.RawRegion;
import dev.interlock.it.KillPointRun.Case;
import dev.interlock.it.KillPointRun.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * A process is killed before every step of taking several messages from a full queue that is large enough to tell producers how far
 * messages are gone: who puts more finds exactly the room there is, and no message is lost or overtaken.
 */
class QueueRoomKillPointsIT {
    private static final int CAPACITY = 64; // the least that tells
    private static final int TAKEN = 20; // so that it is told on the way
    private static final int MORE = 500; // through the full queue

    private static SharedQueue<Integer> queue(Region region) {
        return region.queue("q", QueueOptions.capacity(CAPACITY), Codec.ints());
    }

    static final class Verbs {
        static void take(Child me) throws Exception {
            SharedQueue<Integer> queue = queue(me.open("r"));
            me.armHere();
            queue.drainTo(new ArrayList<>(), TAKEN);
            me.completed();
            Runtime.getRuntime().halt(0);
        }
    }

    private static List<Integer> numbers(int first, int end) {
        return IntStream.range(first, end).boxed().toList();
    }

    @Test
    void killedTakingSome_othersFindTheRoomThereIs() throws Exception {
        Map<Case, SharedQueue<Integer>> queues = new ConcurrentHashMap<>();
        Scenario taking =
                new Scenario() {
                    @Override
                    public void before(Case scene) throws Exception {
                        SharedQueue<Integer> queue = queue(scene.join("r"));
                        queue.putAll(numbers(0, CAPACITY));
                        queues.put(scene, queue);
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        try (RawRegion raw = new RawRegion(scene.file("r"))) {
                            Await.until("the dead are swept for", () -> raw.slots().size() == 1);
                        }
                        SharedQueue<Integer> queue = requireNonNull(queues.remove(scene));
                        int gone = CAPACITY - queue.size();
                        assertThat(gone).isBetween(0, TAKEN);
                        int next = CAPACITY;
                        while (queue.offer(next)) next++;
                        assertThat(next).as("room").isEqualTo(CAPACITY + gone);
                        List<Integer> rest = passMoreThrough(queue, next);
                        assertThat(rest).isEqualTo(numbers(gone, next + MORE));
                        scene.found = gone == 0 ? 0 : 1;
                        scene.requireSound("r");
                    }
                };
        List<Case> cases = KillPointRun.everyStep(Verbs.class, "take", taking);
        assertThat(KillPointRun.found(cases)).matches("0+1+");
    }

    /* One thread waits for room while this one takes all. */
    private static List<Integer> passMoreThrough(SharedQueue<Integer> queue, int first)
            throws Exception {
        FutureTask<Void> putting =
                new FutureTask<>(() -> {
                    for (int i = first; i < first + MORE; i++) queue.put(i);
                    return null;
                });
        Thread.ofPlatform().daemon().name("putter").start(putting);
        List<Integer> taken = new ArrayList<>();
        while (!putting.isDone() || !queue.isEmpty()) queue.drainTo(taken);
        putting.get();
        return taken;
    }
}
