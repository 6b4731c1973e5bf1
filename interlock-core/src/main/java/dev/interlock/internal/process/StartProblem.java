package dev.interlock.internal.process;

import dev.interlock.ProcessStartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Says why a process could not be started. */
public final class StartProblem {
    private StartProblem() {}

    static ProcessStartException of(String name, @Nullable Path directory, IOException problem) {
        return new ProcessStartException(
                "Cannot start process '" + name + "': " + reason(directory, problem), problem);
    }

    private static String reason(@Nullable Path directory, IOException problem) {
        if (directory != null && !Files.isDirectory(directory)) {
            return "its working directory '"
                    + directory
                    + "' does not exist. Create it, or name another.";
        }
        Path java = CommandLine.java();
        if (!Files.isExecutable(java)) {
            return "there is no program '"
                    + java
                    + "'. This Java installation has been removed or has no launcher: run on a JDK or JRE that has one.";
        }
        // what the JDK guesses in further lines has other causes
        String text = String.valueOf(problem.getMessage()).lines().findFirst().orElse("").strip();
        if (hasError(text, "11|12")) {
            return "the system allows no more processes or memory ("
                    + text
                    + "). Start fewer at once, or raise the limits"
                    + " (ulimit -u, the control group's pids.max and memory.max).";
        }
        if (hasError(text, "24")) {
            return "this process has too many open files ("
                    + text
                    + "). Raise the limit (ulimit -n).";
        }
        return text + ". Check the working directory, the temporary directory and the environment.";
    }

    /* Java says "error=11, ..." or, of a failed posix_spawn, "error: 11 (...)". */
    private static boolean hasError(String text, String numbers) {
        return text.matches(".*error(=|: )(" + numbers + ")\\b.*");
    }

    /** There is no thread for what serves a process. */
    public static ProcessStartException noThread(String name, Throwable problem) {
        return new ProcessStartException(
                "Cannot start process '"
                        + name
                        + "': no thread can be made to serve it ("
                        + problem.getMessage()
                        + "). Start fewer processes at once, or raise the limits (ulimit -u, the control group's pids.max).",
                problem);
    }
}
