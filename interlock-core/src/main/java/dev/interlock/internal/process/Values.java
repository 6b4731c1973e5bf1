package dev.interlock.internal.process;

import dev.interlock.Region;
import dev.interlock.SharedObject;
import java.io.DataOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/*
 *   values   count (int), one item per value, block: the other objects as one serialized Object[] (missing if there are none)
 *   item     tag (byte), value
 *
 * Null, boxed primitives, strings and handles of ours are written by hand: an ObjectInputStream costs a fresh JVM 25 to 40 ms. All other
 * values share one stream, so that what two of them both refer to is still one object on the other side.
 */
/**
 * Writes and reads lists of values, the plain ones without Java serialization. A list is the last thing in whatever it is written
 * to, and read from memory.
 */
@SuppressWarnings(
        "IfChainToSwitch") // a switch over types is linked by method handles, and those are what we
// avoid
public final class Values {
    private static final byte NULL = 0;
    private static final byte BOOLEAN = 1;
    private static final byte BYTE = 2;
    private static final byte SHORT = 3;
    private static final byte CHAR = 4;
    private static final byte INT = 5;
    private static final byte LONG = 6;
    private static final byte FLOAT = 7;
    private static final byte DOUBLE = 8;
    private static final byte STRING = 9;
    private static final byte OBJECT = 10;
    private static final byte HANDLE = 11;

    private Values() {}

    public static void write(DataOutputStream out, @Nullable Object... values) throws IOException {
        @Nullable Object[] others = new @Nullable Object[values.length];
        int count = 0;
        out.writeInt(values.length);
        for (Object value : values) {
            if (!writePlain(out, value)) {
                out.writeByte(OBJECT);
                others[count++] = value;
            }
        }
        if (count > 0) Serialization.write(out, java.util.Arrays.copyOf(others, count));
    }

    private static boolean writePlain(DataOutputStream out, @Nullable Object value)
            throws IOException {
        if (value == null) {
            out.writeByte(NULL);
        } else if (value instanceof String text) {
            // UTF-8 would not bring back a lone surrogate, and must not change a text
            if (!isUnicode(text)) return false;
            out.writeByte(STRING);
            Wire.writeString(out, text);
        } else if (value instanceof Boolean b) {
            out.writeByte(BOOLEAN);
            out.writeBoolean(b);
        } else if (value instanceof Character c) {
            out.writeByte(CHAR);
            out.writeChar(c);
        } else {
            return value instanceof Number number
                    ? writeNumber(out, number)
                    : writeHandle(out, value);
        }
        return true;
    }

    private static boolean writeNumber(DataOutputStream out, Number value) throws IOException {
        if (value instanceof Integer i) {
            out.writeByte(INT);
            out.writeInt(i);
        } else if (value instanceof Long l) {
            out.writeByte(LONG);
            out.writeLong(l);
        } else if (value instanceof Double d) {
            out.writeByte(DOUBLE);
            out.writeDouble(d);
        } else if (value instanceof Float f) {
            out.writeByte(FLOAT);
            out.writeFloat(f);
        } else if (value instanceof Short s) {
            out.writeByte(SHORT);
            out.writeShort(s);
        } else if (value instanceof Byte b) {
            out.writeByte(BYTE);
            out.writeByte(b);
        } else {
            return false;
        }
        return true;
    }

    private static boolean writeHandle(DataOutputStream out, Object value) throws IOException {
        boolean isOurs = value instanceof SharedObject || value instanceof Region;
        if (!isOurs || !HandleCodec.get().canWrite(value)) return false;
        out.writeByte(HANDLE);
        HandleCodec.get().write(out, value);
        return true;
    }

    static boolean isUnicode(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isSurrogate(text.charAt(i))) continue;
            boolean opens = isPair(text, i);
            boolean closes = isPair(text, i - 1);
            if (opens == closes) return false;
        }
        return true;
    }

    private static boolean isPair(String text, int index) {
        return index >= 0
                && index + 1 < text.length()
                && Character.isSurrogatePair(text.charAt(index), text.charAt(index + 1));
    }

    public static @Nullable Object[] read(WireInput in, @Nullable ClassLoader loader)
            throws IOException, ClassNotFoundException {
        @Nullable Object[] values = new @Nullable Object[in.readInt()];
        int[] others = new int[values.length]; // where the other objects belong
        int count = 0;
        for (int i = 0; i < values.length; i++) {
            byte tag = in.readByte();
            if (tag == OBJECT) {
                others[count++] = i;
            } else {
                values[i] = readPlain(in, tag);
            }
        }
        if (count > 0) {
            Object[] objects = (Object[]) Serialization.read(in, in.available(), loader);
            if (objects == null) throw new IOException("The objects are missing");
            for (int i = 0; i < count; i++) values[others[i]] = objects[i];
        }
        return values;
    }

    private static @Nullable Object readPlain(WireInput in, byte tag) throws IOException {
        return switch (tag) {
            case NULL -> null;
            case BOOLEAN -> in.readBoolean();
            case BYTE -> in.readByte();
            case SHORT -> in.readShort();
            case CHAR -> in.readChar();
            case INT -> in.readInt();
            case LONG -> in.readLong();
            case FLOAT -> in.readFloat();
            case DOUBLE -> in.readDouble();
            case HANDLE -> HandleCodec.get().read(in);
            case STRING -> Wire.readString(in);
            default -> throw new IOException("Unknown kind of value: " + tag);
        };
    }
}
