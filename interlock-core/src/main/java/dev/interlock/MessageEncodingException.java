package dev.interlock;

/** A message cannot be turned into bytes, so it was not put into the queue. The cause says why. */
public final class MessageEncodingException extends InterlockException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened, with values, and what to do about it
     * @param cause what the codec threw
     */
    public MessageEncodingException(String message, Throwable cause) {
        super(message);
        initCause(cause);
    }
}
