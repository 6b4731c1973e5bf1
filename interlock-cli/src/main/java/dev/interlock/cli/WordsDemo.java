package dev.interlock.cli;

import dev.interlock.examples.words.Corpus;
import dev.interlock.examples.words.CountWords;
import dev.interlock.examples.words.Tally;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine;

/** Counts a corpus with several processes, then with one alone, and prints both results side by side. */
final class WordsDemo {
    private final PrintStream out;

    WordsDemo(PrintStream out) {
        this.out = out;
    }

    /** Returns the exit status: success if both counts agree. */
    int run(Path path, Corpus corpus, int processes)
            throws ExecutionException, InterruptedException, java.io.IOException {
        out.println(
                "Counting "
                        + (corpus.size() == 1 ? "1 file of " : corpus.size() + " files of ")
                        + path
                        + " with "
                        + counted(processes)
                        + " ...");
        var progress = new ProgressLine(out, corpus.size());
        long start = System.nanoTime();
        Tally together = CountWords.withProcesses(corpus, processes, progress::show);
        long togetherNanos = System.nanoTime() - start;
        progress.finish(together.files());

        out.println(
                "Counting again with one child alone: the same code, nothing shared, the files already cached ...");
        start = System.nanoTime();
        Tally alone = CountWords.withOneProcess(corpus);
        long aloneNanos = System.nanoTime() - start;

        new WordsReport(counted(processes), together, togetherNanos, alone, aloneNanos).print(out);
        return together.equals(alone) ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private static String counted(int processes) {
        return processes == 1 ? "1 child" : processes + " children";
    }
}
