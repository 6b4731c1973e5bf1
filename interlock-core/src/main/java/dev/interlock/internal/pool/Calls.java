package dev.interlock.internal.pool;

import dev.interlock.internal.process.Callee;
import dev.interlock.internal.process.TaskReader;
import dev.interlock.internal.process.Unserializable;
import dev.interlock.internal.process.Values;
import dev.interlock.internal.process.WireInput;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a message asks a worker to call: a task once, or a function several times. */
final class Calls {
    private static final ClassLoader LOADER = ClassLoader.getSystemClassLoader();

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
        for (int i = 0; i < arguments.length; i += arity)
            add(function.call(Arrays.copyOfRange(arguments, i, i + arity)));
    }

    private static Callee function(byte[] message, int length) {
        try {
            return Callee.fromBytes(message, TaskMessage.FUNCTION_AT, length, LOADER);
        } catch (IOException | ReflectiveOperationException | RuntimeException | LinkageError e) {
            throw Unserializable.rebuild("the function", e);
        }
    }

    private static @Nullable Object[] arguments(byte[] message, int from) {
        try {
            return Values.read(WireInput.of(message, from), LOADER);
        } catch (IOException | ReflectiveOperationException | RuntimeException | LinkageError e) {
            throw Unserializable.rebuild("the function's arguments", e);
        }
    }
}
