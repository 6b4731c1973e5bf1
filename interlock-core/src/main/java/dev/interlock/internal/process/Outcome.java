package dev.interlock.internal.process;

import dev.interlock.RemoteException;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** What {@code get()} answers: a value, or a failure. */
final class Outcome {
    private final @Nullable Object value;
    private final @Nullable Throwable cause;
    private final String message; // of the failure
    private final @Nullable RemoteException
            trace; // where the failure happened, if it arrived as itself

    private Outcome(
            @Nullable Object value,
            @Nullable Throwable cause,
            String message,
            @Nullable RemoteException trace) {
        this.value = value;
        this.cause = cause;
        this.message = message;
        this.trace = trace;
    }

    static Outcome failed(Throwable cause) {
        return new Outcome(null, cause, String.valueOf(cause.getMessage()), null);
    }

    /** Rebuilds a result that a child reported. */
    static Outcome ofResult(byte[] bytes, String who, @Nullable ClassLoader loader) {
        try {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
            return new Outcome(Values.read(in, loader)[0], null, "", null);
        } catch (IOException | ReflectiveOperationException | RuntimeException | LinkageError e) {
            return failed(Unserializable.rebuild("the result of " + who, e));
        }
    }

    /** Rebuilds an exception that a child reported. */
    static Outcome ofFailure(byte[] bytes, String who, @Nullable ClassLoader loader) {
        try {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
            String className = Wire.readString(in);
            String message = Wire.readNullableString(in);
            String stackTrace = Wire.readString(in);
            String summary =
                    who + " failed: " + className + (message == null ? "" : ": " + message);
            Throwable cause = rebuild(Wire.readBlock(in), loader);
            if (cause == null) {
                String text = "In " + who + ": " + stackTrace.strip();
                cause = new RemoteException(text, className, message, stackTrace);
                return new Outcome(null, cause, summary, null);
            }
            String text = "Stack trace in " + who + ": " + stackTrace.strip();
            return new Outcome(
                    null,
                    cause,
                    summary,
                    new RemoteException(text, className, message, stackTrace));
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

    /** The value, or the failure as an exception of its own, since several threads may ask. */
    @Nullable Object get() throws ExecutionException {
        if (cause == null) return value;
        ExecutionException failure = new ExecutionException(message, cause);
        if (trace != null) failure.addSuppressed(trace);
        throw failure;
    }
}
