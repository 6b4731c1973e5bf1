package dev.interlock.internal.process;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/*
 *   packed   MIXED (byte), values: as Values has them
 *            kind (byte), count (int), the values without tags: all are of this kind
 *
 * Numbers have the highest byte first; a string is its length in bytes (int) and UTF-8. Written by hand over an array, since the streams
 * cost more than all else when there are many values, and VarHandles cost a fresh JVM its start.
 */
/**
 * Many values in few bytes, fast if they are all whole numbers, floating-point numbers or strings. They are the last thing in whatever they are
 * written to.
 */
public final class Packed {
    private static final byte MIXED = 0;
    private static final byte INTS = 1;
    private static final byte LONGS = 2;
    private static final byte DOUBLES = 3;
    private static final byte STRINGS = 4;
    private static final byte BOOLEANS = 5;
    private static final byte NULLS = 6;

    private static final int HEAD_BYTES = 1 + Integer.BYTES;

    private byte[] bytes;
    private int at;

    private Packed(byte[] bytes, int at) {
        this.bytes = bytes;
        this.at = at;
    }

    /**
     * The bytes of some values, behind room for what comes before them.
     *
     * @param room how many bytes to leave free
     * @param count how many of the values
     */
    public static byte[] write(int room, @Nullable Object[] values, int count) throws IOException {
        byte kind = kind(values, count);
        if (kind == MIXED) return writeMixed(room, values, count);
        Packed out = new Packed(new byte[room + HEAD_BYTES + bytesGuess(kind, count)], room);
        out.bytes[out.at++] = kind;
        out.putInt(count);
        out.putAll(kind, values, count);
        return out.at == out.bytes.length ? out.bytes : Arrays.copyOf(out.bytes, out.at);
    }

    private static byte[] writeMixed(int room, @Nullable Object[] values, int count)
            throws IOException {
        ByteArrayOutputStream to = new ByteArrayOutputStream(room + 16 + 16 * count);
        to.write(new byte[room]);
        to.write(MIXED);
        Values.write(
                new DataOutputStream(to),
                count == values.length ? values : Arrays.copyOf(values, count));
        return to.toByteArray();
    }

    /** How many values there are. */
    public static int count(byte[] bytes, int from) {
        return new Packed(bytes, from + 1).takeInt(); // Values begin with it, too
    }

    /** The values that lie in an array from one place on. */
    public static @Nullable Object[] read(byte[] bytes, int from, @Nullable ClassLoader loader)
            throws IOException, ClassNotFoundException {
        byte kind = bytes[from];
        if (kind == MIXED) return Values.read(WireInput.of(bytes, from + 1), loader);
        Packed in = new Packed(bytes, from + 1);
        try {
            int count = in.takeInt();
            if (count < 0 || (kind != NULLS && count > bytes.length))
                throw new EOFException("cut off");
            @Nullable Object[] values = new @Nullable Object[count];
            in.takeAll(kind, values);
            return values;
        } catch (IndexOutOfBoundsException e) {
            throw new EOFException("cut off");
        }
    }

    private static byte kind(@Nullable Object[] values, int count) {
        if (count == 0) return NULLS;
        Object first = values[0];
        if (first == null) return areAllNull(values, count) ? NULLS : MIXED;
        byte kind = kind(first);
        if (kind == MIXED) return MIXED;
        Class<?> type = first.getClass();
        for (int i = 1; i < count; i++) {
            Object value = values[i];
            if (value == null || value.getClass() != type) return MIXED;
        }
        return kind == STRINGS && !areAllUnicode(values, count) ? MIXED : kind;
    }

    @SuppressWarnings("IfChainToSwitch") // a switch over types is linked by method handles
    private static byte kind(Object value) {
        if (value instanceof Integer) return INTS;
        if (value instanceof Long) return LONGS;
        if (value instanceof Double) return DOUBLES;
        if (value instanceof String) return STRINGS;
        return value instanceof Boolean ? BOOLEANS : MIXED;
    }

