package dev.interlock.internal.process;

import dev.interlock.Action;
import dev.interlock.TaskBiFunction;
import dev.interlock.TaskFunction;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
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

    /** Whether each call finds the same: nothing was captured that a call could change. */
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
        String type = Wire.readString(in);
        String name = Wire.readString(in);
        String descriptor = Wire.readString(in);
        Method method = KnownMethods.find(type, name, descriptor, loader);
        return new OfMethod(method, Values.read(in, loader));
    }

    /*
     * A call by reflection takes a third of a microsecond, since children use native accessors: a method handle costs a fresh JVM some ten
     * milliseconds. So one is made for a method that was called so often that it pays.
     */
    private static final class OfMethod extends Callee {
        private static final int CALLS_BEFORE_HANDLE = 20_000;

        private final Method method;
        private final @Nullable Object[] captured;
        private int calls;
        private @Nullable MethodHandle handle; // takes all arguments in an array

        OfMethod(Method method, @Nullable Object[] captured) {
            this.method = method;
            this.captured = captured;
        }

        @Override
        public boolean isStateless() {
            for (Object value : captured) {
                if (value != null && !isImmutable(value)) return false;
            }
            return true;
        }

        private static boolean isImmutable(Object value) {
            return value instanceof String
                    || value instanceof Boolean
                    || value instanceof Character
                    || (value instanceof Number
                            && value.getClass().getPackageName().equals("java.lang"));
        }

        @Override
        public @Nullable Object call(@Nullable Object... given) throws Throwable {
            MethodHandle fast = handle;
            if (fast != null) return (Object) fast.invokeExact(given);
            if (++calls == CALLS_BEFORE_HANDLE) handle = makeHandle(given.length);
            return reflect(given);
        }

        private @Nullable MethodHandle makeHandle(int given) {
            try {
                MethodHandle direct = MethodHandles.lookup().unreflect(method);
                MethodHandle bound = MethodHandles.insertArguments(direct, 0, captured);
                return bound.asSpreader(Object[].class, given)
                        .asType(MethodType.methodType(Object.class, Object[].class));
            } catch (IllegalAccessException e) {
                return null; // then reflection goes on
            }
        }

        private @Nullable Object reflect(@Nullable Object[] given) throws Throwable {
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
