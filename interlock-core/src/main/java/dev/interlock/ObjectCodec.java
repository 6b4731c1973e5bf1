package dev.interlock;

import dev.interlock.internal.process.ObjectBytes;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A codec for any object: a byte that says what follows, then that.
 *
 * @param <E> the objects
 */
final class ObjectCodec<E> extends ArrayCodec<E> {
    private static final long serialVersionUID = 1L;

    private static final byte SERIALIZED = 0;
    private static final byte STRING = 1;
    private static final byte INT = 2;
    private static final byte LONG = 3;
    private static final byte DOUBLE = 4;
    private static final byte BYTES = 5;
    private static final byte TRUE = 6;
    private static final byte FALSE = 7;

    private final @Nullable String filter;
    private transient @Nullable ObjectInputFilter
            classes; // the filter; made again where the codec arrives

    ObjectCodec(@Nullable String filter) {
        this.filter = filter;
        this.classes = made(filter);
    }

    private static @Nullable ObjectInputFilter made(@Nullable String filter) {
        return filter == null ? null : ObjectInputFilter.Config.createFilter(filter);
    }

    private @Nullable ObjectInputFilter classes() {
        ObjectInputFilter made = classes;
        if (made == null) classes = made = made(filter);
        return made;
    }

    @Override
    byte[] toBytes(E message) {
        return switch (message) {
            case String text -> marked(STRING, Codecs.STRINGS.toBytes(text));
            case Integer number ->
                    ByteBuffer.allocate(1 + Integer.BYTES).put(INT).putInt(number).array();
            case Long number ->
                    ByteBuffer.allocate(1 + Long.BYTES).put(LONG).putLong(number).array();
            case Double number ->
                    ByteBuffer.allocate(1 + Double.BYTES).put(DOUBLE).putDouble(number).array();
            case byte[] bytes -> marked(BYTES, bytes);
            case Boolean flag -> new byte[] {flag ? TRUE : FALSE};
            default -> serialized(message);
        };
    }

    private static byte[] marked(byte mark, byte[] rest) {
        byte[] bytes = new byte[1 + rest.length];
        bytes[0] = mark;
        System.arraycopy(rest, 0, bytes, 1, rest.length);
        return bytes;
    }

    private static byte[] serialized(Object message) {
        try {
            return ObjectBytes.toBytes(SERIALIZED, message);
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw new MessageEncodingException(
                    "Cannot serialize a message of "
                            + message.getClass()
                            + ": "
                            + e
                            + ". Make it and all it refers to java.io.Serializable, or give the queue another Codec.",
                    e);
        }
    }

    @Override
    @SuppressWarnings({
        "unchecked",
        "TypeParameterUnusedInFormals"
    }) // what E is, who puts and who takes have agreed on
    E fromBytes(byte[] bytes) {
        return (E) object(bytes);
    }

    private Object object(byte[] bytes) {
        ByteBuffer rest = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
        return switch (bytes[0]) {
            case STRING -> Codecs.STRINGS.read(MemorySegment.ofArray(bytes).asSlice(1));
            case INT -> rest.getInt();
            case LONG -> rest.getLong();
            case DOUBLE -> rest.getDouble();
            case BYTES -> Arrays.copyOfRange(bytes, 1, bytes.length);
            case TRUE -> true;
            case FALSE -> false;
            case SERIALIZED -> deserialized(bytes);
            default -> throw new IllegalArgumentException("It begins with " + bytes[0] + ".");
        };
    }

    private Object deserialized(byte[] bytes) {
        try {
            return ObjectBytes.fromBytes(bytes, classes());
        } catch (IOException | ClassNotFoundException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    public String name() {
        return "objects";
    }
}
