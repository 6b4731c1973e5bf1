package dev.interlock.cli.soak;

import java.io.PrintStream;
import java.time.Duration;

/** How far a soak has come: a line that redraws itself on a terminal; elsewhere a line now and then. */
final class SoakLine {
    private static final long DRAW_EVERY_NANOS = Duration.ofMillis(200).toNanos();
    private static final long LOG_EVERY_NANOS = Duration.ofSeconds(10).toNanos();

    private final PrintStream out;
    private final boolean live = Boolean.getBoolean("interlock.terminal");
    private long last = System.nanoTime();
    private int width; // of what is drawn

    SoakLine(PrintStream out) {
        this.out = out;
    }

    void show(String text) {
        long now = System.nanoTime();
        if (now - last < (live ? DRAW_EVERY_NANOS : LOG_EVERY_NANOS)) return;
        last = now;
        if (live) draw(text);
        else out.println(text);
    }

    private void draw(String text) {
        out.print("\r" + text + " ".repeat(Math.max(0, width - text.length())));
        out.flush();
        width = text.length();
    }

    void finish(String text) {
        if (live) draw(text);
        else out.print(text);
        out.println();
    }
}
