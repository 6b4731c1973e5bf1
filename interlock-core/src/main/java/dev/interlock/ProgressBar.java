package dev.interlock;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Shows on the standard error stream how far a {@link ProcessPool#map} is. On a terminal it is one line that is drawn again and again, as wide
 * as the variable {@code COLUMNS} says, or 80 characters; what else is printed meanwhile goes in between. Elsewhere it is a line
 * every ten seconds. At the end one line is left that tells what was done.
 *
 * {@snippet :
 * pool.map(Files::hash, paths, PoolMapOptions.defaults().onProgress(ProgressBar.of("hashing"))).toList();
 * }
 *
 * <p>One bar may serve several maps, one after the other. Safe for use by several threads.
 */
public final class ProgressBar implements Consumer<Progress> {
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");
    private static final int USUAL_COLUMNS = 80;
    private static final int LEAST_BAR = 5;
    private static final int MOST_BAR = 40;
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

    private final String title;
    private final PrintStream out;
    private final boolean isTerminal;
    private final int columns;

    // guarded by this
    private int drawn; // characters of the line that is on the terminal
    private Duration lastLine = Duration.ZERO; // when there was one, if this is no terminal

    ProgressBar(String title, PrintStream out, boolean isTerminal, int columns) {
        this.title = title;
        this.out = out;
        this.isTerminal = isTerminal;
        this.columns = columns;
    }

    /**
     * A bar.
     *
     * @param title what it begins with; may be empty
     * @return the bar, which shows nothing yet
     */
    public static ProgressBar of(String title) {
        return new ProgressBar(
                title.isEmpty() ? "" : title + " ",
                System.err,
                isTerminal(),
                columns(System.getenv("COLUMNS")));
    }

    /* Without native code, and of standard error, which the console does not speak of. */
    private static boolean isTerminal() {
        try {
            String device = Files.readSymbolicLink(STANDARD_ERROR).toString();
            return device.startsWith("/dev/pts/")
                    || device.startsWith("/dev/tty")
                    || device.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    static int columns(@Nullable String text) {
        try {
            int columns = text == null ? 0 : Integer.parseInt(text.strip());
            return columns > 0 ? columns : USUAL_COLUMNS;
        } catch (NumberFormatException e) {
            return USUAL_COLUMNS;
        }
    }

    /**
     * Shows it.
     *
     * @param progress how far it is
     */
    @Override
    public synchronized void accept(Progress progress) {
        if (isTerminal) draw(progress.hasEnded() ? "" : bar(progress));
        if (progress.hasEnded()) printLine(summary(progress));
        else if (!isTerminal && isTimeForLine(progress)) printLine(text(progress));
        if (progress.hasEnded()) lastLine = Duration.ZERO;
        out.flush();
    }

    /* Over what is there, of which nothing is left. */
    private void draw(String line) {
        String shown = line.length() < columns ? line : line.substring(0, columns - 1);
        int rest = Math.max(0, drawn - shown.length());
        if (drawn > 0 || !shown.isEmpty()) out.print("\r" + shown + " ".repeat(rest));
        if (shown.isEmpty() && drawn > 0) out.print("\r");
        drawn = shown.length();
    }

    private void printLine(String line) {
        out.println(line);
    }

    private boolean isTimeForLine(Progress progress) {
        if (progress.elapsed().minus(lastLine).compareTo(BETWEEN_LINES) < 0) return false;
        lastLine = progress.elapsed();
        return true;
    }

    private String bar(Progress progress) {
        String text = text(progress);
        int room = Math.min(MOST_BAR, columns - 1 - text.length() - " []".length());
        if (progress.total() <= 0 || room < LEAST_BAR) return text;
        int full = Math.clamp(room * ended(progress) / progress.total(), 0, room);
        return text + " [" + "#".repeat(full) + "-".repeat(room - full) + "]";
    }

    private String text(Progress progress) {
        StringBuilder text = new StringBuilder(title);
        if (progress.total() > 0)
            text.append(100 * ended(progress) / progress.total()).append("% ");
        text.append(counts(progress)).append(rate(progress));
        Duration remaining = progress.remaining();
        if (!remaining.isNegative()) text.append(' ').append(clock(remaining)).append(" left");
        return text.toString();
    }

    private String summary(Progress progress) {
        return title + counts(progress) + rate(progress) + " in " + clock(progress.elapsed());
    }

    private static long ended(Progress progress) {
        return progress.done() + progress.failed();
    }

    private static String counts(Progress progress) {
        String done =
                progress.total() < 0
                        ? progress.done() + " done"
                        : progress.done() + "/" + progress.total();
        return progress.failed() == 0 ? done : done + ", " + progress.failed() + " failed";
    }

    private static String rate(Progress progress) {
        double rate = progress.perSecond();
        return String.format(Locale.ROOT, rate < 10 ? " %.1f/s" : " %.0f/s", rate);
    }

    private static String clock(Duration time) {
        long seconds = time.toSeconds();
        if (seconds < 3600)
            return String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
        return String.format(
                Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
