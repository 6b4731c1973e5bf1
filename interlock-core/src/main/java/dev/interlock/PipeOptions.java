package dev.interlock;

import dev.interlock.internal.sync.PipeLayout;
import java.util.Objects;

/**
 * How a {@link Pipe} behaves.
 *
 * @param capacity how many bytes may be on their way in one direction, 16 for each message included. It is rounded up to a power of two, and
 *     all of this memory is taken when the pipe is made. A larger message goes through as it is received, in pieces
 * @param codec how objects become bytes, and objects again at the other end
 */
public record PipeOptions(int capacity, Codec<?> codec) {
    private static final int DEFAULT_CAPACITY = 64 << 10;
    private static final PipeOptions DEFAULTS = new PipeOptions(DEFAULT_CAPACITY, Codec.objects());

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if one is not possible
     */
    public PipeOptions {
        Objects.requireNonNull(codec, "codec");
        if (capacity < 1 || capacity > PipeLayout.MOST_CAPACITY)
            throw new IllegalArgumentException(
                    "A pipe with a capacity of "
                            + capacity
                            + " bytes is not possible. Use 1 to "
                            + PipeLayout.MOST_CAPACITY
                            + ".");
    }

    /**
     * A pipe of 64 KiB in each direction, for any objects, see {@link Codec#objects()}.
     *
     * @return the default options
     */
    public static PipeOptions defaults() {
        return DEFAULTS;
    }

    /**
     * These options, with that capacity.
     *
     * @param bytes how many
     * @return the options
     */
    public PipeOptions capacity(int bytes) {
        return new PipeOptions(bytes, codec);
    }

    /**
     * These options, with that codec.
     *
     * @param other how objects become bytes
     * @return the options
     */
    public PipeOptions codec(Codec<?> other) {
        return new PipeOptions(capacity, other);
    }
}
