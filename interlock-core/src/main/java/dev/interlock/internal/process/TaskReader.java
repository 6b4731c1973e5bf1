package dev.interlock.internal.process;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/*
 *   task     has a result (boolean), callee
 */
/** A task as it arrives in the child: rebuilt by the constructor's caller, then run once. */
public final class TaskReader {
    private final Callee callee;
    private final boolean hasResult;

    private TaskReader(Callee callee, boolean hasResult) {
        this.callee = callee;
        this.hasResult = hasResult;
    }

    /** Rebuilds a task, whose classes are looked up by {@code loader}. */
    public static TaskReader fromBytes(byte[] bytes, @Nullable ClassLoader loader)
            throws IOException, ReflectiveOperationException {
        return read(WireInput.of(bytes, 0), loader);
    }

    /** Rebuilds a task, which is the last thing in what is read. */
    public static TaskReader read(WireInput in, @Nullable ClassLoader loader)
            throws IOException, ReflectiveOperationException {
        boolean hasResult = in.readBoolean();
        return new TaskReader(Callee.read(in, loader), hasResult);
    }

    /** Runs the task, which may throw anything. */
    public @Nullable Object run() throws Throwable {
        Object result = callee.call();
        return hasResult ? result : null;
    }
}
