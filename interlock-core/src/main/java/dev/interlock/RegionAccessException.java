package dev.interlock;

/** A region's file or directory may not be used: wrong owner, a symbolic link, not a regular file, or no permission. */
public final class RegionAccessException extends InterlockException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened, with values, and what to do about it
     */
    public RegionAccessException(String message) {
        super(message);
    }
}
