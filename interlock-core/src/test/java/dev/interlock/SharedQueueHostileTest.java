package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Serialized objects that nobody sent so: what takes them is told by a {@link MessageDecodingException}, without a crash, an endless loop
 * or more memory than the message could need, and the queue goes on.
 */
@Timeout(300)
class SharedQueueHostileTest {
    private static final long SEED =
            Long.getLong("interlock.seed", System.nanoTime() & 0xFFFF_FFFFL);
    private static final byte SERIALIZED = 0; // as ObjectCodec marks it
    private static final long ENOUGH_BYTES = 32 << 20;

    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private Region region;
    private SharedQueue<Object> queue;

    @BeforeEach
    void open() {
        region = Region.open("hostile", RegionOptions.defaults().directory(directory));
        queue = region.queue(QueueOptions.capacity(4));
    }

    @AfterEach
    void close() {
        region.close();
    }

    /** Puts a stream that may say anything, and takes it: the message, or null if it could not be read. */
    private @Nullable Object take(byte[] stream) {
        boolean put =
                queue.offer(
                        1L + stream.length,
                        to -> {
                            to.set(ValueLayout.JAVA_BYTE, 0, SERIALIZED);
                            to.asSlice(1).copyFrom(MemorySegment.ofArray(stream));
                        });
        assertThat(put).isTrue();
        long before = allocated();
        try {
            return queue.poll();
        } catch (MessageDecodingException refused) {
            return null;
        } finally {
            long used = allocated() - before;
            assertThat(used).as("bytes taken for " + stream.length).isLessThan(ENOUGH_BYTES);
            assertThat(queue.statistics().leased()).isZero();
        }
    }

    /* How many bytes of heap this thread has ever used. */
    private static long allocated() {
        try {
            return (long)
                    ManagementFactory.getPlatformMBeanServer()
                            .invoke(
                                    new ObjectName(ManagementFactory.THREAD_MXBEAN_NAME),
                                    "getThreadAllocatedBytes",
                                    new Object[] {Thread.currentThread().threadId()},
                                    new String[] {"long"});
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }

    private void requireUsable() {
        queue.add("sound");
        assertThat(queue.poll()).isEqualTo("sound");
    }

    private static byte[] serialized(Object object) throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        return bytes.toByteArray();
    }

    private static byte[] sample() throws Exception {
        Map<String, Object> map = new HashMap<>();
        map.put("list", new ArrayList<>(List.of(1, 2L, "three")));
        map.put("array", new long[] {1, 2, 3});
        map.put("strings", new String[] {"a", "b"});
        return serialized(map);
    }

    @Test
    void damagedStreams_areRefusedOrRead() throws Exception {
        System.out.println("hostile streams: -Dinterlock.seed=" + SEED);
        Random random = new Random(SEED);
        byte[] sound = sample();
        assertThat(take(sound)).isInstanceOf(Map.class);
        for (int length = 0; length < sound.length; length++)
            assertThat(take(Arrays.copyOf(sound, length))).isNull();
        for (int round = 0; round < 2000; round++) {
            byte[] damaged = sound.clone();
            for (int i = random.nextInt(1, 4); i > 0; i--)
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            take(damaged); // some bytes make no difference
        }
        for (int round = 0; round < 200; round++) {
            byte[] noise = new byte[random.nextInt(300)];
            random.nextBytes(noise);
            assertThat(take(noise)).isNull();
        }
        requireUsable();
    }

    /* What says how long it is: an array, the list's size and capacity, the map's. */
    @Test
    void hugeSizes_takeNoMemory() throws Exception {
        for (Object object :
                List.of(new long[] {77, 88}, new ArrayList<>(List.of("a")), Map.of("a", "b"))) {
            byte[] sound = serialized(object);
            for (int at = 0; at + 4 <= sound.length; at++) {
                byte[] huge = sound.clone();
                ByteBuffer.wrap(huge).putInt(at, Integer.MAX_VALUE - 16);
                take(huge);
            }
        }
        requireUsable();
    }

    @Test
    void deepNesting_isRefused() throws Exception {
        for (int depth : new int[] {9_000, 11_000, 100_000}) {
            byte[] deep = nested(depth);
            Object read = take(deep); // what is not too deep may still be too deep for this stack
            if (depth > 10_000) assertThat(read).isNull();
        }
        requireUsable();
    }

    /* On a large stack. */
    private static byte[] nested(int depth) throws Exception {
        var bytes = new AtomicReference<byte[]>();
        Thread writer =
                new Thread(
                        null,
                        () -> {
                            Object[] outer = new Object[1];
                            for (int i = 1; i < depth; i++) outer = new Object[] {outer};
                            try {
                                bytes.set(serialized(outer));
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        "deep",
                        1L << 30);
        writer.start();
        writer.join();
        return bytes.get();
    }

    /** Does something when it is read. */
    static final class Gadget implements Serializable {
        private static final long serialVersionUID = 1L;
        static int read;

        private void readObject(ObjectInputStream in) {
            read++;
        }
    }

    @Test
    void codeOfClassesThatTheFilterRefuses_isNotRun() throws Exception {
        SharedQueue<Object> filtered =
                region.queue(QueueOptions.capacity(4), Codec.objects("java.base/*;!*"));
        filtered.put(new ArrayList<>(List.of(new Gadget())));
        filtered.put(new Gadget[] {new Gadget()});
        assertThatThrownBy(filtered::take).isInstanceOf(MessageDecodingException.class);
        assertThatThrownBy(filtered::take).isInstanceOf(MessageDecodingException.class);
        assertThat(Gadget.read).isZero();
        filtered.put(new ArrayList<>(List.of("a")));
        assertThat(filtered.take()).isEqualTo(List.of("a"));
        SharedQueue<Object> shallow =
                region.queue(QueueOptions.capacity(4), Codec.objects("maxdepth=2;maxrefs=5"));
        shallow.put(new Object[] {new Object[] {new Object[0]}});
        shallow.put(new Object[] {1, 2, 3, 4, 5, 6, 7});
        assertThatThrownBy(shallow::take).isInstanceOf(MessageDecodingException.class);
        assertThatThrownBy(shallow::take).isInstanceOf(MessageDecodingException.class);
        assertThatThrownBy(() -> filtered.put(new Object()))
                .isInstanceOf(MessageEncodingException.class);
    }

    @Test
    void classesThatThisProgramDoesNotHave_areNamed() throws Exception {
        byte[] sound = serialized(new Gadget());
        String name = new String(sound, StandardCharsets.ISO_8859_1).replace("Gadget", "Gadgat");
        queue.offer(
                1L + sound.length,
                to -> {
                    byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
                    to.asSlice(1).copyFrom(MemorySegment.ofArray(bytes));
                });
        assertThatThrownBy(queue::take)
                .isInstanceOf(MessageDecodingException.class)
                .hasMessageContaining("Gadgat");
        requireUsable();
    }
}
