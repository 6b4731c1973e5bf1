package dev.interlock;

import dev.interlock.internal.process.Signals;
import java.io.Serializable;

/**
 * How a process ended: by itself with a code, or by a signal. The two are told apart exactly: {@code System.exit(137)} is
 * {@code exited(137)} and a SIGKILL is {@code signalled(9)}, though a shell shows 137 for both.
 *
 * <p>Two ends cannot be told apart, as they leave no trace in the process: {@code Runtime.halt(128 + n)} looks like signal {@code n},
 * and a SIGKILL from elsewhere while the shutdown hooks of an orderly end are running looks like {@code exited(137)}.
 */
public sealed interface ExitStatus extends Serializable {
    /**
     * The process ended by itself: its main method returned and its non-daemon threads ended (0, or 1 after an uncaught exception),
     * or somebody called {@code System.exit}.
     *
     * @param code the exit code, 0 to 255; the operating system keeps the low eight bits of what was given
     */
    record Exited(int code) implements ExitStatus {
        @Override
        public String toString() {
            return "exited(" + code + ")";
        }
    }

    /**
     * The process was ended by a signal, whether or not its shutdown hooks could run.
     *
     * @param signal the signal's number, as in 9 for SIGKILL
     */
    record Signalled(int signal) implements ExitStatus {
        /**
         * The signal's name on Linux.
         *
         * @return for example {@code SIGKILL}; {@code signal 42} if the number has no name
         */
        public String signalName() {
            return Signals.name(signal);
        }

        @Override
        public String toString() {
            return "signalled(" + signal + " " + signalName() + ")";
        }
    }

    /**
     * Whether the process ended by itself with code 0.
     *
     * @return true for {@code exited(0)} only
     */
    default boolean isSuccess() {
        return this instanceof Exited(int code) && code == 0;
    }

    /**
     * The status of a process that ended by itself.
     *
     * @param code its exit code
     * @return the status
     */
    static ExitStatus exited(int code) {
        return new Exited(code);
    }

    /**
     * The status of a process that a signal ended.
     *
     * @param signal the signal's number
     * @return the status
     */
    static ExitStatus signalled(int signal) {
        return new Signalled(signal);
    }
}
