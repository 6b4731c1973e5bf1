package dev.interlock.internal.process;

import dev.interlock.ProcessStartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Says why a process could not be started. */
final class StartProblem {
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
        String text = String.valueOf(problem.getMessage());
        if (text.contains("error=11,")
                || text.contains("error=12,")
                || text.contains("error: 11,")) {
            return "the system allows no more processes or memory ("
                    + text
                    + "). Start fewer at once, or raise the limits"
                    + " (ulimit -u, the control group's pids.max and memory.max).";
        }
        if (text.contains("error=24,")) {
            return "this process has too many open files ("
                    + text
                    + "). Raise the limit (ulimit -n).";
        }
        return text + ". Check the working directory, the temporary directory and the environment.";
    }

    static ProcessStartException noThread(String name, Throwable problem) {
        return new ProcessStartException(
                "Cannot start process '"
                        + name
                        + "': no thread can be made to serve it ("
                        + problem.getMessage()
                        + "). Start fewer processes at once, or raise the limits (ulimit -u, the control group's pids.max).",
                problem);
    }
}
