package dev.interlock;

/** A child process ended without giving the result that was asked for. */
public final class ProcessDiedException extends InterlockException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened, with values, and what to do about it
     */
    public ProcessDiedException(String message) {
        super(message);
    }
}
