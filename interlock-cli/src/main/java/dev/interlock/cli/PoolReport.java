package dev.interlock.cli;

import java.io.PrintStream;
import java.util.Locale;
import picocli.CommandLine;

/** How long a pool took for a job and how long one thread, and whether they made the same. */
record PoolReport(int processes, long poolNanos, long threadNanos, boolean areEqual) {
    void print(PrintStream out) {
        String workers = processes == 1 ? "1 process" : processes + " processes";
        out.println();
        out.printf(Locale.ROOT, "%-14s %6.2f s%n", workers, poolNanos / 1e9);
        out.printf(Locale.ROOT, "%-14s %6.2f s%n", "one thread", threadNanos / 1e9);
        out.printf(Locale.ROOT, "speed-up %.2f%n", (double) threadNanos / poolNanos);
        out.println(
                areEqual
                        ? "All results are equal."
                        : "The results DIFFER. Did the files change meanwhile?");
    }

    int exitStatus() {
        return areEqual ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
}
