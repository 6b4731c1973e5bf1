package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.internal.sync.QueueLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Random words in the memory of a queue: what is read there is checked, so nothing worse than an exception comes of it. */
class SharedQueueDamageTest {
    private static final long SEED =
            Long.getLong("interlock.seed", System.nanoTime() & 0xFFFF_FFFFL);
    private static final int ROUNDS = 300;

    @TempDir(factory = InSharedMemory.class)
    Path directory;

    @Test
    @Timeout(300)
    void damagedQueues_throwAtWorst() {
        System.out.println("damaged queues: -Dinterlock.seed=" + SEED);
        Random random = new Random(SEED);
        RegionOptions options = RegionOptions.defaults().directory(directory);
        try (Region region = Region.open("damaged", options)) {
            int refused = 0;
            for (int round = 0; round < ROUNDS; round++) {
                SharedQueue<byte[]> queue =
                        region.queue(
                                QueueOptions.capacity(4).maxBytes(64 << 10), Codec.byteArrays());
                for (int i = 0; i < 3; i++) queue.offer(new byte[i * 100]);
                damage(queue, random);
                refused += use(queue);
                assertThat(region.objects()).hasSize(round + 1);
            }
            assertThat(refused).isPositive();
        } // sweeps all of them, as this process may have messages in its hands
        try (Region region = Region.open("damaged", options)) {
            assertThat(region.processes()).hasSize(1);
            SharedQueue<String> sound = region.queue("sound", QueueOptions.capacity(2));
            sound.add("a");
            assertThat(sound.poll()).isEqualTo("a");
            region.unlink();
        }
    }

    /* But for the lock, which would be somebody's. */
    private static void damage(SharedQueue<byte[]> queue, Random random) {
        long at = queue.handle.payload();
        MemorySegment memory = queue.handle.region().mapping().memory();
        int words = (int) (QueueLayout.bytes(4, 96) / 8);
        for (int i = random.nextInt(1, 20); i > 0; i--) {
            boolean slots = random.nextBoolean();
            int word = slots ? words - 1 - random.nextInt(4 * 14) : random.nextInt(words);
            boolean lock = word * 8 >= QueueLayout.LOCK && word * 8 < QueueLayout.IDLE;
            if (lock) continue;
            if (random.nextInt(4) == 0)
                memory.set(
                        ValueLayout.JAVA_BYTE,
                        at + word * 8L + random.nextInt(8),
                        (byte) random.nextInt());
            else memory.set(ValueLayout.JAVA_LONG, at + word * 8L, value(random));
        }
    }

    /* Anything; something small, with all signs; a slot's word that may just be. */
    private static long value(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> random.nextLong();
            case 1 -> random.nextLong() >> 40;
            default ->
                    (long) random.nextInt(3) << 32
                            | (random.nextInt() & ~0x1FFL & 0xFFFF_FFFFL)
                            | random.nextInt(3);
        };
    }

    private interface Use {
        void run() throws Exception;
    }

    /* How many uses threw. */
    @SuppressWarnings("ReturnValueIgnored") // that there is one is all
    private static int use(SharedQueue<byte[]> queue) {
        Use[] uses = {
            () -> queue.offer(new byte[10]),
            () -> queue.offer(new byte[1], Duration.ofMillis(1)),
            () -> queue.offer(new byte[10_000]),
            queue::peek,
            queue::size,
            queue::isEmpty,
            queue::statistics,
            queue::toString,
            () -> queue.contains(new byte[1]),
            () -> new ArrayList<>(queue),
            () -> queue.poll(Duration.ofMillis(1)),
            queue::poll,
            () -> queue.poll((MemorySegment _) -> {}),
            () -> {
                try (Lease<byte[]> lease = queue.pollLease(Duration.ZERO)) {
                    assertThat(lease == null || lease.message() != null).isTrue();
                }
            },
            () -> queue.drainTo(new ArrayList<>(), 100),
            () -> WaitSet.any(Duration.ZERO, queue),
            () -> WaitSet.any(Duration.ofMillis(1), queue.room()),
            () -> queue.remove(new byte[0]),
            () -> queue.removeIf(message -> message.length > 50),
            queue::remainingCapacity,
            queue::taskDone,
            () -> queue.join(Duration.ofMillis(1)),
            queue::close,
            queue::clear
        };
        int refused = 0;
        for (Use use : uses) {
            try {
                use.run();
            } catch (Exception e) {
                refused++;
            }
        }
        return refused;
    }
}
