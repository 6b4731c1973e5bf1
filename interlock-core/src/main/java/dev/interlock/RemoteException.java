package dev.interlock;

import org.jspecify.annotations.Nullable;

/**
 * An exception thrown in another process, as text. It stands in for an exception that cannot be sent or rebuilt (because it, or
 * something in it, is not serializable, or its class is missing here), and it goes along as a suppressed exception with one that
 * arrived as itself, to show where it was thrown. It has no stack trace of its own; the message holds the remote one.
 */
public final class RemoteException extends InterlockException {
    private static final long serialVersionUID = 1L;

    /** The class of the process's exception. */
    private final String remoteClassName;

    /** The message of the process's exception. */
    private final @Nullable String remoteMessage;

    /** The stack trace of the process's exception, as text. */
    private final String remoteStackTrace;

    /**
     * Creates an exception.
     *
     * @param message what happened and where
     * @param remoteClassName the name of the class of the exception that was thrown
     * @param remoteMessage the message of the exception that was thrown, or null
     * @param remoteStackTrace the stack trace of the exception that was thrown, with its causes, as printed
     */
    public RemoteException(
            String message,
            String remoteClassName,
            @Nullable String remoteMessage,
            String remoteStackTrace) {
        super(message);
        this.remoteClassName = remoteClassName;
        this.remoteMessage = remoteMessage;
        this.remoteStackTrace = remoteStackTrace;
        setStackTrace(new StackTraceElement[0]);
    }

    /**
     * The class of the exception that was thrown.
     *
     * @return the name of the class, as {@link Class#getName()} gives it
     */
    public String remoteClassName() {
        return remoteClassName;
    }

    /**
     * The message of the exception that was thrown.
     *
     * @return the message, or null if it had none
     */
    public @Nullable String remoteMessage() {
        return remoteMessage;
    }

    /**
     * The stack trace in the other process, with causes and suppressed exceptions, as {@link Throwable#printStackTrace()} prints it.
     *
     * @return several lines of text
     */
    public String remoteStackTrace() {
        return remoteStackTrace;
    }
}
