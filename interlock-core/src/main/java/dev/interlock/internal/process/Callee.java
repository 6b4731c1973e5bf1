package dev.interlock.internal.process;

import dev.interlock.Action;
import dev.interlock.TaskBiFunction;
import dev.interlock.TaskFunction;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/*
 *   callee   CALL or OBJECT (byte), then
 *   CALL     class, method, descriptor (strings), values: what was captured, the receiver first, if there is one
 *   OBJECT   block: the serialized task or function
 */
/** A task or function as it arrives in another process. {@link CalleeWriter} is its counterpart. */
public abstract class Callee {
    static final byte CALL = 1;
    static final byte OBJECT = 2;

    /**
     * Runs it, which may throw anything.
     *
     * @param given the arguments; none for a task
     */
    public abstract @Nullable Object call(@Nullable Object... given) throws Throwable;

    /** Whether each call finds the same: nothing was captured. */
    public abstract boolean isStateless();

    /** Rebuilds one from part of an array. */
    public static Callee fromBytes(byte[] bytes, int from, int length, @Nullable ClassLoader loader)
            throws IOException, ReflectiveOperationException {
        return read(new WireInput(new ByteArrayInputStream(bytes, from, length)), loader);
    }

    /** Rebuilds one, which is the last thing in what is read. */
    static Callee read(WireInput in, @Nullable ClassLoader loader)
            throws IOException, ReflectiveOperationException {
        if (in.readByte() == CALL) return readCall(in, loader);
        Object object = Serialization.fromBytes(Wire.readBlock(in), loader);
        if (object == null) throw new IOException("The task rebuilt itself as null");
        return new OfObject(object);
    }

    private static Callee readCall(WireInput in, @Nullable ClassLoader loader)
            throws IOException, ReflectiveOperationException {
        Class<?> type = Class.forName(Wire.readString(in), true, loader);
        String name = Wire.readString(in);
        String descriptor = Wire.readString(in);
        Method method = Methods.find(type, name, descriptor);
        if (method == null)
            throw new NoSuchMethodException(type.getName() + "." + name + descriptor);
        if (!Methods.isPublic(method)) method.setAccessible(true);
        return new OfMethod(method, Values.read(in, loader));
    }

    private static final class OfMethod extends Callee {
        private final Method method;
        private final @Nullable Object[] captured;

        OfMethod(Method method, @Nullable Object[] captured) {
            this.method = method;
            this.captured = captured;
        }

        @Override
        public boolean isStateless() {
            return captured.length == 0;
        }

        @Override
        public @Nullable Object call(@Nullable Object... given) throws Throwable {
            @Nullable Object[] all = captured.length == 0 ? given : joined(given);
            try {
                if (Modifier.isStatic(method.getModifiers())) return method.invoke(null, all);
                return method.invoke(all[0], withoutFirst(all));
            } catch (InvocationTargetException e) {
                throw e.getTargetException();
            }
        }

        private @Nullable Object[] joined(@Nullable Object[] given) {
            if (given.length == 0) return captured;
            @Nullable Object[] all = new @Nullable Object[captured.length + given.length];
            System.arraycopy(captured, 0, all, 0, captured.length);
            System.arraycopy(given, 0, all, captured.length, given.length);
            return all;
        }

        private static @Nullable Object[] withoutFirst(@Nullable Object[] all) {
            @Nullable Object[] others = new @Nullable Object[all.length - 1];
            System.arraycopy(all, 1, others, 0, others.length);
            return others;
        }
    }

    private static final class OfObject extends Callee {
        private final Object object;

        OfObject(Object object) {
            this.object = object;
        }

        @Override
        public boolean isStateless() {
            return false;
        }

        @Override
        @SuppressWarnings({
            "unchecked", // it was written as what it is
            "NullAway", // nulls are passed on to the user's function, who had sent them
            "IfChainToSwitch" // a switch over types is linked by method handles
        })
        public @Nullable Object call(@Nullable Object... given) throws Throwable {
            if (object instanceof TaskFunction<?, ?> function)
                return ((TaskFunction<Object, ?>) function).apply(given[0]);
            if (object instanceof TaskBiFunction<?, ?, ?> function)
                return ((TaskBiFunction<Object, Object, ?>) function).apply(given[0], given[1]);
            if (object instanceof Callable<?> task) return task.call();
            if (object instanceof Action action) action.run();
            else ((Runnable) object).run();
            return null;
        }
    }
}
