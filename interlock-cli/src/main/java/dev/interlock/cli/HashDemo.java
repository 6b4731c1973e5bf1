package dev.interlock.cli;

import dev.interlock.examples.hash.FileHash;
import dev.interlock.examples.hash.HashFiles;
import dev.interlock.examples.words.Corpus;
import dev.interlock.examples.words.UnusableInputException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;

/** Hashes and compresses files in a pool, then in one thread of this JVM. */
final class HashDemo {
    private final PrintStream out;

    HashDemo(PrintStream out) {
        this.out = out;
    }

    /** Works on so many files from the first. Returns the exit status: success if both found the same. */
    int run(Path path, Corpus corpus, int count, int processes)
            throws UnusableInputException, ExecutionException {
        out.println("Hashing (SHA-256) and compressing " + counted(count) + " of " + path + " ...");
        long start = System.nanoTime();
        List<FileHash> together = HashFiles.withPool(corpus, count, processes);
        long poolNanos = System.nanoTime() - start;

        out.println("Again in one thread of this JVM, the files already cached ...");
        start = System.nanoTime();
        List<FileHash> alone = HashFiles.inThisThread(corpus, count);
        long threadNanos = System.nanoTime() - start;

        out.printf(
                Locale.ROOT,
                "%s, %d bytes, %d compressed%n",
                counted(count),
                alone.stream().mapToLong(FileHash::bytes).sum(),
                alone.stream().mapToLong(FileHash::compressedBytes).sum());
        var report = new PoolReport(processes, poolNanos, threadNanos, together.equals(alone));
        report.print(out);
        return report.exitStatus();
    }

    private static String counted(int files) {
        return files == 1 ? "1 file" : files + " files";
    }
}
