package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.internal.region.Heap;
import dev.interlock.internal.region.ObjectType;
import dev.interlock.internal.sync.PipeLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Random words in the memory of a pipe: what is read there is checked, so nothing worse than an exception comes of it. */
class PipeDamageTest {
    private static final long SEED =
            Long.getLong("interlock.seed", System.nanoTime() & 0xFFFF_FFFFL);
    private static final int ROUNDS = 150;
    private static final int CAPACITY = 1024;
    private static final int LOCK_BYTES = 4 * 128;
    private static final int RINGS = 9920;
    private static final long MOST_BETWEEN = 8 << 20; // the header of a region, or cells to wait in

    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private long last; // the pipe that was made last

    @Test
    @Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void damagedPipes_throwAtWorst() throws Exception {
        System.out.println("damaged pipes: -Dinterlock.seed=" + SEED);
        Random random = new Random(SEED);
        try (Region region =
                Region.open("damaged", RegionOptions.defaults().directory(directory))) {
            int refused = 0;
            for (int round = 0; round < ROUNDS; round++) {
                Pipe pipe = Pipe.duplex(region, PipeOptions.defaults().capacity(CAPACITY));
                for (int i = 0; i < 3; i++) pipe.first().sendBytes(new byte[i * 100]);
                pipe.first().sendBytes(ByteBuffer.allocate(2 * CAPACITY), Duration.ZERO); // a part
                damage(region, random);
                refused += use(pipe);
            }
            assertThat(refused).isPositive();
            region.unlink();
        }
    }

    /* Of the last pipe, but for its locks, which would be somebody's. */
    private void damage(Region region, Random random) {
        Heap heap = region.opened().heap();
        MemorySegment memory = region.opened().mapping().memory();
        long at = lastPipe(heap, memory.byteSize());
        int words = (int) (PipeLayout.bytes(CAPACITY, false) / 8);
        for (int i = random.nextInt(1, 20); i > 0; i--) {
            int first = random.nextBoolean() ? LOCK_BYTES / 8 : RINGS / 8;
            int most = first == RINGS / 8 ? words : RINGS / 8;
            if (random.nextInt(3) == 0) most = 1600 / 8; // the directions
            int word = first < most ? random.nextInt(first, most) : random.nextInt(64, 200);
            long value = random.nextBoolean() ? random.nextLong() : random.nextLong() >>> 50;
            memory.set(ValueLayout.JAVA_LONG, at + word * 8L, value);
        }
    }

    /* Objects lie one after the other, so it is behind all that were found before. */
    private long lastPipe(Heap heap, long end) {
        for (long at = last + 64; at < Math.min(end, last + MOST_BETWEEN); at += 64)
            if (heap.isObject(at, ObjectType.PIPE)) last = at;
        return last;
    }

    private interface Use {
        void run() throws Exception;
    }

    /* How many uses threw. */
    private static int use(Pipe pipe) {
        int refused = 0;
        for (Connection connection : new Connection[] {pipe.second(), pipe.first()}) {
            Use[] uses = {
                connection::poll,
                () -> connection.poll(Duration.ofMillis(1)),
                () -> connection.recvBytes(Duration.ofMillis(1)),
                () -> connection.recvBytes(ByteBuffer.allocate(10), Duration.ZERO),
                () -> connection.recv(Duration.ZERO),
                () -> connection.send("x", Duration.ofMillis(1)),
                () -> connection.sendBytes(ByteBuffer.allocate(CAPACITY / 2), Duration.ZERO),
                () -> connection.sendBytes(ByteBuffer.allocate(3 * CAPACITY), Duration.ZERO),
                () -> WaitSet.any(Duration.ofMillis(1), connection),
                () -> assertThat(connection.toString()).isNotEmpty(),
                connection::close
            };
            for (Use use : uses) {
                try {
                    use.run();
                } catch (Exception e) {
                    refused++;
                }
            }
        }
        return refused;
    }
}
