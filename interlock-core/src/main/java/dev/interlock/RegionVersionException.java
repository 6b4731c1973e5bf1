package dev.interlock;

/** A region was made by a version of the library with another layout. */
public final class RegionVersionException extends InterlockException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened, with values, and what to do about it
     */
    public RegionVersionException(String message) {
        super(message);
    }
}
