package dev.interlock;

/** How a process ended: by itself with an exit code, or by a signal. */
public sealed interface ExitStatus {
    /**
     * The process ended by itself.
     *
     * @param code its exit code, 0 to 255
     */
    record Exited(int code) implements ExitStatus {
        @Override
        public String toString() {
            return "exited(" + code + ")";
        }
    }

    /**
     * The process was ended by a signal.
     *
     * @param signal the signal's number, as in 9 for SIGKILL
     */
    record Signalled(int signal) implements ExitStatus {
        /**
         * The signal's name.
         *
         * @return as in {@code SIGKILL}
         */
        public String signalName() {
            return switch (signal) {
                case 1 -> "SIGHUP";
                case 2 -> "SIGINT";
                case 3 -> "SIGQUIT";
                case 4 -> "SIGILL";
                case 6 -> "SIGABRT";
                case 7 -> "SIGBUS";
                case 8 -> "SIGFPE";
                case 9 -> "SIGKILL";
                case 11 -> "SIGSEGV";
                case 13 -> "SIGPIPE";
                case 14 -> "SIGALRM";
                case 15 -> "SIGTERM";
                default -> "SIG" + signal;
            };
        }

        @Override
        public String toString() {
            return "signalled(" + signal + " " + signalName() + ")";
        }
    }

    /**
     * A status of a process that ended by itself.
     *
     * @param code its exit code
     * @return the status
     */
    static ExitStatus exited(int code) {
        return new Exited(code);
    }

    /**
     * A status of a process that a signal ended.
     *
     * @param signal the signal's number
     * @return the status
     */
    static ExitStatus signalled(int signal) {
        return new Signalled(signal);
    }

    /**
     * Whether the process ended by itself with code 0.
     *
     * @return whether it did
     */
    default boolean isSuccess() {
        return this instanceof Exited exited && exited.code == 0;
    }
}