    private static boolean areAllNull(@Nullable Object[] values, int count) {
        for (int i = 0; i < count; i++) {
            if (values[i] != null) return false;
        }
        return true;
    }

    private static boolean areAllUnicode(@Nullable Object[] values, int count) {
        for (int i = 0; i < count; i++) {
            if (values[i] instanceof String text && !Values.isUnicode(text)) return false;
        }
        return true;
    }

    private static int bytesGuess(byte kind, int count) {
        return switch (kind) {
            case INTS -> Math.multiplyExact(count, Integer.BYTES);
            case LONGS, DOUBLES -> Math.multiplyExact(count, Long.BYTES);
            case STRINGS -> Math.multiplyExact(count, 16); // grows as needed
            case BOOLEANS -> count;
            default -> 0;
        };
    }

    /* A loop of its own for each kind, since each value costs but a few nanoseconds. */
    @SuppressWarnings("NullAway") // none is null, unless all are
    private void putAll(byte kind, @Nullable Object[] values, int count) {
        switch (kind) {
            case INTS -> {
                for (int i = 0; i < count; i++) putInt((Integer) values[i]);
            }
            case LONGS -> {
                for (int i = 0; i < count; i++) putLong((Long) values[i]);
            }
            case DOUBLES -> {
                for (int i = 0; i < count; i++)
                    putLong(Double.doubleToRawLongBits((Double) values[i]));
            }
            case STRINGS -> {
                for (int i = 0; i < count; i++) putString((String) values[i]);
            }
            case BOOLEANS -> {
                for (int i = 0; i < count; i++) bytes[at++] = (byte) ((Boolean) values[i] ? 1 : 0);
            }
            default -> {} // nulls have no bytes
        }
    }

    private void takeAll(byte kind, @Nullable Object[] values) throws IOException {
        switch (kind) {
            case INTS -> {
                for (int i = 0; i < values.length; i++) values[i] = takeInt();
            }
            case LONGS -> {
                for (int i = 0; i < values.length; i++) values[i] = takeLong();
            }
            case DOUBLES -> {
                for (int i = 0; i < values.length; i++)
                    values[i] = Double.longBitsToDouble(takeLong());
            }
            case STRINGS -> {
                for (int i = 0; i < values.length; i++) values[i] = takeString();
            }
            case BOOLEANS -> {
                for (int i = 0; i < values.length; i++) values[i] = bytes[at++] != 0;
            }
            case NULLS -> {}
            default -> throw new IOException("Unknown kind of values: " + kind);
        }
    }

    private void putInt(int value) {
        byte[] to = bytes;
        int i = at;
        to[i] = (byte) (value >> 24);
        to[i + 1] = (byte) (value >> 16);
        to[i + 2] = (byte) (value >> 8);
        to[i + 3] = (byte) value;
        at = i + Integer.BYTES;
    }

    private int takeInt() {
        byte[] from = bytes;
        int i = at;
        at = i + Integer.BYTES;
        return from[i] << 24
                | (from[i + 1] & 0xFF) << 16
                | (from[i + 2] & 0xFF) << 8
                | (from[i + 3] & 0xFF);
    }

    private void putLong(long value) {
        putInt((int) (value >>> 32));
        putInt((int) value);
    }

    private long takeLong() {
        long high = takeInt();
        return high << 32 | (takeInt() & 0xFFFF_FFFFL);
    }

    private void putString(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        ensureRoom(Integer.BYTES + utf8.length);
        putInt(utf8.length);
        System.arraycopy(utf8, 0, bytes, at, utf8.length);
        at += utf8.length;
    }

    private String takeString() {
        int length = takeInt();
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    private void ensureRoom(int more) {
        if (bytes.length - at >= more) return;
        int needed = Math.addExact(at, more);
        bytes = Arrays.copyOf(bytes, Math.max(needed, needed + (needed >> 1)));
    }
}
