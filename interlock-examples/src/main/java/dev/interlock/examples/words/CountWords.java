package dev.interlock.examples.words;

import static java.lang.ProcessBuilder.Redirect.DISCARD;

import dev.interlock.ChildProcess;
import dev.interlock.Region;
import dev.interlock.SharedLock;
import dev.interlock.SharedLong;
import dev.interlock.SharedLongArray;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.function.LongConsumer;

/**
 * Counts the words of many files with several processes. They share the work through a counter, each taking the next few files, and add
 * what they counted into one shared array under one shared lock.
 */
public final class CountWords {
    private static final Duration BETWEEN_REPORTS = Duration.ofMillis(100);

    private CountWords() {}

    /**
     * Counts with child processes.
     *
     * @param corpus what to count
     * @param processes how many processes share the work
     * @param progress told several times a second how many files are done, by the calling thread
     * @return the sum of what all processes counted
     * @throws UnusableInputException if a file cannot be read
     * @throws ExecutionException if a process fails or dies
     * @throws InterruptedException if interrupted while the processes run; they are killed
     */
    public static Tally withProcesses(Corpus corpus, int processes, LongConsumer progress)
            throws UnusableInputException, ExecutionException, InterruptedException {
        try (Region region = Region.temporary()) {
            SharedLong next = region.longValue(0);
            SharedLongArray totals = region.longArray(Tally.SIZE);
            SharedLock lock = region.lock();
            int batch = batchSize(corpus.size(), processes);

            var children = new ArrayList<ChildProcess<String>>();
            try {
                for (int i = 1; i <= processes; i++) {
                    children.add(
                            ChildProcess.of(() -> countShare(corpus, next, batch, totals, lock))
                                    .name("words-" + i)
                                    .daemon(true) // ends with its parent
                                    .start());
                }
                for (var child : children) {
                    while (!child.join(BETWEEN_REPORTS)) {
                        progress.accept(totals.get(Tally.FILES));
                    }
                    requireNoProblem(child.get());
                }
            } finally {
                children.forEach(ChildProcess::kill); // none is left, except after a failure
            }
            return Tally.copyOf(totals);
        }
    }

    /**
     * Counts in the calling thread, with the same counting code and nothing shared.
     *
     * @param corpus what to count
     * @return what is in it
     * @throws UnusableInputException if a file cannot be read
     */
    public static Tally inThisProcess(Corpus corpus) throws UnusableInputException {
        try (var files = corpus.open()) {
            return count(files, 0, corpus.size());
        }
    }

    /**
     * Counts in one child process, with the same counting code and nothing shared: the measure for several.
     *
     * @param corpus what to count
     * @return what is in it
     * @throws ExecutionException if the process fails or dies; the cause says why
     * @throws InterruptedException if interrupted while it runs
     */
    public static Tally withOneProcess(Corpus corpus)
            throws ExecutionException, InterruptedException {
        return ChildProcess.of(() -> inThisProcess(corpus))
                .name("words-alone")
                .daemon(true)
                .redirectError(DISCARD) // what it throws arrives here
                .start()
                .get();
    }

    /** What each process does. Returns the problem that stopped it, or an empty string. */
    private static String countShare(
            Corpus corpus, SharedLong next, int batch, SharedLongArray totals, SharedLock lock) {
        try (var files = corpus.open()) {
            for (long from = next.getAndAdd(batch);
                    from < corpus.size();
                    from = next.getAndAdd(batch)) {
                Tally tally = count(files, (int) from, (int) Math.min(from + batch, corpus.size()));
                try (var _ = lock.acquire()) {
                    tally.addInto(totals);
                }
            }
            return "";
        } catch (UnusableInputException e) {
            next.set(corpus.size()); // the others need not go on
            return e.problem();
        }
    }

    private static Tally count(Corpus.Opened files, int from, int to)
            throws UnusableInputException {
        var tally = new Tally();
        var counter = new WordCounter(tally);
        for (int i = from; i < to; i++) {
            try (var file = files.read(i)) {
                counter.count(file);
            } catch (IOException e) {
                throw UnusableInputException.cannotRead(files.nameOf(i), e);
            }
        }
        return tally;
    }

    /** Few enough trips to the counter, and at least eight for each process, so that all end at about the same time. */
    private static int batchSize(int files, int processes) {
        return Math.clamp(files / (8L * processes), 1, 32);
    }

    private static void requireNoProblem(String problem) throws UnusableInputException {
        if (!problem.isEmpty()) {
            throw new UnusableInputException(problem);
        }
    }

    public static void main(String[] args) throws Exception {
        Corpus corpus = Corpus.of(Path.of(args[0]));
        System.out.println(withProcesses(corpus, 4, _ -> {}));
    }
}
