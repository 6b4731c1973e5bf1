package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who reads a message stores to its cache lines (QueueContents.touch), of which the last one is its neighbour's, too. */
@Timeout(60)
class SharedQueueNeighboursTest {
    private static final int MESSAGES = 20_000;
    private static final int CAPACITY = 16; // so that readers and writers are next to each other

    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private interface Taker {
        /** Whether a message was there. */
        boolean takeOne(SharedQueue<byte[]> queue, List<byte[]> to) throws Exception;
    }

    private static byte[] message(int number, int most) {
        byte[] message = new byte[number % 3 == 0 ? most : number * 31 % (most + 1)];
        Arrays.fill(message, (byte) number);
        return message;
    }

    /* Lines begin 64 bytes after the slot does, 56 after the contents; 512 are touched at most. */
    @ParameterizedTest
    @ValueSource(ints = {48, 56, 57, 64, 72, 120, 128, 200, 496, 504, 512, 1000})
    void takenOneByOne_eachIsWholeHoweverCloseTheNextIsWritten(int most) throws Exception {
        verify(most, (queue, to) -> to.add(queue.take()));
    }

    @ParameterizedTest
    @ValueSource(ints = {57, 72, 128, 512})
    void drained_eachIsWhole(int most) throws Exception {
        verify(most, (queue, to) -> queue.drainTo(to, 1) > 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {57, 72, 128, 512})
    void readInPlace_eachIsWhole(int most) throws Exception {
        verify(most, (queue, to) -> queue.poll(from -> to.add(bytes(from)), 1) > 0);
    }

    private static byte[] bytes(MemorySegment from) {
        return from.toArray(ValueLayout.JAVA_BYTE);
    }

    private void verify(int most, Taker taker) throws Exception {
        try (Region region =
                        Region.open("neighbours", RegionOptions.defaults().directory(directory));
                var writer = Executors.newSingleThreadExecutor()) {
            SharedQueue<byte[]> queue =
                    region.queue(
                            "queue",
                            QueueOptions.capacity(CAPACITY).messageBytes(most),
                            Codec.byteArrays());
            Callable<Void> write =
                    () -> {
                        for (int i = 0; i < MESSAGES; i++) queue.put(message(i, most));
                        return null;
                    };
            Future<Void> written = writer.submit(write);
            List<byte[]> taken = new ArrayList<>();
            for (int i = 0; i < MESSAGES; i++) {
                while (!taker.takeOne(queue, taken)) Thread.onSpinWait();
                assertThat(taken.removeFirst()).isEqualTo(message(i, most));
            }
            written.get();
        }
    }
}
