package dev.interlock;

/** A {@link SharedQueue} was closed: nothing can be put into it, or all that was in it has been taken. */
public final class QueueClosedException extends InterlockException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened, with values, and what to do about it
     */
    public QueueClosedException(String message) {
        super(message);
    }
}
