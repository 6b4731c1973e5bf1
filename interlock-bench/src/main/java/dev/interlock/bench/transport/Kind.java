package dev.interlock.bench.transport;

import dev.interlock.SharedQueue;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;

/** Which transport. */
public enum Kind {
    /** Our queue, in place. */
    SLICES,
    /** Our queue, by put and take of arrays. */
    SHARED_ARRAYS,
    /** The JDK's queue between threads, by put and take of arrays. */
    ARRAY_BLOCKING_QUEUE,
    /** Agrona's ring for many producers. */
    AGRONA;

    private static final int CAPACITY = 1024; // messages, of the JDK's queue as of ours
    private static final Map<Integer, ArrayBlockingQueue<byte[]>> IN_THIS_JVM =
            new ConcurrentHashMap<>();

    private static final List<String> AGRONA_OPTIONS =
            List.of(
                    "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow");

    /**
     * What the parties share.
     *
     * @param queues one for each way
     * @param directory for files
     * @param bytes size of a message, 8 or more
     */
    public record Stage(List<SharedQueue<byte[]>> queues, String directory, int bytes)
            implements Serializable {}

    /** What a JVM needs to use it. */
    public List<String> jvmOptions() {
        return this == AGRONA ? AGRONA_OPTIONS : List.of();
    }

    /** Whether it works within one JVM only. */
    public boolean isOfThreads() {
        return this == ARRAY_BLOCKING_QUEUE;
    }

    /**
     * Opens an end of it.
     *
     * @param way its number
     */
    public Transport open(Stage stage, int way) throws Exception {
        int bytes = stage.bytes();
        Path file = Path.of(stage.directory(), name() + bytes + "-" + way);
        return switch (this) {
            case SLICES -> new SharedSlices(stage.queues().get(way), bytes);
            case SHARED_ARRAYS -> new ByteArrays(stage.queues().get(way), bytes);
            case ARRAY_BLOCKING_QUEUE ->
                    new ByteArrays(
                            IN_THIS_JVM.computeIfAbsent(
                                    way, _ -> new ArrayBlockingQueue<>(CAPACITY)),
                            bytes);
            case AGRONA -> new AgronaRing(file, bytes, capacityBytes(bytes));
        };
    }

    /* Room for as many messages as our queue has, with a header of eight bytes each; a power of two. */
    private static int capacityBytes(int bytes) {
        return Integer.highestOneBit(CAPACITY * (bytes + 2 * Long.BYTES)) << 1;
    }
}
