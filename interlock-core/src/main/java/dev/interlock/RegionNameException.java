package dev.interlock;

/** A region or object name is empty, too long, or has characters that are not allowed. */
public final class RegionNameException extends InterlockException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened, with values, and what to do about it
     */
    public RegionNameException(String message) {
        super(message);
    }
}
