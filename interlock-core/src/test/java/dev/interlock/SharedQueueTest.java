package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.internal.region.OpenRegion;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one thread sees of a queue: messages of all kinds and sizes, leases, dead letters, closing. */
class SharedQueueTest {
    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private static final Duration OLD = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofHours(1); // no test lasts that long

    private Region region;

    @BeforeEach
    void open() {
        region = Region.open("queues", RegionOptions.defaults().directory(directory));
    }

    @AfterEach
    void close() {
        region.close();
    }

    private <E> SharedQueue<E> queue(int capacity) {
        return region.queue(QueueOptions.capacity(capacity));
    }

    record Point(int x, double y, boolean set) {}

    enum Color {
        RED
    }

    @Test
    void messagesOfAnyKind_comeOutAsTheyWentIn() throws Exception {
        SharedQueue<Object> queue = queue(20);
        List<Object> messages =
                List.of(
                        "text",
                        "",
                        "\ud83d\ude00 \u00e4",
                        "half \ud83d a pair",
                        1,
                        -1L,
                        Double.NaN,
                        'c',
                        true,
                        false,
                        Color.RED,
                        List.of(1, "two"),
                        new byte[] {1, 2});
        queue.putAll(messages);
        for (Object message : messages) assertThat(queue.take()).isEqualTo(message);
        assertThat(queue).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16, 24, 200}) // lengths of a slot
    void arraysOfAllLengths_comeOutAsTheyWentIn(int messageBytes) throws Exception {
        SharedQueue<byte[]> queue =
                region.queue(
                        QueueOptions.capacity(4).messageBytes(messageBytes), Codec.byteArrays());
        for (int length = 0; length <= 40; length++) {
            byte[] message = new byte[length];
            for (int i = 0; i < length; i++) message[i] = (byte) (0x81 + 11 * length + i);
            for (int i = 0; i < 3; i++) queue.put(message);
            assertThat(queue.take()).isEqualTo(message);
            assertThat(queue.poll()).isEqualTo(message);
            List<byte[]> drained = new ArrayList<>();
            queue.drainTo(drained);
            assertThat(drained).singleElement().isEqualTo(message);
        }
    }

    @Test
    void eachCodec_readsWhatItWrote() throws Exception {
        check(Codec.strings(), "a \ud83d b", "plain \u00e9", "");
        check(Codec.byteArrays(), new byte[0], new byte[1000]);
        check(Codec.ints(), Integer.MIN_VALUE, 7);
        check(Codec.longs(), Long.MAX_VALUE);
        check(Codec.doubles(), -0.0, Double.NaN);
        check(Codec.records(Point.class), new Point(1, 2.5, true));
        check(Codec.byteBuffers(), ByteBuffer.wrap(new byte[] {1, 2, 3}, 1, 2));
        check(Codec.byteBuffers(), ByteBuffer.allocateDirect(5));
    }

    @SafeVarargs
    private <E> void check(Codec<E> codec, E... messages) throws Exception {
        SharedQueue<E> queue = region.queue(QueueOptions.capacity(4), codec);
        for (E message : messages) queue.put(message);
        for (E message : messages) assertThat(queue.take()).isEqualTo(message);
    }

    @Test
    void theAgeOfTheFirstMessage_outlivesTheOneThatCameWithIt() throws Exception {
        SharedQueue<Integer> queue = region.queue(QueueOptions.capacity(3), Codec.ints());
        for (int i = 0; i < 1000; i++) { // so often that the time is looked up once for many
            queue.put(i);
            assertThat(queue.take()).isEqualTo(i);
        }
        queue.put(1);
        queue.put(2);
        Thread.sleep(OLD.toMillis());
        assertThat(queue.take()).isEqualTo(1);
        assertThat(queue.statistics().oldest()).isBetween(OLD.dividedBy(2), LONG);
        queue.put(3);
        queue.put(4); // in the place of the first
        assertThat(queue.statistics().oldest()).isBetween(OLD.dividedBy(2), LONG);
        try (Lease<Integer> lease = queue.takeLease()) {
            assertThat(lease.message()).isEqualTo(2);
            assertThat(queue.statistics().oldest()).isLessThan(LONG);
            lease.ack();
        }
    }

    @Test
    void messagesAsLongAsTheirPlace_putTogether_areWhole_whateverWasThere() throws Exception {
        SharedQueue<byte[]> queue =
                region.queue(QueueOptions.capacity(4).messageBytes(8), Codec.byteArrays());
        for (int before : new int[] {0, 3, 100_000}) {
            for (int i = 0; i < 4 && before > 0; i++) {
                queue.put(new byte[before]);
                assertThat(queue.take()).hasSize(before);
            }
            byte[] first = {1, 2, 3, 4, 5, 6, 7, 8};
            byte[] second = {8, 7, 6, 5, 4, 3, 2, 1};
            queue.putAll(List.of(first, second));
            queue.putAll(List.of(first));
            assertThat(queue.take()).isEqualTo(first);
            assertThat(queue.take()).isEqualTo(second);
            assertThat(queue.take()).isEqualTo(first);
        }
    }

    @Test
    void whoSleeps_isToldOfSmallOnes_beforeALargeOneWaitsForItsPlace() throws Exception {
        SharedQueue<byte[]> queue =
                region.queue(QueueOptions.capacity(4).messageBytes(8), Codec.byteArrays());
        var sizes = new java.util.concurrent.LinkedBlockingQueue<Integer>();
        Thread consumer =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                for (int i = 0; i < 5; i++) sizes.add(queue.take().length);
                            } catch (InterruptedException e) {
                                // the test has failed
                            }
                        });
        try {
            Watchdog.await("it waits", () -> isWaiting(consumer));
            byte[] small = new byte[4];
            queue.putAll(List.of(small, small, small, small, new byte[1000]));
            for (int size : new int[] {4, 4, 4, 4, 1000})
                assertThat(sizes.poll(1, java.util.concurrent.TimeUnit.MINUTES)).isEqualTo(size);
        } finally {
            consumer.interrupt();
            consumer.join();
        }
    }

    private static boolean isWaiting(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace())
            if (frame.getMethodName().equals("await")) return true;
        return false;
    }

    @Test
    void messagesOfAnySize_areWhole() throws Exception {
        SharedQueue<byte[]> queue = region.queue(QueueOptions.capacity(3), Codec.byteArrays());
        for (int size : new int[] {0, 1, 95, 96, 97, 4096, 4097, 100_000, 5_000_000, 17, 70_000}) {
            byte[] message = new byte[size];
            for (int i = 0; i < size; i++) message[i] = (byte) (i * 31 + size);
            queue.put(message);
            assertThat(queue.peek()).isEqualTo(message);
            assertThat(queue.take()).isEqualTo(message);
        }
    }

    @Test
    void largeMessages_shareTheirMemory() {
        SharedQueue<byte[]> queue =
                region.queue(QueueOptions.capacity(100).maxBytes(64 * 4096), Codec.byteArrays());
        for (int round = 0; round < 5; round++) {
            int put = 0;
            while (queue.offer(new byte[10 * 4096])) put++;
            assertThat(put).isEqualTo(6);
            assertThat(queue.offer(new byte[1])).isTrue();
            for (int i = 0; i < put; i++) assertThat(queue.poll()).hasSize(10 * 4096);
            assertThat(queue.poll()).hasSize(1);
        }
        assertThat(queue.offer(new byte[64 * 4096])).as("all of it").isTrue();
        assertThatThrownBy(() -> queue.offer(new byte[65 * 4096]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("266240 bytes is too large")
                .hasMessageContaining("maxBytes");
    }

    @Test
    void aMessageThatTheRegionHasNoRoomFor_isRefused_andTheQueueGoesOn() {
        try (Region small =
                Region.open(
                        "small", RegionOptions.defaults().directory(directory).maxBytes(2 << 20))) {
            SharedQueue<byte[]> queue = small.queue(QueueOptions.capacity(10), Codec.byteArrays());
            assertThatThrownBy(() -> queue.offer(new byte[3 << 20]))
                    .isInstanceOf(RegionFullException.class);
            assertThat(queue.offer(new byte[1 << 20])).isTrue();
            assertThat(queue.offer(new byte[1 << 20])).as("when the first is gone").isFalse();
            assertThat(queue.poll()).hasSize(1 << 20);
            assertThat(queue.offer(new byte[1 << 20])).isTrue();
            small.unlink();
        }
    }

    @Test
    void capacity_isExact_roundAfterRound() {
        for (int capacity : new int[] {1, 2, 3, 7, 64}) {
            SharedQueue<Integer> queue = queue(capacity);
            for (int round = 0; round < 3 * capacity + 2; round++) {
                for (int i = 0; i < capacity; i++) {
                    assertThat(queue.offer(i)).isTrue();
                    assertThat(queue.size()).isEqualTo(i + 1);
                    assertThat(queue.remainingCapacity()).isEqualTo(capacity - i - 1);
                }
                assertThat(queue.offer(-1)).isFalse();
                assertThat(queue.poll()).isZero();
                assertThat(queue.offer(capacity)).isTrue();
                for (int i = 1; i <= capacity; i++) assertThat(queue.poll()).isEqualTo(i);
                assertThat(queue.poll()).isNull();
            }
        }
    }

    @Test
    @SuppressWarnings("NullAway")
    void whatCannotBeSent_isToldToWhoPutsIt() {
        SharedQueue<Object> queue = queue(2);
        Object unserializable = new Object();
        assertThatThrownBy(() -> queue.put(unserializable))
                .isInstanceOf(MessageEncodingException.class)
                .hasMessageContaining("class java.lang.Object")
                .hasCauseInstanceOf(java.io.NotSerializableException.class);
        assertThatThrownBy(() -> queue.put(null)).isInstanceOf(NullPointerException.class);
        assertThat(queue).isEmpty();
        assertThat(queue.remainingCapacity()).isEqualTo(2);
    }

    /** Throws when it is read. */
    static final class Poison implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() {
            throw new IllegalStateException("poison");
        }
    }

    @Test
    void whatCannotBeRead_goesToTheDeadLetters_andTheQueueGoesOn() throws Exception {
        SharedQueue<Object> dead = queue(2);
        SharedQueue<Object> queue = region.queue(QueueOptions.capacity(4).deadLetters(dead));
        queue.put(new Poison());
        queue.put("next");
        assertThatThrownBy(queue::take)
                .isInstanceOf(MessageDecodingException.class)
                .hasMessageContaining("poison")
                .hasMessageContaining("dead letters");
        assertThat(queue.take()).isEqualTo("next");
        assertThat(dead).hasSize(1);
    }

    @Test
    void classesThatTheFilterRefuses_areNotRead() throws Exception {
        SharedQueue<Object> queue =
                region.queue(QueueOptions.capacity(4), Codec.objects("java.util.*;java.lang.*;!*"));
        queue.put(new ArrayList<>(List.of("a")));
        queue.put(new Poison());
        assertThat(queue.take()).isEqualTo(List.of("a"));
        assertThatThrownBy(queue::take)
                .isInstanceOf(MessageDecodingException.class)
                .hasMessageContaining("REJECTED");
        assertThatThrownBy(() -> Codec.objects("maxdepth=deep"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @SuppressWarnings("NullAway")
    void aLease_endsOnce_andKeepsItsPlaceUntilThen() throws Exception {
        SharedQueue<String> queue = queue(3);
        queue.putAll(List.of("a", "b"));
        Lease<String> lease = queue.takeLease();
        assertThat(lease.message()).isEqualTo("a");
        assertThat(lease.deliveries()).isEqualTo(1);
        assertThat(queue).containsExactly("b");
        assertThat(queue.remainingCapacity()).isEqualTo(1);
        lease.nack();
        assertThat(queue).containsExactly("a", "b");
        assertThatThrownBy(lease::ack).isInstanceOf(IllegalStateException.class);
        try (Lease<String> again = queue.takeLease()) {
            assertThat(again.message()).isEqualTo("a");
            assertThat(again.deliveries()).isEqualTo(2);
        }
        Lease<String> third = queue.takeLease();
        third.ack();
        third.close();
        assertThat(queue).containsExactly("b");
        assertThat(queue.pollLease(Duration.ZERO).message()).isEqualTo("b");
        assertThat(queue.pollLease(Duration.ZERO)).isNull();
    }

    @Test
    void aMessageThatIsDeliveredTooOften_goesToTheDeadLetters() throws Exception {
        SharedQueue<String> dead = queue(2);
        SharedQueue<String> queue =
                region.queue(QueueOptions.capacity(4).maxDeliveries(2).deadLetters(dead));
        queue.putAll(List.of("bad", "good"));
        queue.takeLease().nack();
        queue.takeLease().nack();
        assertThat(queue.take()).isEqualTo("good");
        assertThat(dead.take()).isEqualTo("bad");
        assertThat(queue.remainingCapacity()).isEqualTo(4);
    }

    @Test
    void messagesInTheWay_doNotHideThoseBehind() throws Exception {
        SharedQueue<Integer> queue = queue(4);
        queue.putAll(List.of(0, 1, 2, 3));
        Lease<Integer> first = queue.takeLease();
        Lease<Integer> second = queue.takeLease();
        assertThat(queue.take()).isEqualTo(2);
        first.nack();
        assertThat(queue.take()).isZero();
        assertThat(queue.take()).isEqualTo(3);
        queue.put(4);
        assertThat(queue.offer(5)).as("the place of 1 is taken").isFalse();
        second.ack();
        assertThat(queue.offer(5)).isTrue();
        assertThat(queue.take()).isEqualTo(4);
        assertThat(queue.take()).isEqualTo(5);
    }

    @Test
    void iterator_showsMessages_takesNone_andRemovesTheOneItShowed() {
        SharedQueue<String> queue = queue(5);
        queue.addAll(List.of("a", "b", "c"));
        Iterator<String> iterator = queue.iterator();
        assertThat(iterator.next()).isEqualTo("a");
        assertThat(queue.poll()).isEqualTo("a");
        iterator.remove();
        assertThat(iterator.next()).isEqualTo("b");
        assertThat(iterator.next()).isEqualTo("c");
        iterator.remove();
        assertThatThrownBy(iterator::remove).isInstanceOf(IllegalStateException.class);
        queue.add("d");
        assertThat(queue.toArray()).containsExactly("b", "d");
        assertThat(queue.remove("d")).isTrue();
        assertThat(queue.remove("d")).isFalse();
        assertThat(queue.remainingCapacity()).isEqualTo(4);
        assertThat(queue.poll()).isEqualTo("b");
        assertThat(queue.poll()).isNull();
    }

    @Test
    void arrays_areEqualIfTheirContentsAre() {
        SharedQueue<byte[]> queue = region.queue(QueueOptions.capacity(3), Codec.byteArrays());
        queue.add(new byte[] {1, 2});
        assertThat(queue.contains(new byte[] {1, 2})).isTrue();
        assertThat(queue.remove(new byte[] {1, 2})).isTrue();
    }

    @Test
    @SuppressWarnings("NullAway")
    void drainTo_takesSoMany_andNotIntoItself() {
        SharedQueue<Integer> queue = queue(10);
        queue.addAll(List.of(1, 2, 3, 4));
        List<Integer> drained = new ArrayList<>();
        assertThat(queue.drainTo(drained, 0)).isZero();
        assertThat(queue.drainTo(drained, 3)).isEqualTo(3);
        assertThat(queue.drainTo(drained)).isEqualTo(1);
        assertThat(drained).containsExactly(1, 2, 3, 4);
        assertThatThrownBy(() -> queue.drainTo(queue)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> queue.drainTo(null)).isInstanceOf(NullPointerException.class);
        queue.add(5);
        List<Integer> full = Arrays.asList(new Integer[0]);
        assertThatThrownBy(() -> queue.drainTo(full))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThat(queue).containsExactly(5);
    }

    @Test
    void drainTo_leavesWhatCannotBeAdded_inTheQueue() throws Exception {
        SharedQueue<String> queue = queue(8);
        queue.putAll(List.of("a", "b", "c", "d"));
        var full = new java.util.concurrent.ArrayBlockingQueue<String>(2);
        assertThatThrownBy(() -> queue.drainTo(full)).hasMessageContaining("full");
        assertThat(full).containsExactly("a", "b");
        assertThat(queue).containsExactly("c", "d");
        assertThat(queue.statistics().undone()).isEqualTo(4);
        assertThat(queue.take()).isEqualTo("c");
    }

    @Test
    void putAll_putsThoseBeforeTheOneThatCannotBeSent_roundAfterRound() throws Exception {
        SharedQueue<Object> queue = region.queue(QueueOptions.capacity(3).maxBytes(1 << 20));
        List<Object> messages = new ArrayList<>(List.of(1, "two", "x".repeat(10_000)));
        for (int round = 0; round < 5; round++) {
            queue.putAll(messages);
            assertThat(queue.size()).isEqualTo(3);
            List<Object> drained = new ArrayList<>();
            assertThat(queue.drainTo(drained)).isEqualTo(3);
            assertThat(drained).isEqualTo(messages);
            List<Object> bad = List.of(1, 2, new Object(), 3);
            assertThatThrownBy(() -> queue.putAll(bad))
                    .isInstanceOf(MessageEncodingException.class);
            assertThat(queue).containsExactly(1, 2);
            queue.clear();
        }
        assertThat(queue.remainingCapacity()).isEqualTo(3);
    }

    /** Fails while it writes, when its place was claimed with others. */
    static final class Fragile implements Codec<Integer> {
        private static final long serialVersionUID = 1L;

        @Override
        public long bytes(Integer message) {
            return 4;
        }

        @Override
        public void write(Integer message, MemorySegment to) {
            if (message < 0) throw new IllegalArgumentException("negative");
            to.set(ValueLayout.JAVA_INT, 0, message);
        }

        @Override
        public Integer read(MemorySegment from) {
            return from.get(ValueLayout.JAVA_INT, 0);
        }
    }

    @Test
    void putAll_ofWhatCannotBeWritten_leavesNoHole() throws Exception {
        SharedQueue<Integer> queue = region.queue(QueueOptions.capacity(11), new Fragile());
        for (int round = 0; round < 20; round++) { // a place that was given up comes in turn again
            assertThatThrownBy(() -> queue.putAll(List.of(1, 2, -3, 4)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> queue.putAll(List.of(-1, 2)))
                    .isInstanceOf(IllegalArgumentException.class);
            queue.putAll(List.of(3, 4, 5));
            assertThat(queue).containsExactly(1, 2, 3, 4, 5);
            for (int i = 1; i <= 5; i++) assertThat(queue.take()).isEqualTo(i);
            assertThat(queue.remainingCapacity()).isEqualTo(11);
        }
    }

    @Test
    void join_waitsForWhatWasTakenAndNotReported() throws Exception {
        SharedQueue<Integer> queue = queue(10);
        queue.join();
        queue.putAll(List.of(1, 2, 3));
        queue.take();
        assertThatThrownBy(() -> queue.join(Duration.ofMillis(1)))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("3 messages");
        queue.taskDone();
        Lease<Integer> lease = queue.takeLease();
        queue.take();
        queue.taskDone();
        assertThat(queue.statistics().undone()).isEqualTo(1);
        lease.ack();
        queue.join(Duration.ZERO);
        assertThatThrownBy(queue::taskDone)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("taskDone once for each");
    }

    @Test
    void aClosedQueue_givesWhatIsInIt_andThenTheEnd() throws Exception {
        SharedQueue<Integer> queue = queue(4);
        queue.putAll(List.of(1, 2));
        queue.close();
        queue.close();
        assertThat(queue.isClosed()).isTrue();
        assertThatThrownBy(() -> queue.put(3)).isInstanceOf(QueueClosedException.class);
        assertThatThrownBy(() -> queue.offer(3)).isInstanceOf(QueueClosedException.class);
        assertThat(queue.take()).isEqualTo(1);
        Lease<Integer> lease = queue.takeLease();
        assertThat(queue.poll(Duration.ofMillis(1))).as("it may be given back").isNull();
        lease.nack();
        assertThat(queue.take()).isEqualTo(2);
        assertThatThrownBy(queue::take)
                .isInstanceOf(QueueClosedException.class)
                .hasMessageContaining("Nothing is left");
        assertThatThrownBy(() -> queue.poll(Duration.ZERO))
                .isInstanceOf(QueueClosedException.class);
        assertThat(queue.poll()).isNull();
        assertThat(queue.peek()).isNull();
    }

    @Test
    void peek_whileAnotherTakes_showsAWholeMessage_orNone() throws Exception {
        SharedQueue<Long> queue =
                region.queue(QueueOptions.capacity(4).messageBytes(8), Codec.longs());
        var enough = new AtomicBoolean();
        Thread other =
                Thread.ofPlatform()
                        .start(() -> {
                            while (!enough.get()) {
                                queue.offer(-1L);
                                queue.poll();
                            }
                        });

        try {
            for (int seen = 0; seen < 100_000; ) {
                Long message = queue.peek();
                if (message == null) continue;
                assertThat(message).isEqualTo(-1);
                seen++;
            }
        } finally {
            enough.set(true);
            other.join();
        }
        assertThat(queue.peek()).isNull();
    }

    @Test
    void writersAndReaders_reachTheMemoryItself() {
        SharedQueue<byte[]> queue = region.queue(QueueOptions.capacity(2), Codec.byteArrays());
        assertThat(queue.offer(16, to -> to.set(ValueLayout.JAVA_LONG, 8, 42))).isTrue();
        assertThatThrownBy(() ->
                        queue.offer(
                                16,
                                _ -> {
                                    throw new IllegalStateException("no");
                                }))
                .hasMessage("no");
        assertThat(queue).hasSize(1);
        assertThatThrownBy(() ->
                        queue.poll((MemorySegment _) -> {
                            throw new IllegalStateException("not yet");
                        }))
                .hasMessage("not yet");
        long[] read = new long[1];
        assertThat(queue.poll((MemorySegment from) -> read[0] = from.get(ValueLayout.JAVA_LONG, 8)))
                .isTrue();
        assertThat(read[0]).isEqualTo(42);
        assertThat(queue.poll((MemorySegment _) -> {})).isFalse();
        assertThat(queue.remainingCapacity()).isEqualTo(2);
    }

    @Test
    void otherOptionsOrAnotherCodec_areAnotherQueue() {
        region.queue("q", QueueOptions.capacity(3));
        assertThatThrownBy(() -> region.queue("q", QueueOptions.capacity(4)))
                .isInstanceOf(ObjectMismatchException.class)
                .hasMessageContaining("of 3 messages");
        assertThatThrownBy(() -> region.queue("q", QueueOptions.capacity(3).dropping()))
                .isInstanceOf(ObjectMismatchException.class);
        assertThatThrownBy(() -> region.queue("q", QueueOptions.capacity(3), Codec.longs()))
                .isInstanceOf(ObjectMismatchException.class);
        for (int capacity : new int[] {0, -1, 1 << 25})
            assertThatThrownBy(() -> QueueOptions.capacity(capacity))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("capacity " + capacity);
    }

    @Test
    void handles_travel_withCodecAndDeadLetters() throws Exception {
        SharedQueue<Point> dead =
                region.queue(QueueOptions.capacity(2), Codec.records(Point.class));
        SharedQueue<Point> queue =
                region.queue(
                        "points",
                        QueueOptions.capacity(2).maxDeliveries(1).deadLetters(dead),
                        Codec.records(Point.class));
        queue.put(new Point(1, 2, false));
        SharedQueue<Point> arrived = copy(queue);
        assertThat(arrived).isEqualTo(queue).isNotSameAs(queue);
        arrived.takeLease().nack();
        assertThat(arrived.poll()).isNull();
        assertThat(dead.take()).isEqualTo(new Point(1, 2, false));
        SharedQueue<Object> carrier = queue(2);
        carrier.put(queue);
        assertThat(carrier.take()).isEqualTo(queue);
    }

    @SuppressWarnings({"unchecked", "BanSerializableRead", "TypeParameterUnusedInFormals"})
    private static <T> T copy(Object object) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(object);
        return (T)
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
    }

    @Test
    void aQueue_isSeenFromOutside() throws Exception {
        SharedQueue<String> queue = region.queue("jobs", QueueOptions.capacity(5));
        queue.putAll(List.of("a", "b"));
        Lease<String> lease = queue.takeLease();
        assertThat(queue).hasToString("SharedQueue 'jobs' in region 'queues', 1 of 5 messages");
        QueueStatistics statistics = queue.statistics();
        assertThat(statistics.messages()).isEqualTo(1);
        assertThat(statistics.leased()).isEqualTo(1);
        assertThat(statistics.undone()).isEqualTo(2);
        assertThat(statistics.put()).isEqualTo(2);
        assertThat(statistics.taken()).isZero();
        assertThat(statistics.processes())
                .singleElement()
                .matches(user -> user.process().pid() == ProcessHandle.current().pid())
                .matches(user -> user.reading() == 1 && user.writing() == 0 && user.taken() == 0);
        assertThat(region.objects())
                .filteredOn(info -> info.name().equals("jobs"))
                .singleElement()
                .matches(info -> info.state().equals("1 of 5"));
        lease.ack();
    }

    @Test
    void rates_areThoseBetweenTwoLooks() throws Exception {
        SharedQueue<String> queue = region.queue(QueueOptions.capacity(5));
        QueueStatistics before = queue.statistics();
        for (int i = 0; i < 20; i++) {
            queue.put("a");
            queue.take();
        }
        queue.putAll(List.of("a", "b", "c"));
        Thread.sleep(10);
        QueueStatistics after = queue.statistics();
        double seconds = (after.atNanos() - before.atNanos()) / 1e9;
        assertThat(after.put()).isEqualTo(23);
        assertThat(after.taken()).isEqualTo(20);
        assertThat(after.putRate(before) * seconds).isBetween(22.9, 23.1);
        assertThat(after.takeRate(before) * seconds).isBetween(19.9, 20.1);
        assertThat(before.putRate(before)).isZero();
        assertThat(after.oldest()).isPositive();
        assertThat(after.processes()).singleElement().matches(user -> user.taken() == 20);
    }

    @Test
    void handlesOfOneProcess_oweTogether() throws Exception {
        SharedQueue<String> queue = region.queue("owed", QueueOptions.capacity(5));
        queue.putAll(List.of("a", "b", "c"));
        queue.take();
        try (Region again =
                Region.open(region.name(), RegionOptions.defaults().directory(directory))) {
            SharedQueue<String> other = again.queue("owed", QueueOptions.capacity(5));
            other.take();
            region.<String>queue("owed", QueueOptions.capacity(5)).take();
            assertThat(other.statistics().undone()).isEqualTo(3);
        }
        for (int left = 2; left >= 0; left--) {
            queue.taskDone();
            assertThat(queue.statistics().undone()).isEqualTo(left);
        }
    }

    /* Who never reports anything done may take more messages than an int counts. */
    @Test
    void moreThanTwoBillionMessages_canBeUndone() throws Exception {
        SharedQueue<String> queue = region.queue(QueueOptions.capacity(5));
        queue.put("a");
        queue.take();
        OpenRegion open = queue.handle.region();
        long owed = ownDebt(open, queue);
        open.mapping().getAndAdd(owed, Integer.MAX_VALUE);
        queue.put("b");
        queue.take();
        assertThat(queue.statistics().undone()).isEqualTo(Integer.MAX_VALUE + 2L);
        queue.taskDone();
        assertThat(queue.statistics().undone()).isEqualTo(Integer.MAX_VALUE + 1L);
    }

    /* Behind it lies the only word that is 1 but for its generation: this thread took one. */
    private static long ownDebt(OpenRegion open, SharedQueue<?> queue) {
        long word = queue.handle.payload() + 2944;
        while ((int) open.mapping().get(word + 8) != 1) word += 16;
        return word;
    }

    @Test
    void copies_areAlignedAsMessagesAre() throws Exception {
        SharedQueue<Integer> queue = region.queue(QueueOptions.capacity(5), new Fragile());
        queue.put(7);
        assertThat(queue.peek()).isEqualTo(7);
        assertThat(queue).containsExactly(7);
    }

    @Test
    void whenTheRegionIsClosed_messagesInLeases_canBeTakenByOthers() throws Exception {
        SharedQueue<String> queue = region.queue("q", QueueOptions.capacity(5));
        queue.putAll(List.of("a", "b"));
        Lease<String> lease = queue.takeLease();
        region.close();
        assertThatThrownBy(queue::poll).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(lease::ack).isInstanceOf(IllegalStateException.class);
        open();
        SharedQueue<String> again = region.queue("q", QueueOptions.capacity(5));
        assertThat(again).containsExactly("a", "b");
        assertThat(again.takeLease().deliveries()).isEqualTo(2);
    }
}
