package dev.interlock;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * A codec of bytes in an array: of a message whose length is known when its bytes are made, which is done once for each message.
 *
 * @param <E> the messages
 */
abstract class ArrayCodec<E> implements Codec<E> {
    private static final long serialVersionUID = 1L;

    /** That codec, if it is one of these. */
    static <E> @Nullable ArrayCodec<E> orNull(Codec<E> codec) {
        return codec instanceof ArrayCodec<E> arrays ? arrays : null;
    }

    /** The message as bytes. */
    abstract byte[] toBytes(E message);

    /** The message of these bytes, which are the codec's own now. */
    abstract E fromBytes(byte[] bytes);

    @Override
    public final long bytes(E message) {
        return toBytes(message).length;
    }

    @Override
    public final void write(E message, MemorySegment to) {
        MemorySegment.copy(MemorySegment.ofArray(toBytes(message)), 0, to, 0, to.byteSize());
    }

    @Override
    public final E read(MemorySegment from) {
        return fromBytes(from.toArray(ValueLayout.JAVA_BYTE));
    }
}
