package dev.interlock.internal.sync;

/** Turns the end of a wait into what callers expect. */
final class SignalWaits {
    private SignalWaits() {}

    /** False if the time ran out. */
    static boolean ended(SignalWord.Seen seen) throws InterruptedException {
        return switch (seen) {
            case YES -> true;
            case TIMED_OUT -> false;
            case INTERRUPTED -> throw new InterruptedException();
        };
    }
}
