package dev.interlock.internal.pool;

import dev.interlock.internal.process.Callee;
import dev.interlock.internal.process.Packed;
import dev.interlock.internal.process.TaskReader;
import dev.interlock.internal.process.Unserializable;
import dev.interlock.internal.process.WireInput;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a message asks a worker to call: a task once, or a function several times. */
final class Calls {
    private static final ClassLoader LOADER = ClassLoader.getSystemClassLoader();

    // of the main thread, which alone runs tasks
    private static @Nullable Callee lastFunction; // null unless each call finds it the same
    private static byte[] lastBytes = {};

    private @Nullable Object[] results = {null};
    private int done;

    /** Calls all, or until one fails. */
    void run(byte[] message) throws Throwable {
        if (message[TaskMessage.FORM_AT] == TaskMessage.CHUNK) runChunk(message);
        else add(task(message).run());
    }

    /** Of the calls that did not fail. */
    @Nullable Object[] results() {
        return done == results.length ? results : Arrays.copyOf(results, done);
    }

    private void add(@Nullable Object result) {
        results[done++] = result;
    }

    private static TaskReader task(byte[] message) {
        try {
            return TaskReader.read(WireInput.of(message, TaskMessage.BODY_AT), LOADER);
        } catch (IOException | ReflectiveOperationException | RuntimeException | LinkageError e) {
            throw Unserializable.rebuild("the task", e);
        }
    }

    private void runChunk(byte[] message) throws Throwable {
        int length = TaskMessage.functionLength(message);
        Callee function = function(message, length);
        @Nullable Object[] arguments = arguments(message, TaskMessage.FUNCTION_AT + length);
        int arity = message[TaskMessage.ARITY_AT];
        results = new @Nullable Object[arguments.length / arity];
        @Nullable Object[] given = new @Nullable Object[arity]; // nobody keeps it
        for (int i = 0; i < arguments.length; i += arity) {
            System.arraycopy(arguments, i, given, 0, arity);
            add(function.call(given));
        }
    }

    /* A map sends its function with every chunk, so mostly it is that of the chunk before. */
    private static Callee function(byte[] message, int length) {
        int from = TaskMessage.FUNCTION_AT;
        Callee known = lastFunction;
        if (known != null
                && Arrays.equals(message, from, from + length, lastBytes, 0, lastBytes.length))
            return known;
        Callee function = rebuilt(message, length);
        lastFunction = function.isStateless() ? function : null;
        lastBytes = Arrays.copyOfRange(message, from, from + length);
        return function;
    }

    private static Callee rebuilt(byte[] message, int length) {
        try {
            return Callee.fromBytes(message, TaskMessage.FUNCTION_AT, length, LOADER);
        } catch (IOException | ReflectiveOperationException | RuntimeException | LinkageError e) {
            throw Unserializable.rebuild("the function", e);
        }
    }

    private static @Nullable Object[] arguments(byte[] message, int from) {
        try {
            return Packed.read(message, from, LOADER);
        } catch (IOException | ReflectiveOperationException | RuntimeException | LinkageError e) {
            throw Unserializable.rebuild("the function's arguments", e);
        }
    }
}
