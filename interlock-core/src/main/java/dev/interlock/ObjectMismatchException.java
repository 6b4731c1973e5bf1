package dev.interlock;

/** A named object exists with another type, length or option than the one asked for. */
public final class ObjectMismatchException extends InterlockException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened, with values, and what to do about it
     */
    public ObjectMismatchException(String message) {
        super(message);
    }
}
