package dev.interlock;

/** Carries the name, message and stack trace of an exception thrown in another process. */
public final class RemoteException extends InterlockException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened, with values, and what to do about it
     */
    public RemoteException(String message) {
        super(message);
    }
}
