package dev.interlock;

/** A message is larger than what it was to be received into. It is still there: receive it into something larger. */
public final class BufferTooSmallException extends InterlockException {
    private static final long serialVersionUID = 1L;

    /** How large the message is. */
    private final long messageBytes;

    /**
     * Creates an exception.
     *
     * @param messageBytes how large the message is
     * @param room how much of it there is room for
     */
    public BufferTooSmallException(long messageBytes, long room) {
        super(
                "The message has "
                        + messageBytes
                        + " bytes, and there is room for "
                        + room
                        + ". Receive it again, into something larger; it is still there.");
        this.messageBytes = messageBytes;
    }

    /**
     * How large the message is.
     *
     * @return how many bytes
     */
    public long messageBytes() {
        return messageBytes;
    }
}
