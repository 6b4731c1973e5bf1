package dev.interlock.internal.process;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/*
 * How parent and child write bytes and strings to each other. Both are the same version of this class: the child runs the parent's
 * class path.
 *
 *   string   length in bytes (int), UTF-8;   -1 for null
 *   block    length (int), bytes
 *   frame    MAGIC (int), block: the child's note, block: the task        parent to child, once, on its standard input
 */
/** Reads and writes the pieces of which frames and reports are made. */
final class Wire {
    static final int MAGIC = 0x494c_4b31; // "ILK1"

    private Wire() {}

    static void writeString(DataOutputStream out, @Nullable String text) throws IOException {
        if (text == null) {
            out.writeInt(-1);
        } else {
            writeBlock(out, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    static @Nullable String readNullableString(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0) return null;
        return new String(readExactly(in, length), StandardCharsets.UTF_8);
    }

    static String readString(DataInputStream in) throws IOException {
        String text = readNullableString(in);
        if (text == null) throw new EOFException("a text is missing");
        return text;
    }

    static void writeBlock(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static byte[] readBlock(DataInputStream in) throws IOException {
        return readExactly(in, in.readInt());
    }

    /** Reads {@code length} bytes into one array of that size; {@code readNBytes} would need twice the memory. */
    private static byte[] readExactly(InputStream in, int length) throws IOException {
        byte[] bytes = new byte[length];
        for (int at = 0; at < length; ) {
            int n = in.read(bytes, at, length - at);
            if (n < 0) throw new EOFException("the other side ended");
            at += n;
        }
        return bytes;
    }
}
