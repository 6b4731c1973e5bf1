package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a queue promises to threads and to processes that wait; after the cases of the JSR-166 TCK for BlockingQueue and
 * ArrayBlockingQueue and of Python's tests for Queue and JoinableQueue.
 */
@ExtendWith(Crew.Dismissal.class)
class SharedQueueContractTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private Region region;

    @BeforeEach
    void open() {
        region = Region.open("queues", RegionOptions.defaults().directory(directory));
    }

    @AfterEach
    void close() {
        region.close();
    }

    private SharedQueue<Integer> queue(int capacity) {
        return region.queue("q", QueueOptions.capacity(capacity));
    }

    private void awaitWaiting(int count) {
        Watchdog.await(
                count + " wait",
                () ->
                        region.objects().stream()
                                        .filter(info -> info.name().equals("q"))
                                        .mapToInt(info -> info.waiters().size())
                                        .sum()
                                == count);
    }

    @ParameterizedTest
    @EnumSource
    void take_waitsForAMessage(Crew.Place place) throws Exception {
        SharedQueue<Integer> queue = queue(2);
        try (Crew crew = new Crew(place)) {
            Crew.Promise<Integer> taken = crew.hire().start(() -> queue.take());
            awaitWaiting(1);
            assertThat(taken.isDone()).isFalse();
            queue.put(7);
            assertThat(taken.join()).isEqualTo(7);
        }
    }

    @ParameterizedTest
    @EnumSource
    void put_waitsForAPlace(Crew.Place place) throws Exception {
        SharedQueue<Integer> queue = queue(1);
        queue.put(1);
        try (Crew crew = new Crew(place)) {
            Crew.Promise<?> put = crew.hire().begin(() -> queue.put(2));
            awaitWaiting(1);
            assertThat(queue).containsExactly(1);
            assertThat(queue.take()).isEqualTo(1);
            put.join();
            assertThat(queue.take()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void put_ofALargeMessage_waitsForMemory(Crew.Place place) throws Exception {
        SharedQueue<byte[]> queue =
                region.queue("q", QueueOptions.capacity(10).maxBytes(1 << 20), Codec.byteArrays());
        queue.put(new byte[800_000]);
        try (Crew crew = new Crew(place)) {
            Crew.Promise<?> put = crew.hire().begin(() -> queue.put(new byte[900_000]));
            awaitWaiting(1);
            assertThat(queue.take()).hasSize(800_000);
            put.join();
            assertThat(queue.take()).hasSize(900_000);
        }
    }

    @ParameterizedTest
    @EnumSource
    void timedWaits_end(Crew.Place place) throws Exception {
        SharedQueue<Integer> queue = queue(1);
        try (Crew crew = new Crew(place)) {
            Crew.Actor actor = crew.hire();
            long begin = System.nanoTime();
            assertThat(actor.call(() -> queue.poll(20, TimeUnit.MILLISECONDS) == null)).isTrue();
            assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(20_000_000);
            queue.put(1);
            begin = System.nanoTime();
            assertThat(actor.call(() -> queue.offer(2, 20, TimeUnit.MILLISECONDS))).isFalse();
            assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(20_000_000);
            assertThat(actor.call(() -> queue.offer(2, Duration.ofSeconds(-1)))).isFalse();
            assertThat(actor.call(() -> queue.poll(Duration.ZERO))).isEqualTo(1);
            assertThat(actor.call(() -> queue.poll(Duration.ZERO))).isNull();
            awaitWaiting(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void timedWaits_seeWhatComes(Crew.Place place) throws Exception {
        SharedQueue<Integer> queue = queue(1);
        try (Crew crew = new Crew(place)) {
            Crew.Promise<Integer> taken =
                    crew.hire().start(() -> Objects.requireNonNull(queue.poll(LONG)));
            awaitWaiting(1);
            queue.put(1);
            assertThat(taken.join()).isEqualTo(1);
            queue.put(2);
            Crew.Promise<Boolean> put = crew.hire().start(() -> queue.offer(3, LONG));
            awaitWaiting(1);
            assertThat(queue.poll()).isEqualTo(2);
            assertThat(put.join()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void interrupts_endWaits_andTakeNothing(Crew.Place place) throws Exception {
        SharedQueue<Integer> queue = queue(1);
        try (Crew crew = new Crew(place)) {
            Crew.Actor taker = crew.hire();
            Crew.Promise<Integer> taken = taker.start(() -> queue.take());
            awaitWaiting(1);
            taker.interrupt();
            assertThatThrownBy(taken::join).isInstanceOf(InterruptedException.class);
            queue.put(1);
            Crew.Actor putter = crew.hire();
            Crew.Promise<?> put = putter.begin(() -> queue.put(2));
            awaitWaiting(1);
            putter.interrupt();
            assertThatThrownBy(put::join).isInstanceOf(InterruptedException.class);
            assertThat(queue).containsExactly(1);
            Crew.Promise<Boolean> before =
                    taker.start(() -> {
                        Thread.currentThread().interrupt();
                        try {
                            queue.take();
                            return false;
                        } catch (InterruptedException expected) {
                            return !Thread.currentThread().isInterrupted();
                        }
                    });
            assertThat(before.join()).isTrue();
            assertThat(queue).containsExactly(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWakeUpOfWhoIsInterrupted_goesToAnother(Crew.Place place) throws Exception {
        SharedQueue<Integer> queue = queue(4);
        try (Crew crew = new Crew(place)) {
            for (int round = 0; round < 30; round++) {
                Crew.Actor first = crew.hire();
                Crew.Promise<Integer> interrupted = first.start(() -> queue.take());
                Crew.Promise<Integer> other = crew.hire().start(() -> queue.take());
                awaitWaiting(2);
                queue.put(round);
                first.interrupt();
                int got = 0;
                try {
                    interrupted.join();
                    got++;
                } catch (InterruptedException expected) {
                    // then the other gets it
                }
                if (got == 1) queue.put(round);
                assertThat(other.join()).isEqualTo(round);
                assertThat(queue).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void close_tellsAllWhoWait(Crew.Place place) throws Exception {
        SharedQueue<Integer> queue = queue(1);
        try (Crew crew = new Crew(place)) {
            List<Crew.Promise<?>> waiting = new ArrayList<>();
            for (int i = 0; i < 3; i++) waiting.add(crew.hire().start(() -> queue.take()));
            awaitWaiting(3);
            queue.close();
            for (Crew.Promise<?> taken : waiting)
                assertThatThrownBy(taken::join).isInstanceOf(QueueClosedException.class);
        }
        SharedQueue<Integer> full = region.queue(QueueOptions.capacity(1));
        full.put(1);
        try (Crew crew = new Crew(place)) {
            Crew.Promise<?> put = crew.hire().begin(() -> full.put(2));
            full.close();
            assertThatThrownBy(put::join).isInstanceOf(QueueClosedException.class);
            assertThat(full.take()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoWaitsForTheEnd_seesItWhenTheLastLeaseIsAcknowledged(Crew.Place place) throws Exception {
        SharedQueue<Integer> queue = queue(2);
        queue.put(1);
        Lease<Integer> lease = queue.takeLease();
        queue.close();
        try (Crew crew = new Crew(place)) {
            Crew.Promise<?> first = crew.hire().start(() -> queue.take());
            Crew.Promise<?> second = crew.hire().start(() -> queue.take());
            awaitWaiting(2);
            lease.ack();
            assertThatThrownBy(first::join).isInstanceOf(QueueClosedException.class);
            assertThatThrownBy(second::join).isInstanceOf(QueueClosedException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void join_endsWithTheLastTask(Crew.Place place) throws Exception {
        SharedQueue<Integer> queue = queue(4);
        queue.putAll(List.of(1, 2));
        try (Crew crew = new Crew(place)) {
            Crew.Promise<?> joined = crew.hire().begin(() -> queue.join());
            Crew.Promise<?> alsoJoined = crew.hire().begin(() -> queue.join());
            awaitWaiting(2);
            Crew.Actor worker = crew.hire();
            worker.run(() -> {
                queue.take();
                queue.take();
                queue.taskDone();
            });
            assertThat(joined.isDone()).isFalse();
            worker.run(() -> queue.taskDone());
            joined.join();
            alsoJoined.join();
        }
    }

    @ParameterizedTest
    @EnumSource
    void join_endsToo_whenTheLastMessagesAreThrownAway(Crew.Place place) throws Exception {
        SharedQueue<Integer> queue = queue(4);
        queue.putAll(List.of(1, 2));
        try (Crew crew = new Crew(place)) {
            Crew.Promise<?> joined = crew.hire().begin(() -> queue.join());
            awaitWaiting(1);
            assertThat(queue.remove(2)).isTrue();
            assertThat(joined.isDone()).isFalse();
            queue.clear();
            joined.join();
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.INCLUDE, names = "PROCESSES")
    void theLeasesAndTasksOfADeadProcess_areOthers(Crew.Place place) throws Exception {
        SharedQueue<Integer> queue = queue(4);
        queue.putAll(List.of(1, 2));
        try (Crew crew = new Crew(place)) {
            Crew.Actor victim = crew.hire();
            victim.run(() -> {
                queue.take();
                queue.takeLease();
            });
            victim.killProcess();
            Lease<Integer> lease = queue.takeLease();
            assertThat(lease.message()).isEqualTo(2);
            assertThat(lease.deliveries()).isEqualTo(2);
            lease.ack();
            queue.join(LONG);
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachMessage_goesToOne_andThoseOfOneThread_inOrder(Crew.Place place) throws Exception {
        int each = 2_000;
        SharedQueue<Integer> queue = queue(8);
        try (Crew crew = new Crew(place)) {
            List<Crew.Promise<?>> producers = new ArrayList<>();
            for (int p = 0; p < 3; p++) {
                int first = p * each;
                producers.add(
                        crew.hire()
                                .begin(() -> {
                                    for (int i = 0; i < each; i++) queue.put(first + i);
                                }));
            }
            List<Crew.Promise<ArrayList<Integer>>> consumers = new ArrayList<>();
            for (int c = 0; c < 3; c++) consumers.add(crew.hire().start(() -> takeAll(queue)));
            for (Crew.Promise<?> producer : producers) producer.join();
            queue.close();
            Map<Integer, Integer> seen = new HashMap<>();
            for (Crew.Promise<ArrayList<Integer>> consumer : consumers) {
                int[] last = {-1, -1, -1};
                for (int message : consumer.join()) {
                    seen.merge(message, 1, Integer::sum);
                    int producer = message / each;
                    assertThat(message).isGreaterThan(last[producer]);
                    last[producer] = message;
                }
            }
            assertThat(seen).hasSize(3 * each);
            assertThat(seen.values()).containsOnly(1);
        }
    }

    @SuppressWarnings("NonApiType") // it is serialized
    private static ArrayList<Integer> takeAll(SharedQueue<Integer> queue)
            throws InterruptedException {
        ArrayList<Integer> taken = new ArrayList<>();
        try {
            while (true) taken.add(queue.take()); // until the end
        } catch (QueueClosedException end) {
            return taken;
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PROCESSES")
    void closingTheRegion_endsWaits(Crew.Place place) throws Exception {
        try (Crew crew = new Crew(place)) {
            Region other = Region.open("queues", RegionOptions.defaults().directory(directory));
            SharedQueue<Integer> elsewhere = other.queue("q", QueueOptions.capacity(1));
            SharedQueue<Integer> queue = queue(1);
            Crew.Promise<?> taken = crew.hire().start(() -> elsewhere.take());
            Crew.Promise<Integer> mine = crew.hire().start(() -> queue.take());
            awaitWaiting(2);
            other.close();
            assertThatThrownBy(taken::join).isInstanceOf(IllegalStateException.class);
            queue.put(1);
            assertThat(mine.join()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.INCLUDE, names = "VIRTUAL_THREADS")
    void aThousandVirtualThreads_waitAtOnce(Crew.Place place) throws Exception {
        int count = 1000;
        SharedQueue<Integer> queue = queue(16);
        try (Crew crew = new Crew(place)) {
            List<Crew.Promise<Integer>> taken = new ArrayList<>();
            for (int i = 0; i < count; i++) taken.add(crew.hire().start(() -> queue.take()));
            awaitWaiting(count);
            for (int i = 0; i < count; i++) queue.put(i);
            long sum = 0;
            for (Crew.Promise<Integer> one : taken) sum += one.join();
            assertThat(sum).isEqualTo((count - 1L) * count / 2);
        }
    }
}
