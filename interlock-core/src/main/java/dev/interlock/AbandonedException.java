package dev.interlock;

/** The last owner of a lock died while holding it, and the lock's policy is to throw. */
public final class AbandonedException extends InterlockException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened, with values, and what to do about it
     */
    public AbandonedException(String message) {
        super(message);
    }
}
