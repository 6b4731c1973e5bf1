package dev.interlock;

/** Nobody is at the other end of a {@link Connection} any more: all have closed it, or are dead. What was sent before has been received. */
public final class ConnectionClosedException extends InterlockException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened, with values, and what to do about it
     */
    public ConnectionClosedException(String message) {
        super(message);
    }
}
