package dev.interlock.internal.process;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads what a {@code DataOutputStream} wrote. A {@code DataInputStream} would do so through byte-array {@code VarHandle}s, which load
 * forty classes of method-handle machinery into a fresh JVM.
 */
public final class WireInput extends FilterInputStream {
    WireInput(InputStream in) {
        super(in);
    }

    /** Reads an array from one place on. */
    public static WireInput of(byte[] bytes, int from) {
        return new WireInput(new ByteArrayInputStream(bytes, from, bytes.length - from));
    }

    public byte readByte() throws IOException {
        int value = in.read();
        if (value < 0) throw new EOFException("the other side ended");
        return (byte) value;
    }

    public boolean readBoolean() throws IOException {
        return readByte() != 0;
    }

    short readShort() throws IOException {
        return (short) readBytes(Short.BYTES);
    }

    char readChar() throws IOException {
        return (char) readBytes(Character.BYTES);
    }

    public int readInt() throws IOException {
        return (int) readBytes(Integer.BYTES);
    }

    public long readLong() throws IOException {
        return readBytes(Long.BYTES);
    }

    float readFloat() throws IOException {
        return Float.intBitsToFloat(readInt());
    }

    double readDouble() throws IOException {
        return Double.longBitsToDouble(readLong());
    }

    /** So many bytes as a number, the highest first. */
    private long readBytes(int count) throws IOException {
        long value = 0;
        for (int i = 0; i < count; i++) value = (value << 8) | (readByte() & 0xFF);
        return value;
    }

    /** Reads {@code length} bytes into one array of that size; {@code readNBytes} would need twice the memory. */
    byte[] readExactly(int length) throws IOException {
        byte[] bytes = new byte[length];
        for (int at = 0; at < length; ) {
            int n = in.read(bytes, at, length - at);
            if (n < 0) throw new EOFException("the other side ended");
            at += n;
        }
        return bytes;
    }
}
