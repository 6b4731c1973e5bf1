package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Messages that lie in blocks, of which there are only so many. */
@Timeout(60)
class SharedQueueBlocksTest {
    private static final int BLOCK = 4096;
    private static final int BLOCKS = 7;
    private static final long SEED =
            Long.getLong("interlock.seed", System.nanoTime() & 0xFFFF_FFFFL);

    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private Region region() {
        return Region.open("blocks", RegionOptions.defaults().directory(directory));
    }

    private static byte[] message(int number, int bytes) {
        byte[] message = new byte[bytes];
        Arrays.fill(message, (byte) number);
        return message;
    }

    @Test
    void blocks_areUsedAgainAndAgain_withoutMixingMessages() {
        System.out.println("blocks: -Dinterlock.seed=" + SEED);
        Random random = new Random(SEED);
        try (Region region = region()) {
            var queue =
                    region.queue(
                            QueueOptions.capacity(16).messageBytes(8).maxBytes(BLOCKS * BLOCK),
                            Codec.byteArrays());
            Queue<byte[]> expected = new ArrayDeque<>();
            for (int number = 0; number < 2_000; number++) {
                byte[] message = message(number, random.nextInt(9, 4 * BLOCK));
                while (!queue.offer(message)) assertThat(queue.poll()).isEqualTo(expected.remove());
                expected.add(message);
                if (random.nextBoolean()) assertThat(queue.poll()).isEqualTo(expected.remove());
                if (queue.isEmpty()) assertThat(expected).isEmpty();
            }
            while (!expected.isEmpty()) assertThat(queue.poll()).isEqualTo(expected.remove());
        }
    }

    @Test
    void aMessageOfAllBlocks_fitsWheneverTheQueueIsEmpty() {
        try (Region region = region()) {
            var queue =
                    region.queue(
                            QueueOptions.capacity(16).messageBytes(8).maxBytes(BLOCKS * BLOCK),
                            Codec.byteArrays());
            for (int first = 1; first <= BLOCKS; first++) {
                assertThat(queue.offer(message(first, first * BLOCK))).isTrue();
                assertThat(queue.poll()).hasSize(first * BLOCK);
                assertThat(queue.offer(message(first, BLOCKS * BLOCK))).isTrue();
                assertThat(queue.offer(message(first, BLOCK))).isFalse();
                assertThat(queue.poll()).hasSize(BLOCKS * BLOCK);
            }
        }
    }
}
