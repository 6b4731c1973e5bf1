package dev.interlock.internal.process;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/*
 * A child's own prints and the lines of its children leave it through one pipe. Were "a" printed and then, before the rest of that line,
 * a line of a grandchild passed on, they would mix; so an unfinished line is kept here until it ends, and lines that are passed on go
 * around it. The parent's pump would not show an unfinished line earlier either.
 *
 * kept        0 ........ filled ........ length       an unfinished line, guarded by this
 */
/** Standard output or error of a child whose parent reads it line by line. */
final class LineOutput extends OutputStream {
    private static volatile boolean
            passesLinesOn; // set when the first child of this process is started

    private final FileOutputStream pipe;
    private byte[] kept = new byte[256];
    private int filled;
    private boolean isEnding; // guarded by this; set when this process begins to end

    private LineOutput(FileDescriptor descriptor) {
        pipe = new FileOutputStream(descriptor);
    }

    static @Nullable LineOutput replaceOut(boolean isPiped) {
        if (!isPiped) return null;
        LineOutput lines = new LineOutput(FileDescriptor.out);
        System.setOut(new PrintStream(lines, false, System.out.charset()));
        return lines;
    }

    static @Nullable LineOutput replaceErr(boolean isPiped) {
        if (!isPiped) return null;
        LineOutput lines = new LineOutput(FileDescriptor.err);
        System.setErr(new PrintStream(lines, false, System.err.charset()));
        return lines;
    }

    static void passLinesOn() {
        passesLinesOn = true;
    }

    @Override
    public synchronized void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) throws IOException {
        keep(bytes, from, length);
        if (isEnding || filled >= OutputPump.MAX_LINE) {
            send(filled);
        } else {
            send(endOfLastLine(length));
        }
    }

    private void keep(byte[] bytes, int from, int length) {
        if (kept.length - filled < length) {
            byte[] larger = new byte[Math.max(2 * kept.length, filled + length)];
            System.arraycopy(kept, 0, larger, 0, filled);
            kept = larger;
        }
        System.arraycopy(bytes, from, kept, filled, length);
        filled += length;
    }

    private int endOfLastLine(int newest) {
        for (int i = filled - 1; i >= filled - newest; i--) if (kept[i] == '\n') return i + 1;
        return 0;
    }

    private void send(int length) throws IOException {
        if (length == 0) return;
        pipe.write(kept, 0, length);
        filled -= length;
        System.arraycopy(kept, length, kept, 0, filled);
    }

    /** Writes whole lines around the one that is kept. */
    synchronized void pass(byte[] lines, int length) throws IOException {
        pipe.write(lines, 0, length);
    }

    /** Lets an unfinished line go, to be found if this process dies, unless a line of another process might follow it. */
    @Override
    public synchronized void flush() throws IOException {
        if (!passesLinesOn) send(filled);
    }

    /** Lets an unfinished line go, and all that follows: there will be no other chance. */
    synchronized void end() {
        isEnding = true;
        try {
            send(filled);
        } catch (IOException e) {
            // the parent is gone
        }
    }
}
