package dev.interlock;

/** A {@link Listener} could not begin to listen, or could not be reached. */
public final class ConnectionFailedException extends InterlockException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened, with values, and what to do about it
     */
    public ConnectionFailedException(String message) {
        super(message);
    }
}
