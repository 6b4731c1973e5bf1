package dev.interlock;

/** Root of the unchecked exceptions of this library; each kind of failure has a subclass of its own. */
public class InterlockException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened, with values, and what to do about it
     */
    public InterlockException(String message) {
        super(message);
    }
}
