package dev.interlock;

import java.lang.foreign.MemorySegment;

/**
 * A codec that finds out how long a message is by making its bytes; so that is done once for each message.
 *
 * @param <E> the messages
 */
abstract class ArrayCodec<E> implements Codec<E> {
    private static final long serialVersionUID = 1L;

    /** The message as bytes. */
    abstract byte[] toBytes(E message);

    @Override
    public final long bytes(E message) {
        return toBytes(message).length;
    }

    @Override
    public final void write(E message, MemorySegment to) {
        MemorySegment.copy(MemorySegment.ofArray(toBytes(message)), 0, to, 0, to.byteSize());
    }
}
