package dev.interlock;

/** A wait could never have ended: the thread would have waited for itself. */
public final class DeadlockException extends InterlockException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened, with values, and what to do about it
     */
    public DeadlockException(String message) {
        super(message);
    }
}
