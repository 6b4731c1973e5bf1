package dev.interlock;

/** A child process cannot be started: no such directory, no memory, too many processes. */
public final class ProcessStartException extends InterlockException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened, with values, and what to do about it
     */
    public ProcessStartException(String message) {
        super(message);
    }
}
