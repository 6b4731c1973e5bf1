package dev.interlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Starts the {@code ./interlock} script from a shell, as users do. */
record Launcher(Path script, Path directory, Map<String, String> environment) {
    static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    static final Path SCRIPT = PROJECT.resolve("interlock");

    /** Marks the processes of the tests of one build. */
    private static final @Nullable String SUITE = System.getenv("INTERLOCK_SUITE");

    private static final long WATCHDOG_MINUTES = 10;

    /** The script as it is called in {@code directory}, on the JDK that runs this test. */
    static Launcher in(Path directory) {
        return new Launcher(
                SCRIPT, directory, Map.of("JAVA_HOME", System.getProperty("java.home")));
    }

    Launcher calledAs(Path link) {
        return new Launcher(link, directory, environment);
    }

    /** With these variables and a PATH, and nothing else of this process's environment. */
    Launcher with(Map<String, String> environment) {
        return new Launcher(script, directory, environment);
    }

    Run run(String... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile("launcher", ".out");
        Path errors = Files.createTempFile("launcher", ".err");
        try {
            return run(List.of(arguments), output, errors);
        } finally {
            Files.delete(output);
            Files.delete(errors);
        }
    }

    /** The same with its output going elsewhere, where it cannot be read. */
    Run runInto(Path output, String... arguments) throws IOException, InterruptedException {
        Path errors = Files.createTempFile("launcher", ".err");
        try {
            return run(List.of(arguments), output, errors);
        } finally {
            Files.delete(errors);
        }
    }

    private Run run(List<String> arguments, Path output, Path errors)
            throws IOException, InterruptedException {
        Process process = start(arguments, output, errors);
        boolean ended = process.waitFor(WATCHDOG_MINUTES, TimeUnit.MINUTES);
        process.destroyForcibly();
        String printed = Files.isRegularFile(output) ? Files.readString(output) : "";
        assertThat(ended).as("ended; it printed %s", printed).isTrue();
        return new Run(process.waitFor(), printed, Files.readString(errors));
    }

    private Process start(List<String> arguments, Path output, Path errors) throws IOException {
        var command = new ArrayList<>(List.of(script.toString()));
        command.addAll(arguments);
        var builder =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", System.getenv("PATH"));
        builder.environment().put("HOME", System.getProperty("user.home"));
        if (SUITE != null) builder.environment().put("INTERLOCK_SUITE", SUITE);
        builder.environment().putAll(environment);
        return builder.start();
    }

    record Run(int exitCode, String output, String errors) {}
}
