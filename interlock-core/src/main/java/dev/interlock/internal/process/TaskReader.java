package dev.interlock.internal.process;

import dev.interlock.Action;
import dev.interlock.Task;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/*
 *   task     has a result (boolean), CALL or OBJECT (byte), then
 *   CALL     class, method, descriptor (strings), values: the receiver, if the method is not static, and the arguments
 *   OBJECT   block: the serialized task
 */
/** A task as it arrives in the child: rebuilt by the constructor's caller, then run once. */
abstract class TaskReader {
    static final byte CALL = 1;
    static final byte OBJECT = 2;

    /** Runs the task, which may throw anything. */
    abstract @Nullable Object run() throws Throwable;

    static TaskReader fromBytes(byte[] bytes, @Nullable ClassLoader loader)
            throws IOException, ReflectiveOperationException {
        WireInput in = new WireInput(new ByteArrayInputStream(bytes));
        boolean hasResult = in.readBoolean();
        if (in.readByte() == CALL) return readCall(in, hasResult, loader);
        Object task = Serialization.fromBytes(Wire.readBlock(in), loader);
        if (task == null) throw new IOException("The task rebuilt itself as null");
        return new OfObject(task, hasResult);
    }

    private static TaskReader readCall(
            WireInput in, boolean hasResult, @Nullable ClassLoader loader)
            throws IOException, ReflectiveOperationException {
        Class<?> type = Class.forName(Wire.readString(in), true, loader);
        String name = Wire.readString(in);
        String descriptor = Wire.readString(in);
        Method method = Methods.find(type, name, descriptor);
        if (method == null)
            throw new NoSuchMethodException(type.getName() + "." + name + descriptor);
        method.setAccessible(true);
        return new OfMethod(method, Values.read(in, loader), hasResult);
    }

    private static final class OfMethod extends TaskReader {
        private final Method method;
        private final @Nullable Object[] values;
        private final boolean hasResult;

        OfMethod(Method method, @Nullable Object[] values, boolean hasResult) {
            this.method = method;
            this.values = values;
            this.hasResult = hasResult;
        }

        @Override
        @Nullable Object run() throws Throwable {
            boolean isStatic = Modifier.isStatic(method.getModifiers());
            Object receiver = isStatic ? null : values[0];
            int from = isStatic ? 0 : 1;
            @Nullable Object[] arguments = new @Nullable Object[values.length - from];
            System.arraycopy(values, from, arguments, 0, arguments.length);
            try {
                Object result = method.invoke(receiver, arguments);
                return hasResult ? result : null;
            } catch (InvocationTargetException e) {
                throw e.getTargetException();
            }
        }
    }

    private static final class OfObject extends TaskReader {
        private final Object task;
        private final boolean hasResult;

        OfObject(Object task, boolean hasResult) {
            this.task = task;
            this.hasResult = hasResult;
        }

        @Override
        @Nullable Object run() throws Throwable {
            if (hasResult) return ((Task<?>) task).call();
            ((Action) task).run();
            return null;
        }
    }
}
