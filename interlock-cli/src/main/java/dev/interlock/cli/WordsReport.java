package dev.interlock.cli;

import dev.interlock.examples.words.Tally;
import java.io.PrintStream;
import java.util.Locale;

/** Two counts of the same files side by side, with their times and whether they agree. */
record WordsReport(String who, Tally together, long togetherNanos, Tally alone, long aloneNanos) {
    private static final String ROW = "%-18s %16s %16s%n";

    void print(PrintStream out) {
        out.println();
        out.printf(ROW, "", who, "one process");
        row(out, "files", together.files(), alone.files());
        row(out, "bytes", together.bytes(), alone.bytes());
        row(out, "lines", together.lines(), alone.lines());
        row(out, "words", together.words(), alone.words());
        for (int length = 1; length <= Tally.MAX_LENGTH; length++) {
            String more = length == Tally.MAX_LENGTH ? " or more" : "";
            row(
                    out,
                    "  of length " + length + more,
                    together.wordsOfLength(length),
                    alone.wordsOfLength(length));
        }
        out.printf(ROW, "time", seconds(togetherNanos), seconds(aloneNanos));
        out.println();
        out.printf(Locale.ROOT, "speed-up %.2f%n", (double) aloneNanos / togetherNanos);
        out.println(
                together.equals(alone)
                        ? "All totals are equal."
                        : "The totals DIFFER. Did the files change meanwhile?");
    }

    private static void row(PrintStream out, String what, long together, long alone) {
        out.printf(ROW, what, together, alone);
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
    }
}
