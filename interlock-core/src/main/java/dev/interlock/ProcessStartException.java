package dev.interlock;

import org.jspecify.annotations.Nullable;

/** A process could not be started; nothing of it is left behind. */
public final class ProcessStartException extends InterlockException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened, with values, and what to do about it
     * @param cause what the operating system said, or null
     */
    public ProcessStartException(String message, @Nullable Throwable cause) {
        super(message);
        if (cause != null) initCause(cause);
    }
}
