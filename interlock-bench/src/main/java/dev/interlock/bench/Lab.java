package dev.interlock.bench;

import dev.interlock.bench.peer.CProgram;
import dev.interlock.bench.peer.Python;
import dev.interlock.bench.worker.Placement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * What benchmarks measure with.
 *
 * @param effort how long and how often
 * @param directory for files, removed in the end
 * @param c the peers in C
 * @param python the peers in Python
 * @param jmh for what one process measures by itself
 * @param twoCpus where two parties run that shall not share a CPU
 */
record Lab(Effort effort, Path directory, CProgram c, Python python, Jmh jmh, Placement twoCpus)
        implements AutoCloseable {
    /** Sets it up. */
    static Lab open(Effort effort) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("interlock-bench");
        return new Lab(
                effort,
                directory,
                new CProgram(directory),
                new Python(directory),
                new Jmh(effort),
                Placement.pinnedIfPossible());
    }

    /** An empty file of that name, to be locked or mapped. */
    Path file(String name) throws IOException {
        Path file = directory.resolve(name);
        Files.write(file, new byte[4096]);
        return file;
    }

    /** A name for a region that nobody else uses. */
    static String regionName(String benchmark) {
        return "bench-" + benchmark + "-" + ProcessHandle.current().pid();
    }

    @Override
    public void close() throws IOException {
        jmh.close();
        try (var files = Files.walk(directory)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) Files.deleteIfExists(file);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
