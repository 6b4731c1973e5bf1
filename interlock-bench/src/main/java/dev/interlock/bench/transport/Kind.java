package dev.interlock.bench.transport;

import dev.interlock.Codec;
import dev.interlock.QueueOptions;
import dev.interlock.Region;
import dev.interlock.SharedQueue;
import dev.interlock.bench.transport.SharedObjects.Trade;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** Which transport. */
public enum Kind {
    /** Our queue, in place. */
    SLICES,
    /** Our queue, by put and take of arrays. */
    SHARED_ARRAYS,
    /** Our queue, by put and take of objects. */
    SHARED_OBJECTS,
    /** The JDK's queue between threads, by put and take of arrays. */
    ARRAY_BLOCKING_QUEUE,
    /** Agrona's ring for many producers. */
    AGRONA,
    /** Aeron within the machine. */
    AERON,
    /** Chronicle Queue. */
    CHRONICLE;

    /** Messages, in the JDK's queue and Agrona's as in ours. */
    private static final int CAPACITY = 1024;

    private static final int WAYS = 2;
    private static final Map<Integer, ArrayBlockingQueue<byte[]>> IN_THIS_JVM =
            new ConcurrentHashMap<>();

    private static final List<String> AGRONA_OPTIONS =
            List.of(
                    "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow");

    private static final List<String> CHRONICLE_OPTIONS =
            List.of(
                    "--sun-misc-unsafe-memory-access=allow",
                    "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
                    "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                    "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
                    "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
                    "--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED",
                    "--add-opens=java.base/java.lang=ALL-UNNAMED",
                    "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                    "--add-opens=java.base/java.io=ALL-UNNAMED",
                    "--add-opens=java.base/java.nio=ALL-UNNAMED",
                    "--add-opens=java.base/java.util=ALL-UNNAMED",
                    "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");

    /**
     * What the parties share.
     *
     * @param queues one for each way
     * @param objects a queue of objects
     * @param directory for files, of this stage alone
     * @param bytes size of a message, 8 or more
     */
    public record Stage(
            List<SharedQueue<byte[]>> queues,
            SharedQueue<Trade> objects,
            String directory,
            int bytes)
            implements Serializable {
        /** With queues in that region. */
        public static Stage in(Region region, Path directory, int bytes) {
            var options = QueueOptions.capacity(CAPACITY).messageBytes(bytes);
            List<SharedQueue<byte[]>> queues =
                    IntStream.range(0, WAYS)
                            .mapToObj(_ -> region.queue(options, Codec.byteArrays()))
                            .toList();
            SharedQueue<Trade> objects = region.queue(QueueOptions.capacity(CAPACITY));
            return new Stage(queues, objects, directory.toString(), bytes);
        }
    }

    /** What a JVM needs to use it. */
    public List<String> jvmOptions() {
        return switch (this) {
            case AGRONA, AERON -> AGRONA_OPTIONS;
            case CHRONICLE -> CHRONICLE_OPTIONS;
            default -> List.of();
        };
    }

    /** Whether it works within one JVM only. */
    public boolean isOfThreads() {
        return this == ARRAY_BLOCKING_QUEUE;
    }

    /**
     * Opens an end of it.
     *
     * @param way its number, 0 or 1
     * @param party who uses it; party 0 is there in any case
     */
    public Transport open(Stage stage, int way, int party) throws Exception {
        int bytes = stage.bytes();
        Path file = Path.of(stage.directory(), String.valueOf(way));
        return switch (this) {
            case SLICES -> new SharedSlices(stage.queues().get(way), bytes);
            case SHARED_ARRAYS -> new ByteArrays(stage.queues().get(way), bytes);
            case SHARED_OBJECTS -> new SharedObjects(stage.objects());
            case ARRAY_BLOCKING_QUEUE -> new ByteArrays(inThisJvm(way), bytes);
            case AGRONA -> new AgronaRing(file, bytes, CAPACITY);
            case AERON -> new AeronIpc(Path.of(stage.directory(), "aeron"), bytes, way, party == 0);
            case CHRONICLE -> new ChronicleFiles(file, bytes);
        };
    }

    private static ArrayBlockingQueue<byte[]> inThisJvm(int way) {
        return IN_THIS_JVM.computeIfAbsent(way, _ -> new ArrayBlockingQueue<>(CAPACITY));
    }
}
