package dev.interlock.cli;

import java.io.PrintStream;
import java.time.Duration;

/**
 * How far a job has come. On a terminal one line that redraws itself; elsewhere, as in a log file, a line now and then and one at the
 * end. Whether there is a terminal is told by the launcher, {@code -Dinterlock.terminal=true}: Java looks at input and output together.
 */
final class ProgressLine {
    private static final long LOG_EVERY_NANOS = Duration.ofSeconds(5).toNanos();

    private final PrintStream out;
    private final long total;
    private final boolean live = Boolean.getBoolean("interlock.terminal");
    private long lastLogged = System.nanoTime();

    ProgressLine(PrintStream out, long total) {
        this.out = out;
        this.total = total;
    }

    void show(long done) {
        if (live) {
            out.print("\r" + text(done));
            out.flush();
        } else if (System.nanoTime() - lastLogged >= LOG_EVERY_NANOS) {
            lastLogged = System.nanoTime();
            out.println(text(done));
        }
    }

    void finish(long done) {
        out.println((live ? "\r" : "") + text(done));
    }

    /** Never gets shorter, so each text covers the one before it. */
    private String text(long done) {
        long percent = total == 0 ? 100 : done * 100 / total;
        return "  " + done + " of " + total + " files, " + percent + " %";
    }
}
