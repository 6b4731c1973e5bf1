package dev.interlock.internal.process;

import dev.interlock.TaskNotSerializableException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamException;
import java.io.OutputStream;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Objects to bytes and back, by Java serialization, with an error that tells which field could not go. */
final class Codec {
    /*
     * Both ends are one user's own processes and the pipe between them is private, so classes are not restricted; what is bounded
     * is what a damaged stream could make us do.
     */
    private static final String LIMITS = "maxdepth=2000;maxrefs=100000000";
    private static final int MAX_PATH = 12;

    private Codec() {}

    /**
     * Serializes.
     *
     * @param what for messages: "The task"
     * @throws TaskNotSerializableException if something in it cannot be
     */
    static byte[] toBytes(String what, @Nullable Object object) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Recorder out = new Recorder(bytes)) {
            try {
                out.writeObject(object);
            } catch (NotSerializableException e) {
                throw notSerializable(what, object, out, e);
            } catch (IOException | RuntimeException e) {
                throw withCause(
                        new TaskNotSerializableException(what + " cannot be sent: " + e + "."), e);
            }
        } catch (IOException e) {
            throw new AssertionError(e); // the stream is memory
        }
        return bytes.toByteArray();
    }

    private static TaskNotSerializableException withCause(
            TaskNotSerializableException failure, Exception cause) {
        failure.initCause(cause);
        return failure;
    }

    /** Remembers the object that is being written, and the lambda that it began with. */
    private static final class Recorder extends ObjectOutputStream {
        private @Nullable SerializedLambda lambda;
        private @Nullable Object latest;
        private boolean failed;

        Recorder(OutputStream out) throws IOException {
            super(out);
            enableReplaceObject(true);
        }

        @Override
        protected Object replaceObject(Object object) {
            if (lambda == null && object instanceof SerializedLambda found) lambda = found;
            if (object instanceof ObjectStreamException)
                failed = true; // from here on the stream describes the failure itself
            if (!failed) latest = object;
            return object;
        }
    }

    private static TaskNotSerializableException notSerializable(
            String what, @Nullable Object root, Recorder out, NotSerializableException e) {
        Object culprit = out.latest;
        String type = culprit == null ? e.getMessage() : culprit.getClass().getName();
        String where =
                culprit == null
                        ? null
                        : out.lambda == null
                                ? pathFrom(root, culprit)
                                : pathFrom(out.lambda, culprit);
        return withCause(
                new TaskNotSerializableException(
                        what
                                + " cannot be sent to another process: "
                                + type
                                + " is not serializable"
                                + (where == null ? "" : ", and is " + where)
                                + ". Make it Serializable, mark the field transient, or create it inside the task."),
                e);
    }

    private static @Nullable String pathFrom(SerializedLambda lambda, Object culprit) {
        for (int i = 0; i < lambda.getCapturedArgCount(); i++) {
            Object argument = lambda.getCapturedArg(i);
            String path =
                    path(argument, culprit, 0, Collections.newSetFromMap(new IdentityHashMap<>()));
            if (path != null) {
                return "captured argument "
                        + (i + 1)
                        + " ("
                        + argument.getClass().getName()
                        + ")"
                        + path
                        + " of the lambda "
                        + lambda.getImplMethodName()
                        + " in "
                        + lambda.getCapturingClass().replace('/', '.');
            }
        }
        return null;
    }

    private static @Nullable String pathFrom(@Nullable Object root, Object culprit) {
        if (root == null) return null;
        String path = path(root, culprit, 0, Collections.newSetFromMap(new IdentityHashMap<>()));
        return path == null
                ? null
                : path.isEmpty()
                        ? "the object itself"
                        : "field " + root.getClass().getName() + path;
    }

    /* As in ".socket.address"; null if the culprit cannot be reached by fields that reflection may read. */
    private static @Nullable String path(
            @Nullable Object from, Object to, int depth, Set<Object> seen) {
        if (from == to) return "";
        if (from == null || depth == MAX_PATH || !seen.add(from)) return null;
        if (from instanceof Object[] array) {
            for (int i = 0; i < array.length; i++) {
                String rest = path(array[i], to, depth + 1, seen);
                if (rest != null) return "[" + i + "]" + rest;
            }
        }
        for (Class<?> type = from.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                Object value = read(field, from);
                String rest = value == null ? null : path(value, to, depth + 1, seen);
                if (rest != null) return "." + field.getName() + rest;
            }
        }
        return null;
    }

    private static @Nullable Object read(Field field, Object from) {
        boolean travels =
                !Modifier.isStatic(field.getModifiers())
                        && !Modifier.isTransient(field.getModifiers());
        try {
            return travels && !field.getType().isPrimitive() && field.trySetAccessible()
                    ? field.get(from)
                    : null;
        } catch (IllegalAccessException e) {
            return null;
        }
    }

    /** Deserializes. Classes are looked for with the thread's context class loader first. */
    static @Nullable Object fromBytes(byte[] bytes) throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new Resolver(new ByteArrayInputStream(bytes))) {
            in.setObjectInputFilter(ObjectInputFilter.Config.createFilter(LIMITS));
            return in.readObject();
        }
    }

    private static final class Resolver extends ObjectInputStream {
        Resolver(InputStream in) throws IOException {
            super(in);
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description)
                throws IOException, ClassNotFoundException {
            ClassLoader context = Thread.currentThread().getContextClassLoader();
            if (context == null || context == ClassLoader.getSystemClassLoader())
                return super.resolveClass(description);
            try {
                return Class.forName(description.getName(), false, context);
            } catch (ClassNotFoundException e) {
                return super.resolveClass(description);
            }
        }
    }
}
