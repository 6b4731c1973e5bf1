package dev.interlock;

/** How a process ended. */
public sealed interface ExitStatus {
    /** The process ended by itself with an exit code. @param code the exit code, 0 to 255 */
    record Exited(int code) implements ExitStatus {}

    /** The process was ended by a signal. @param signal the signal's number, as in 9 for SIGKILL */
    record Signalled(int signal) implements ExitStatus {}

    static ExitStatus exited(int code) {
        return new Exited(code);
    }

    static ExitStatus signalled(int signal) {
        return new Signalled(signal);
    }
}
