package dev.interlock;

/** The other side of a {@link Connection} between programs did not prove who it is: it has another key, belongs to another user, or is not a {@link Listener} at all. Nothing was sent to it but the proof, which does not tell the key. */
public final class AuthenticationException extends InterlockException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened, with values, and what to do about it
     */
    public AuthenticationException(String message) {
        super(message);
    }
}
