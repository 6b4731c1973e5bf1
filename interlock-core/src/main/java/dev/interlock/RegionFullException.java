package dev.interlock;

/** A region has reached its limit, or the file system that holds it is full. */
public final class RegionFullException extends InterlockException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened, with values, and what to do about it
     */
    public RegionFullException(String message) {
        super(message);
    }
}
