package dev.interlock;

/** A region of that name exists already. */
public final class RegionExistsException extends InterlockException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened, with values, and what to do about it
     */
    public RegionExistsException(String message) {
        super(message);
    }
}
