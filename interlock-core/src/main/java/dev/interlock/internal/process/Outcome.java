package dev.interlock.internal.process;

import dev.interlock.RemoteException;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** What {@code get()} answers: a value, or a failure. */
public final class Outcome {
    private final @Nullable Object value;
    private final @Nullable Throwable cause;
    private final String message; // of the failure

    private Outcome(@Nullable Object value, @Nullable Throwable cause, String message) {
        this.value = value;
        this.cause = cause;
        this.message = message;
    }

    /** A failure that was found here. */
    public static Outcome failed(Throwable cause) {
        return new Outcome(null, cause, String.valueOf(cause.getMessage()));
    }

    /** A value that was made here. */
    public static Outcome ofValue(@Nullable Object value) {
        return new Outcome(value, null, "");
    }

    /** Rebuilds a result that a child reported. */
    static Outcome ofResult(byte[] bytes, String who, @Nullable ClassLoader loader) {
        try {
            return ofValue(Values.read(WireInput.of(bytes, 0), loader)[0]);
        } catch (Throwable e) { // of the user's methods that read it
            return failed(Unserializable.rebuild("the result of " + who, e));
        }
    }

    /** Rebuilds an exception that a child reported, see {@link ReportWriter#failureBytes}. */
    public static Outcome ofFailure(byte[] bytes, String who, @Nullable ClassLoader loader) {
        try {
            WireInput in = WireInput.of(bytes, 0);
            String className = Wire.readString(in);
            String message = Wire.readNullableString(in);
            String stackTrace = Wire.readString(in);
            String summary =
                    who + " failed: " + className + (message == null ? "" : ": " + message);
            RemoteException remote =
                    new RemoteException(
                            "In " + who + ": " + stackTrace.strip(),
                            className,
                            message,
                            stackTrace);
            Throwable cause = rebuild(Wire.readBlock(in), loader);
            if (cause == null) return new Outcome(null, remote, summary);
            cause.addSuppressed(remote); // shows where it was thrown
            return new Outcome(null, cause, summary);
        } catch (IOException e) {
            return failed(Unserializable.rebuild("the failure of " + who, e));
        }
    }

    private static @Nullable Throwable rebuild(byte[] bytes, @Nullable ClassLoader loader) {
        if (bytes.length == 0) return null;
        try {
            return (Throwable) Serialization.fromBytes(bytes, loader);
        } catch (Throwable e) { // of the user's methods that read it
            return null; // its text will do
        }
    }

    /** Why there is no value; null if there is one. */
    public @Nullable Throwable failure() {
        return cause;
    }

    /** The value, or the failure in an exception of its own, since several threads may ask. */
    public @Nullable Object get() throws ExecutionException {
        if (cause == null) return value;
        throw new ExecutionException(message, cause);
    }
}
