package dev.interlock.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program run to its end in a JVM of its own, with all it printed. */
record JavaRun(int exitCode, List<String> output, List<String> errors) {
    private static final long WATCHDOG_MINUTES = 5;

    static JavaRun of(Class<?> program, Path directory) throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "output", ".txt");
        Path errors = Files.createTempFile(directory, "errors", ".txt");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                program.getName())
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile())
                        .start();
        boolean ended = process.waitFor(WATCHDOG_MINUTES, TimeUnit.MINUTES);
        process.destroyForcibly();
        assertThat(ended)
                .as("%s ended; it printed %s", program, Files.readAllLines(output))
                .isTrue();
        return new JavaRun(
                process.waitFor(), Files.readAllLines(output), Files.readAllLines(errors));
    }

    /** The steps that were printed, in order: "add 3: number = 4 -> 7". */
    List<Step> steps() {
        return output.stream().filter(line -> line.startsWith("add ")).map(Step::parse).toList();
    }

    record Step(int by, int before, int after) {
        static Step parse(String line) {
            String[] parts = line.split(": number = | -> ", -1);
            return new Step(
                    Integer.parseInt(parts[0].substring("add ".length())),
                    Integer.parseInt(parts[1]),
                    Integer.parseInt(parts[2]));
        }
    }
}
