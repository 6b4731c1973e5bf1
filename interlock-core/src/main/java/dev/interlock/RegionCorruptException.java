package dev.interlock;

/** A region's file is not a region, is truncated, or holds values that cannot be true. */
public final class RegionCorruptException extends InterlockException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened, with values, and what to do about it
     */
    public RegionCorruptException(String message) {
        super(message);
    }
}
