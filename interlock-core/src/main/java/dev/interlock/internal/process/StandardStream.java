package dev.interlock.internal.process;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where lines of children go: this process's standard output or error, as it is set at the time. */
final class StandardStream {
    static final StandardStream OUT = new StandardStream(true);
    static final StandardStream ERR = new StandardStream(false);

    private final boolean isOut;
    private final Object lock = new Object(); // held while lines of children are written
    private volatile @Nullable LineOutput
            lines; // this and the next: set once, when this process is a child
    private volatile @Nullable PrintStream ofLines;

    private StandardStream(boolean isOut) {
        this.isOut = isOut;
    }

    /** Makes this process print in whole lines, if its parent reads them. */
    void becomeChilds(boolean isPiped) {
        if (lines != null) return; // it was a spare, whose parent always reads them
        lines = isOut ? LineOutput.replaceOut(isPiped) : LineOutput.replaceErr(isPiped);
        ofLines = current();
    }

    PrintStream current() {
        return isOut ? System.out : System.err;
    }

    /** Writes whole lines at once. */
    void write(byte[] bytes, int length) throws IOException {
        synchronized (SharedTarget.YES ? OUT.lock : lock) {
            writeLocked(bytes, length);
        }
    }

    @SuppressWarnings("ReferenceEquality") // is it still the one that we set?
    private void writeLocked(byte[] bytes, int length) throws IOException {
        PrintStream now = current();
        LineOutput ours = lines;
        if (ours != null && now == ofLines) {
            ours.pass(bytes, length);
        } else {
            now.write(bytes, 0, length); // under the stream's own lock
            now.flush();
        }
    }

    /** Called when this process begins to end. */
    void end() {
        current().flush();
        LineOutput ours = lines;
        if (ours != null) ours.end();
    }

    /*
     * A pipe takes more than 4096 bytes in pieces, between which another writer can come: after 2>&1 that is our other stream. If the two
     * lead to different places they do not wait for each other.
     */
    private static final class SharedTarget {
        static final boolean YES = isSameTarget();

        private static boolean isSameTarget() {
            try {
                Path descriptors = Path.of("/proc/self/fd");
                Path out = Files.readSymbolicLink(descriptors.resolve("1"));
                return out.equals(Files.readSymbolicLink(descriptors.resolve("2")));
            } catch (IOException | UnsupportedOperationException e) {
                return true;
            }
        }
    }
}
