package dev.interlock.bench.peer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs a program that ends by itself and prints little. */
public final class Command {
    private static final long LONGEST_RUN_SECONDS = 120;

    private Command() {}

    /** The program of that name on the PATH. */
    public static Optional<Path> find(String name) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Arrays.stream(path.split(":", -1))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Runs it.
     *
     * @return what it printed on standard output
     * @throws PeerException if it failed or took too long; with the last line of its standard error
     */
    public static String run(List<String> command) throws IOException, InterruptedException {
        Path errors = Files.createTempFile("interlock-bench", ".err");
        Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        try {
            process.getOutputStream().close();
            var output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(LONGEST_RUN_SECONDS, TimeUnit.SECONDS))
                throw new PeerException(name(command) + " did not end");
            if (process.exitValue() != 0)
                throw new PeerException(
                        name(command)
                                + " failed with status "
                                + process.exitValue()
                                + lastLine(errors));
            return output;
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Files.delete(errors);
        }
    }

    /** Runs it and reads the numbers it prints. */
    public static double[] numbers(List<String> command) throws IOException, InterruptedException {
        String output = run(command).strip();
        return Arrays.stream(output.split("\\s+", -1)).mapToDouble(Double::parseDouble).toArray();
    }

    private static String name(List<String> command) {
        return String.valueOf(Path.of(command.getFirst()).getFileName());
    }

    private static String lastLine(Path file) throws IOException {
        List<String> lines =
                new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
        return lines.isEmpty() ? "" : ": " + lines.getLast().strip();
    }
}
