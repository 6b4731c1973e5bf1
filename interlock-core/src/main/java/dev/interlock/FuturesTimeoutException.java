package dev.interlock;

/** Futures were not done in time, see {@link ProcessPool#asCompleted(java.util.Collection, java.time.Duration)}. */
public final class FuturesTimeoutException extends InterlockException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened, with values, and what to do about it
     */
    public FuturesTimeoutException(String message) {
        super(message);
    }
}
