package dev.interlock;

import java.util.List;

/**
 * A process ended without giving the result that was asked for: it was killed, it called {@code System.exit}, or its JVM could not
 * start or crashed. The message holds all there is to know; the methods give it in parts.
 */
public final class ProcessDiedException extends InterlockException {
    private static final long serialVersionUID = 1L;

    /** The name of the process that died. */
    private final String processName;

    /** Its process id. */
    private final long pid;

    /** How it ended. */
    private final ExitStatus exitStatus;

    /** The last lines it wrote to its standard error, joined by newlines. */
    private final String errorOutput;

    /**
     * Creates an exception.
     *
     * @param message what happened, with values, and what to do about it
     * @param processName the name of the process that died
     * @param pid its process id
     * @param exitStatus how it ended
     * @param errorOutput the last lines it wrote to its standard error
     */
    public ProcessDiedException(
            String message,
            String processName,
            long pid,
            ExitStatus exitStatus,
            List<String> errorOutput) {
        super(message);
        this.processName = processName;
        this.pid = pid;
        this.exitStatus = exitStatus;
        this.errorOutput = String.join("\n", errorOutput);
    }

    /**
     * The name of the process that died.
     *
     * @return its name
     */
    public String processName() {
        return processName;
    }

    /**
     * The process id of the process that died. Another process may have it by now.
     *
     * @return its process id
     */
    public long pid() {
        return pid;
    }

    /**
     * How the process ended.
     *
     * @return its exit status
     */
    public ExitStatus exitStatus() {
        return exitStatus;
    }

    /**
     * The last lines that the process wrote to its standard error: at most 40 lines and 16 KiB.
     *
     * @return the lines, oldest first; empty if there are none or its standard error did not pass through this process
     */
    public List<String> errorOutput() {
        return errorOutput.isEmpty() ? List.of() : List.of(errorOutput.split("\n", -1));
    }
}
