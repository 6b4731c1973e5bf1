package dev.interlock.internal.process;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/*
 * Reads a pipe until its end and writes whole lines, each batch of lines by one call: nothing that this JVM prints
 * comes between. The bytes are not changed. An unfinished line waits for its end; it is written as it is
 * at the end of the pipe, or when it is longer than MAX_LINE.
 *
 * buffer      0 ........ filled ........ length
 *             an unfinished line         free
 */
/** Carries a child's output to this process's output, line by line. */
final class OutputPump implements Runnable {
    /** Takes whole lines. */
    interface Target {
        void write(byte[] lines, int length) throws IOException;
    }

    static final int MAX_LINE = 1 << 20;
    private static final int FIRST_SIZE = 8 * 1024;
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final InputStream in;
    private final Target target;
    private final byte[] prefix;
    private final @Nullable OutputTail tail;
    private final CountDownLatch ended = new CountDownLatch(1);

    private byte[] buffer =
            new byte[FIRST_SIZE]; // this and the next three: by the pump's thread only
    private int filled;
    private boolean atLineStart = true;
    private long total;

    private volatile long received; // bytes; written by the pump's thread only
    private volatile boolean writing; // written by the pump's thread only

    OutputPump(InputStream in, Target target, byte[] prefix, @Nullable OutputTail tail) {
        this.in = in;
        this.target = target;
        this.prefix = prefix.clone();
        this.tail = tail;
    }

    @Override
    public void run() {
        try {
            pump();
        } catch (IOException e) {
            // the pipe was closed from our side, after the process has ended
        } finally {
            write(filled);
            ended.countDown();
            close();
        }
    }

    private void close() {
        try {
            in.close();
        } catch (IOException e) {
            // it was at its end
        }
    }

    private void pump() throws IOException {
        for (int n; (n = in.read(buffer, filled, buffer.length - filled)) >= 0; ) {
            total += n;
            received = total;
            if (tail != null) tail.add(buffer, filled, n);
            int unfinished = filled;
            filled += n;
            write(endOfLastLine(unfinished));
            makeRoom();
        }
    }

    private int endOfLastLine(int from) {
        for (int i = filled - 1; i >= from; i--) if (buffer[i] == '\n') return i + 1;
        return 0;
    }

    private void makeRoom() {
        if (filled < buffer.length) return;
        if (buffer.length < MAX_LINE) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        } else {
            write(filled);
        }
    }

    /** Writes and removes the first {@code length} bytes. */
    private void write(int length) {
        if (length == 0) return;
        byte[] text = prefix.length == 0 ? buffer : withPrefixes(length);
        int textLength = prefix.length == 0 ? length : text.length;
        writing = true;
        try {
            target.write(text, textLength);
        } catch (IOException | RuntimeException e) {
            // nobody reads it any more, or it is a stream of the user's making; the child must not
            // stall for it
        } finally {
            writing = false;
        }
        filled -= length;
        System.arraycopy(buffer, length, buffer, 0, filled);
    }

    private byte[] withPrefixes(int length) {
        java.io.ByteArrayOutputStream text =
                new java.io.ByteArrayOutputStream(length + 16 * prefix.length);
        for (int i = 0; i < length; i++) {
            if (atLineStart) text.writeBytes(prefix);
            text.write(buffer[i]);
            atLineStart = buffer[i] == '\n';
        }
        return text.toByteArray();
    }

    /**
     * Waits, after the process has ended, until its output has been written. Whoever inherited the pipe may keep it open: then this
     * ends when nothing has come for a second, or when more has come than the dead process can have left in a pipe.
     *
     * @return whether the pipe is at its end
     */
    boolean awaitDelivery() throws InterruptedException {
        long limit = received + MAX_LINE;
        for (long before = received;
                !ended.await(QUIET_NANOS, TimeUnit.NANOSECONDS);
                before = received) {
            boolean quiet = received == before && !writing;
            if (quiet || received > limit) return false;
        }
        return true;
    }
}
