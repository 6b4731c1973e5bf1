package dev.interlock.internal.process;

/** Names of signals, as numbered by Linux on x86 and Arm. */
public final class Signals {
    static final int ABRT = 6;
    static final int KILL = 9;
    static final int SEGV = 11;
    static final int BUS = 7;
    static final int LAST = 64;

    private static final String[] NAMES =
            ("0 HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG"
                            + " XCPU XFSZ VTALRM PROF WINCH IO PWR SYS")
                    .split(" ", -1);

    private Signals() {}

    /** {@code SIGKILL} for 9; {@code signal 42} for a number without a name. */
    public static String name(int signal) {
        return signal > 0 && signal < NAMES.length ? "SIG" + NAMES[signal] : "signal " + signal;
    }
}
