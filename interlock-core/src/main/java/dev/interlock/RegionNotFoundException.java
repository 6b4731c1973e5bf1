package dev.interlock;

/** There is no region of that name, or it was unlinked. */
public final class RegionNotFoundException extends InterlockException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened, with values, and what to do about it
     */
    public RegionNotFoundException(String message) {
        super(message);
    }
}
