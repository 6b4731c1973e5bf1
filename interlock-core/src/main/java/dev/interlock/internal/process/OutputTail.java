package dev.interlock.internal.process;

import java.nio.charset.Charset;
import java.util.List;

/** Keeps the last bytes of a stream, to show its last lines when the process has died. */
final class OutputTail {
    static final int MAX_LINES = 40;
    static final int MAX_BYTES = 16 * 1024;

    private final byte[] ring = new byte[MAX_BYTES]; // guarded by this
    private long written; // guarded by this

    synchronized void add(byte[] bytes, int from, int length) {
        for (int i = Math.max(0, length - MAX_BYTES); i < length; i++)
            ring[(int) ((written + i) % MAX_BYTES)] = bytes[from + i];
        written += length;
    }

    /** The last lines, oldest first. A first line of which only the end is kept begins with "...". */
    synchronized List<String> lines(Charset charset) {
        int kept = (int) Math.min(written, MAX_BYTES);
        byte[] bytes = new byte[kept];
        for (int i = 0; i < kept; i++) bytes[i] = ring[(int) ((written - kept + i) % MAX_BYTES)];
        String text = new String(bytes, charset);
        if (written > kept) text = "..." + text;
        List<String> lines = text.lines().toList();
        return lines.subList(Math.max(0, lines.size() - MAX_LINES), lines.size());
    }
}
