package dev.interlock;

import org.jspecify.annotations.Nullable;

/**
 * A task, what it captured, or a result cannot be sent to another process, or cannot be rebuilt there. The message names the captured
 * argument or the path of fields that leads to the object in question, and its class.
 */
public final class TaskNotSerializableException extends InterlockException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened, with values, and what to do about it
     */
    public TaskNotSerializableException(String message) {
        super(message);
    }

    /**
     * Creates an exception with a cause.
     *
     * @param message what happened, with values, and what to do about it
     * @param cause what serialization said, or null
     */
    public TaskNotSerializableException(String message, @Nullable Throwable cause) {
        super(message);
        if (cause != null) initCause(cause);
    }
}
