package dev.interlock.internal.process;

import java.io.IOException;

/*
 * System.exit(143) and SIGTERM look the same from outside, since the JVM handles the signal by an exit with 128 + its number. Inside they
 * differ: for a signal the exit is called by a thread that the JVM names "SIGTERM handler". It waits for this hook, so it is there to see.
 */
/** Runs when the child's JVM ends in order: tells the parent that it was no signal. */
final class ExitHook extends Thread {
    private final ReportWriter report;
    private final Lifeline lifeline;

    ExitHook(ReportWriter report, Lifeline lifeline) {
        super(null, null, "interlock-exit", 0, false);
        this.report = report;
        this.lifeline = lifeline;
    }

    @Override
    public void run() {
        lifeline.release();
        StandardStream.OUT.end();
        StandardStream.ERR.end();
        if (lifeline.isCut()) {
            report.delete();
        } else if (!isEndedBySignal()) {
            reportExit();
        }
    }

    private void reportExit() {
        try {
            report.exit();
        } catch (IOException e) {
            // the parent then takes an exit code above 128 for a signal: little is lost
        }
    }

    private static boolean isEndedBySignal() {
        ThreadGroup all = currentThread().getThreadGroup();
        for (ThreadGroup up = all.getParent(); up != null; up = up.getParent()) all = up;
        Thread[] threads = new Thread[all.activeCount() + 16];
        int count = all.enumerate(threads);
        for (int i = 0; i < count; i++) {
            String name = threads[i].getName();
            if (name.equals("SIGTERM handler")
                    || name.equals("SIGINT handler")
                    || name.equals("SIGHUP handler")) return true;
        }
        return false;
    }
}
