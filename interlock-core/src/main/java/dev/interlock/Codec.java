package dev.interlock;

import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * How the messages of a {@link SharedQueue} become bytes, and messages again. All who use a queue must use the same; a program that
 * opens one with another is refused. A codec is used by many threads at once, and travels with the handles of its queue, so it is
 * serializable, and best has no state.
 *
 * <p>A message's bytes are one piece of shared memory. {@link #write} fills it, {@link #read} makes an object of it and keeps nothing
 * of the segment, which belongs to another message soon after.
 *
 * @param <E> the messages
 */
public interface Codec<E> extends Serializable {
    /**
     * How many bytes a message takes.
     *
     * @param message to be sent
     * @return the size of what {@link #write} will be given
     */
    long bytes(E message);

    /**
     * Writes a message. What this throws is thrown to who puts the message, which is then not in the queue.
     *
     * @param message to be sent
     * @param to where to write it, as many bytes as {@link #bytes} said
     */
    void write(E message, MemorySegment to);

    /**
     * Reads a message. What this throws becomes the cause of a {@link MessageDecodingException}.
     *
     * @param from its bytes
     * @return the message, not null
     */
    E read(MemorySegment from);

    /**
     * What all who use a queue must agree on.
     *
     * @return the name of the codec; of its class, if not overridden
     */
    default String name() {
        return getClass().getName();
    }

    /**
     * Any object: strings, byte arrays and boxed primitives in a form of their own, all others by Java serialization. When read, an
     * object's depth and size are limited by the length of the message, and the filter of the JVM, {@code jdk.serialFilter}, is asked.
     * Classes are looked up where the thread that reads has its context class loader.
     *
     * <p>Objects are fast, five to twenty times as fast as by the streams of the JDK, whose classes leave everything to
     * serialization and have only fields that are primitive, strings, boxed primitives, enum constants, or again such objects of just the
     * class that the field is declared with. Records are best; their package must be open to {@code dev.interlock} if it is in a named module.
     * Lists, maps, arrays and other classes with a way of their own take the streams' time.
     *
     * @param <E> the messages
     * @return the codec that queues have unless another is given
     */
    static <E> Codec<E> objects() {
        return new ObjectCodec<>(null);
    }

    /**
     * The same, for objects of some classes only. Fast are records of primitives and strings.
     *
     * @param <E> the messages
     * @param filter which classes, as {@link java.io.ObjectInputFilter.Config#createFilter} understands it
     * @return the codec
     * @throws IllegalArgumentException if the filter cannot be understood
     */
    static <E> Codec<E> objects(String filter) {
        return new ObjectCodec<>(filter);
    }

    /**
     * Byte arrays, as they are.
     *
     * @return the codec
     */
    static Codec<byte[]> byteArrays() {
        return Codecs.BYTE_ARRAYS;
    }

    /**
     * What is between position and limit of a buffer, which is not changed by that. Read into a buffer on the heap.
     *
     * @return the codec
     */
    static Codec<ByteBuffer> byteBuffers() {
        return Codecs.BYTE_BUFFERS;
    }

    /**
     * Strings, any sequence of {@code char}.
     *
     * @return the codec
     */
    static Codec<String> strings() {
        return Codecs.STRINGS;
    }

    /**
     * Numbers of four bytes.
     *
     * @return the codec
     */
    static Codec<Integer> ints() {
        return Codecs.INTS;
    }

    /**
     * Numbers of eight bytes.
     *
     * @return the codec
     */
    static Codec<Long> longs() {
        return Codecs.LONGS;
    }

    /**
     * Floating-point numbers of eight bytes.
     *
     * @return the codec
     */
    static Codec<Double> doubles() {
        return Codecs.DOUBLES;
    }

    /**
     * Records whose components are all primitive.
     *
     * @param <R> the record
     * @param type its class
     * @return the codec
     * @throws IllegalArgumentException if a component is not primitive
     */
    static <R extends Record> Codec<R> records(Class<R> type) {
        return new RecordCodec<>(type);
    }
}
