package dev.interlock.internal.process;

import dev.interlock.ExitStatus;
import dev.interlock.ProcessDiedException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says how a process died that gave no result, with what hints there are. */
final class DeathReport {
    private final @Nullable OutputTail errorOutput; // null if it did not pass through this process
    private final Charset charset;
    private final String directory; // where the process ran
    private final List<String> options; // what the user added to its command line

    DeathReport(
            @Nullable OutputTail errorOutput,
            Charset charset,
            String directory,
            List<String> options) {
        this.errorOutput = errorOutput;
        this.charset = charset;
        this.directory = directory;
        this.options = List.copyOf(options);
    }

    ProcessDiedException exception(String name, long pid, ExitStatus status, Report report) {
        List<String> lines = errorOutput == null ? List.of() : errorOutput.lines(charset);
        StringBuilder text = new StringBuilder();
        text.append("Process '").append(name).append("' (pid ").append(pid).append(") ");
        text.append("ended before its task returned: ").append(status).append('.');
        text.append(hint(pid, status, report.exitedInOrder(), String.join("\n", lines)));
        if (report.problem() != null)
            text.append(" Its report cannot be read: ").append(report.problem()).append('.');
        if (!lines.isEmpty()) {
            text.append(" Last lines of its standard error:");
            for (String line : lines) text.append("\n    ").append(line);
        }
        return new ProcessDiedException(text.toString(), name, pid, status, lines);
    }

    private String hint(long pid, ExitStatus status, boolean exitedInOrder, String output) {
        if (isOutOfMemory(output))
            return " It ran out of memory: give it more heap with jvmOptions(\"-Xmx...\"), or start fewer processes at once.";
        return switch (status) {
            case ExitStatus.Signalled(int signal) -> signalHint(pid, signal);
            case ExitStatus.Exited(int code) -> exitHint(code, exitedInOrder);
        };
    }

    private static boolean isOutOfMemory(String output) {
        return output.contains("OutOfMemoryError")
                || output.contains("insufficient memory for the Java Runtime");
    }

    private String signalHint(long pid, int signal) {
        return switch (signal) {
            case Signals.KILL ->
                    " If nobody killed it, the kernel may have, for want of memory: look for 'oom-kill' in the output of dmesg,"
                            + " or for 'oom_kill' in the control group's memory.events.";
            case Signals.ABRT, Signals.SEGV, Signals.BUS ->
                    " The JVM crashed: look for the file "
                            + directory
                            + "/hs_err_pid"
                            + pid
                            + ".log.";
            default -> "";
        };
    }

    private String exitHint(int code, boolean exitedInOrder) {
        if (exitedInOrder) return " It called System.exit.";
        if (code != 1 || options.isEmpty())
            return " It ended without running shutdown hooks, so its JVM did not start, or was halted.";
        return String.format(
                Locale.ROOT,
                " Its JVM did not start, or was halted. It had the extra JVM options %s.",
                options);
    }
}
