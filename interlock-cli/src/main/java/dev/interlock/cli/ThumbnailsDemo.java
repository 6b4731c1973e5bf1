package dev.interlock.cli;

import dev.interlock.examples.thumbnails.Thumbnails;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** Draws pictures, and makes thumbnails of them in a pool, then in one thread of this JVM. */
final class ThumbnailsDemo {
    private final PrintStream out;

    ThumbnailsDemo(PrintStream out) {
        this.out = out;
    }

    /** Returns the exit status: success if both made the same. */
    int run(int count, int processes) throws IOException, ExecutionException {
        System.setProperty("java.awt.headless", "true"); // before the first picture
        out.println("Drawing " + count + " pictures ...");
        try (var pictures = Thumbnails.draw(count, processes)) {
            out.println("Making thumbnails ...");
            long start = System.nanoTime();
            List<byte[]> together = pictures.withPool();
            long poolNanos = System.nanoTime() - start;

            out.println("Again in one thread of this JVM ...");
            start = System.nanoTime();
            List<byte[]> alone = pictures.inThisThread();
            long threadNanos = System.nanoTime() - start;

            boolean areEqual = Arrays.deepEquals(together.toArray(), alone.toArray());
            var report = new PoolReport(processes, poolNanos, threadNanos, areEqual);
            report.print(out);
            return report.exitStatus();
        }
    }
}
