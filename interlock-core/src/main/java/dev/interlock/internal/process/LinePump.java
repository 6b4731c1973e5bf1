package dev.interlock.internal.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * Passes on what a child prints, whole lines at a time, so that lines of several processes never mix. A line without an end is held
 * until it is complete, the child ends, or it has a mebibyte.
 */
final class LinePump extends Thread {
    private static final int MAX_LINE = 1 << 20;
    private static final int TAIL_LINES = 40;
    private static final int MAX_TAIL_LINE = 1000;

    private final InputStream in;
    private final Supplier<PrintStream> out; // asked each time, as System.setOut may be called
    private final byte[] prefix;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private final Deque<String> tail = new ArrayDeque<>(); // guarded by itself
    private boolean atLineStart = true;

    LinePump(String name, InputStream in, Supplier<PrintStream> out, String prefix) {
        super(null, null, name, 128 << 10, false);
        this.in = in;
        this.out = out;
        this.prefix = prefix.getBytes(Charset.defaultCharset());
        setDaemon(true);
        start();
    }

    @Override
    public void run() {
        byte[] buffer = new byte[8192];
        try (in) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                take(buffer, n);
                if (in.available() == 0) passOnLines();
            }
        } catch (IOException e) {
            // the child is gone
        }
        passOn(pending.size());
    }

    private void take(byte[] buffer, int count) {
        pending.write(buffer, 0, count);
        if (pending.size() > MAX_LINE) passOnLines();
        if (pending.size() > MAX_LINE) passOn(pending.size());
    }

    private void passOnLines() {
        byte[] bytes = pending.toByteArray();
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') end--;
        passOn(end);
    }

    private void passOn(int count) {
        if (count == 0) return;
        byte[] bytes = pending.toByteArray();
        pending.reset();
        pending.write(bytes, count, bytes.length - count);
        remember(bytes, count);
        byte[] lines = prefix.length == 0 ? bytes : withPrefix(bytes, count);
        PrintStream target = out.get();
        target.write(
                lines,
                0,
                prefix.length == 0 ? count : lines.length); // one call, under the stream's own lock
        target.flush();
    }

    private byte[] withPrefix(byte[] bytes, int count) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream(count + prefix.length);
        for (int i = 0; i < count; i++) {
            if (atLineStart) lines.writeBytes(prefix);
            lines.write(bytes[i]);
            atLineStart = bytes[i] == '\n';
        }
        return lines.toByteArray();
    }

    private void remember(byte[] bytes, int count) {
        synchronized (tail) {
            for (String line : new String(bytes, 0, count, StandardCharsets.UTF_8).split("\n")) {
                tail.add(
                        line.length() > MAX_TAIL_LINE
                                ? line.substring(0, MAX_TAIL_LINE) + "…"
                                : line);
                if (tail.size() > TAIL_LINES) tail.remove();
            }
        }
    }

    /** The last lines that were passed on. */
    String tail() {
        synchronized (tail) {
            return String.join("\n", tail);
        }
    }
}
