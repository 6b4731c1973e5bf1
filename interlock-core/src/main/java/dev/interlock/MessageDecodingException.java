package dev.interlock;

/**
 * A message was taken whose bytes cannot be turned into an object here. It is not in the queue any more; it went to the dead letters,
 * if the queue has some. The queue can be used as before. The cause says why.
 */
public final class MessageDecodingException extends InterlockException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened, with values, and what to do about it
     * @param cause what the codec threw
     */
    public MessageDecodingException(String message, Throwable cause) {
        super(message);
        initCause(cause);
    }
}
