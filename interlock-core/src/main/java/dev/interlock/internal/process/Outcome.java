package dev.interlock.internal.process;

import dev.interlock.RemoteException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** What {@code get()} answers: a value, or a failure. */
final class Outcome {
    private final @Nullable Object value;
    private final @Nullable Throwable cause;
    private final String message; // of the failure

    private Outcome(@Nullable Object value, @Nullable Throwable cause, String message) {
        this.value = value;
        this.cause = cause;
        this.message = message;
    }

    static Outcome failed(Throwable cause) {
        return new Outcome(null, cause, String.valueOf(cause.getMessage()));
    }

    /** Rebuilds a result that a child reported. */
    static Outcome ofResult(byte[] bytes, String who, @Nullable ClassLoader loader) {
        try {
            WireInput in = new WireInput(new ByteArrayInputStream(bytes));
            return new Outcome(Values.read(in, loader)[0], null, "");
        } catch (IOException | ReflectiveOperationException | RuntimeException | LinkageError e) {
            return failed(Unserializable.rebuild("the result of " + who, e));
        }
    }

    /** Rebuilds an exception that a child reported. */
    static Outcome ofFailure(byte[] bytes, String who, @Nullable ClassLoader loader) {
        try {
            WireInput in = new WireInput(new ByteArrayInputStream(bytes));
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
        } catch (IOException | ReflectiveOperationException | RuntimeException | LinkageError e) {
            return null; // its text will do
        }
    }

    /** The value, or the failure in an exception of its own, since several threads may ask. */
    @Nullable Object get() throws ExecutionException {
        if (cause == null) return value;
        throw new ExecutionException(message, cause);
    }
}
