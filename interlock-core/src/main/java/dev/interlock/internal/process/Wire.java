package dev.interlock.internal.process;

import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
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
public final class Wire {
    static final int MAGIC = 0x494c_4b31; // "ILK1"
    static final int PRACTISE =
            0x494c_4b50; // "ILKP", and RecentClasses; instead of a frame and ahead of one: to a

    // spare

    private Wire() {}

    public static void writeString(DataOutputStream out, @Nullable String text) throws IOException {
        if (text == null) {
            out.writeInt(-1);
        } else {
            writeBlock(out, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    static @Nullable String readNullableString(WireInput in) throws IOException {
        int length = in.readInt();
        if (length < 0) return null;
        return new String(in.readExactly(length), StandardCharsets.UTF_8);
    }

    public static String readString(WireInput in) throws IOException {
        String text = readNullableString(in);
        if (text == null) throw new EOFException("a text is missing");
        return text;
    }

    static void writeBlock(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static byte[] readBlock(WireInput in) throws IOException {
        return in.readExactly(in.readInt());
    }
}
