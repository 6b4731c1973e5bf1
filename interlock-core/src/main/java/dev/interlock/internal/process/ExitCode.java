package dev.interlock.internal.process;

import dev.interlock.ExitStatus;

/** Tells exit codes from signals: the JDK gives both as one number, 128 + n for signal n. */
final class ExitCode {
    private ExitCode() {}

    /**
     * The status of an ended child.
     *
     * @param code what the JDK gives
     * @param exitedInOrder whether the child reported that its end was no signal
     * @param killed whether we sent it a SIGKILL, which may have struck during an end in order
     */
    static ExitStatus toStatus(int code, boolean exitedInOrder, boolean killed) {
        int signal = code - 128;
        boolean isSignal = signal > 0 && signal <= Signals.LAST;
        if (!isSignal) return ExitStatus.exited(code);
        boolean ourKill = killed && signal == Signals.KILL;
        return exitedInOrder && !ourKill ? ExitStatus.exited(code) : ExitStatus.signalled(signal);
    }
}
