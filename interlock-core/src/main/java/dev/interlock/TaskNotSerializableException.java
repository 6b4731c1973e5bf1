package dev.interlock;

/** A task, an argument or a result cannot be sent to another process. */
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
}
