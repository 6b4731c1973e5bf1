package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Messages that are written and read where they lie. */
@Timeout(60)
class SharedQueueInPlaceTest {
    private static final int CAPACITY =
            64; // enough for who finishes messages to say how far all are gone

    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private Region open() {
        return Region.open("in-place", RegionOptions.defaults().directory(directory));
    }

    private static SharedQueue<byte[]> queue(Region region, int messageBytes) {
        return region.queue(
                "queue",
                QueueOptions.capacity(CAPACITY).messageBytes(messageBytes),
                Codec.byteArrays());
    }

    private static boolean offer(SharedQueue<?> queue, long number) {
        return queue.offer(8, to -> to.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, number));
    }

    private static long number(MemorySegment from) {
        return from.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
    }

    @Test
    void manyAreReadInOneCall_inTheirOrder_andNoMoreThanAsked() throws Exception {
        try (Region region = open()) {
            SharedQueue<byte[]> queue = queue(region, 8);
            List<Long> read = new ArrayList<>();
            for (long i = 0; i < 50; i++) assertThat(offer(queue, i)).isTrue();

            assertThat(queue.poll(from -> read.add(number(from)), 0)).isZero();
            assertThat(queue.poll(from -> read.add(number(from)), -1)).isZero();
            assertThat(queue.poll(from -> read.add(number(from)), 40)).isEqualTo(40);
            assertThat(queue.poll(from -> read.add(number(from)), 40)).isEqualTo(10);
            assertThat(queue.poll(from -> read.add(number(from)), 40)).isZero();

            for (int i = 0; i < 50; i++) assertThat(read.get(i)).isEqualTo(i);
            for (int i = 0; i < 50; i++) queue.taskDone(); // each is owed, and no more
            assertThatThrownBy(queue::taskDone).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aLargeQueue_roundByRound_oneByOneAndManyAtOnce() {
        int capacity = 10_000; // more than there are slices kept for
        try (Region region = open()) {
            SharedQueue<byte[]> queue =
                    region.queue(
                            "large",
                            QueueOptions.capacity(capacity).messageBytes(8),
                            Codec.byteArrays());
            List<Long> read = new ArrayList<>();
            long put = 0;
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < capacity - round; i++) assertThat(offer(queue, put++)).isTrue();
                for (int i = 0; i < capacity / 2; i++)
                    assertThat(queue.poll(from -> read.add(number(from)))).isTrue();
                queue.poll(from -> read.add(number(from)), capacity);
            }
            assertThat(read).hasSize((int) put);
            for (int i = 0; i < put; i++) assertThat(read.get(i)).isEqualTo(i);
        }
    }

    @Test
    void aFullQueue_hasRoomForAsManyAsWereRead_atOnce() {
        try (Region region = open()) {
            SharedQueue<byte[]> queue = queue(region, 8);
            for (long i = 0; i < CAPACITY; i++) assertThat(offer(queue, i)).isTrue();

            for (int round = 0; round < 3 * CAPACITY; round++) {
                assertThat(offer(queue, 0)).isFalse();
                int some = 1 + round % 11;
                assertThat(queue.poll(_ -> {}, some)).isEqualTo(some);
                for (int i = 0; i < some; i++) assertThat(offer(queue, i)).isTrue();
            }
            assertThat(offer(queue, 0)).isFalse();
        }
    }

    @Test
    void whatAReaderThrowsAt_comesAgain_andThoseBeforeItDoNot() {
        try (Region region = open()) {
            SharedQueue<byte[]> queue = queue(region, 8);
            for (long i = 0; i < 5; i++) offer(queue, i);

            assertThatThrownBy(() ->
                            queue.poll(
                                    from -> {
                                        if (number(from) == 2)
                                            throw new UnsupportedOperationException();
                                    },
                                    5))
                    .isInstanceOf(UnsupportedOperationException.class);

            List<Long> read = new ArrayList<>();
            assertThat(queue.size()).isEqualTo(3);
            queue.poll(from -> read.add(number(from)), 5);
            assertThat(read).containsExactly(2L, 3L, 4L);
        }
    }

    @Test
    void messagesOfAllLengths_shareASlotSize() throws Exception {
        try (Region region = open()) {
            SharedQueue<byte[]> queue = queue(region, 200);
            for (int round = 0; round < 5; round++) {
                for (int length = 0; length < CAPACITY; length++)
                    queue.put(bytes(length * 4, length));
                List<byte[]> read = new ArrayList<>();
                queue.poll(from -> read.add(from.toArray(ValueLayout.JAVA_BYTE)), CAPACITY);
                for (int length = 0; length < CAPACITY; length++)
                    assertThat(read.get(length)).isEqualTo(bytes(length * 4, length));
            }
        }
    }

    private static byte[] bytes(int length, int value) {
        byte[] bytes = new byte[length];
        java.util.Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    /* Lap after lap: who puts believes what it knows of free slots, and must not believe that of the leased one. */
    @Test
    void aMessageInALease_isNeverWrittenOver_howeverManyPass() throws Exception {
        try (Region region = open()) {
            SharedQueue<byte[]> queue = queue(region, 8);
            for (long put = 0, taken = 0; put < 1000; ) {
                offer(queue, put++);
                Lease<byte[]> lease = queue.takeLease();
                taken++;
                while (offer(queue, put)) put++; // up to the slot before the leased one
                assertThat(queue.size()).isEqualTo(CAPACITY - 1);
                long[] next = {taken};
                assertThat(queue.poll(from -> assertThat(number(from)).isEqualTo(next[0]++), 100))
                        .isEqualTo(CAPACITY - 1);
                taken = next[0];
                assertThat(offer(queue, put)).isFalse();
                lease.ack();
            }
        }
    }

    @Test
    void manyWhoPutAndWhoTake_eachInItsWay_haveEachMessageOnce() throws Exception {
        int each = 40_000;
        int puts = 2;
        try (Region region = open()) {
            SharedQueue<byte[]> queue =
                    region.queue(
                            QueueOptions.capacity(100).messageBytes(8), // laps are no powers of two
                            Codec.byteArrays());
            var taken = new AtomicIntegerArray(puts * each);
            List<Taking> ways =
                    List.of(
                            () -> queue.poll(from -> taken.incrementAndGet((int) number(from)), 50),
                            () -> queue.poll(from -> taken.incrementAndGet((int) number(from)), 3),
                            () -> note(queue.poll(), taken),
                            () -> {
                                List<byte[]> some = new ArrayList<>();
                                queue.drainTo(some, 40);
                                some.forEach(message -> note(message, taken));
                            },
                            () -> {
                                Lease<byte[]> lease = queue.pollLease(Duration.ZERO);
                                if (lease == null) return;
                                note(lease.message(), taken);
                                lease.ack();
                            });
            try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
                var left = new AtomicInteger(puts);
                List<Future<?>> all = new ArrayList<>();
                for (int i = 0; i < puts; i++) {
                    int first = i * each;
                    all.add(
                            threads.submit(() -> {
                                for (int k = 0; k < each; k++)
                                    while (!offer(queue, first + k)) Thread.onSpinWait();
                                left.decrementAndGet();
                            }));
                }
                for (Taking way : ways)
                    all.add(
                            threads.submit(() -> {
                                while (left.get() > 0 || !queue.isEmpty()) way.some();
                                return null;
                            }));
                for (Future<?> one : all) one.get();
            }
            for (int i = 0; i < taken.length(); i++)
                assertThat(taken.get(i)).as("message %d", i).isEqualTo(1);
        }
    }

    private interface Taking {
        void some() throws Exception;
    }

    private static void note(byte @Nullable [] message, AtomicIntegerArray taken) {
        if (message != null) taken.incrementAndGet((int) number(MemorySegment.ofArray(message)));
    }

    @Test
    void aWriterWhoseRegionIsClosedMeanwhile_changesNothingAnyMore() throws Exception {
        try (var others = open()) {
            SharedQueue<byte[]> kept = queue(others, 8);
            kept.offer(new byte[8]);
        } // the process leaves, and the queue stays in the region's file
        Region region = open();
        SharedQueue<byte[]> queue = queue(region, 8);
        var inside = new CountDownLatch(1);
        var closed = new CountDownLatch(1);
        var thrown = new AtomicReference<Throwable>();
        Thread writer =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                queue.offer(
                                        8,
                                        _ -> {
                                            inside.countDown();
                                            awaitQuietly(closed);
                                        });
                            } catch (Throwable e) {
                                thrown.set(e);
                            }
                        });
        inside.await();
        region.close();

        try (Region again = open()) {
            SharedQueue<byte[]> swept = queue(again, 8);
            int free = CAPACITY - 2; // the place that was given up is free in the next lap
            for (int i = 0; i < free; i++) assertThat(offer(swept, 7)).isTrue();
            closed.countDown();
            writer.join();

            assertThat(thrown.get()).isInstanceOf(IllegalStateException.class);
            assertThat(swept.poll()).isEqualTo(new byte[8]);
            int[] read = {0};
            swept.poll(from -> read[0] += (int) number(from), CAPACITY);
            assertThat(read[0]).isEqualTo(7 * free);
            assertThat(offer(swept, 8)).isTrue();
            assertThat(offer(swept, 8)).as("into the place that was given up").isTrue();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
