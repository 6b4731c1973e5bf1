package dev.interlock.internal.process;

import dev.interlock.InterlockException;
import dev.interlock.TaskNotSerializableException;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import org.jspecify.annotations.Nullable;

/**
 * Says which object keeps a task or a result from being sent. It writes parts of the object graph on trial and follows those that fail,
 * so it agrees with what serialization really does, {@code writeObject} methods and replacements included. Runs only after a failure.
 */
public final class Unserializable {
    private static final String TASK_ADVICE =
            " Capture only what the other process needs: take it into a local variable first, make the class implement"
                    + " java.io.Serializable or the field transient, or make the object in the task itself.";
    private static final String RESULT_ADVICE =
            " Return only what this process needs, make the class implement java.io.Serializable or the field transient.";

    private Unserializable() {}

    static TaskNotSerializableException task(Object task, Throwable problem) {
        SerializedLambda lambda = lambda(task);
        String where =
                lambda == null
                        ? place("task " + task.getClass().getName(), "", task)
                        : placeInLambda(lambda);
        return exception("Cannot send the task to another process: ", where, problem, TASK_ADVICE);
    }

    /** Which object keeps a result from being sent. */
    public static TaskNotSerializableException result(@Nullable Object result, Throwable problem) {
        String type = result == null ? "null" : result.getClass().getName();
        String where = place("result (" + type + ")", "", result);
        return exception("Cannot send the task's result back: ", where, problem, RESULT_ADVICE);
    }

    /** Which argument of a function keeps it from being sent. */
    public static RuntimeException arguments(@Nullable Object[] arguments, Throwable problem) {
        if (problem instanceof InterlockException ours) return ours;
        for (Object argument : arguments) {
            if (argument == null || !fails(argument)) continue;
            String where = place("argument (" + argument.getClass().getName() + ")", "", argument);
            return exception(
                    "Cannot send an argument to another process: ", where, problem, TASK_ADVICE);
        }
        return exception(
                "Cannot send the arguments to another process: ", null, problem, TASK_ADVICE);
    }

    private static TaskNotSerializableException exception(
            String start, @Nullable String where, Throwable problem, String advice) {
        if (problem instanceof StackOverflowError) {
            String depth =
                    "its objects are nested too deeply for the stack. Send a flatter structure, such as an array or a list.";
            return new TaskNotSerializableException(start + depth);
        }
        if (where == null)
            return new TaskNotSerializableException(start + problem + "." + advice, problem);
        return new TaskNotSerializableException(start + where + "." + advice, problem);
    }

    private static @Nullable SerializedLambda lambda(Object task) {
        try {
            return LambdaBody.of(task);
        } catch (IOException | RuntimeException e) {
            return null; // its writeReplace fails: then that is the problem to show
        }
    }

    private static @Nullable String placeInLambda(SerializedLambda lambda) {
        @Nullable Object[] arguments = CalleeWriter.captured(lambda);
        for (int i = 0; i < arguments.length; i++) {
            Object argument = arguments[i];
            if (argument == null || !fails(argument)) continue;
            String name = argumentName(lambda, i) + " (" + argument.getClass().getName() + ")";
            return place(name, " of " + nameOf(lambda), argument);
        }
        return null;
    }

    private static String argumentName(SerializedLambda lambda, int index) {
        boolean hasReceiver =
                lambda.getImplMethodKind() != MethodHandleInfo.REF_invokeStatic
                        && lambda.getImplMethodKind() != MethodHandleInfo.REF_newInvokeSpecial;
        if (!hasReceiver) return "captured argument " + (index + 1);
        if (index > 0) return "captured argument " + index;
        return isLambda(lambda) ? "captured 'this'" : "receiver";
    }

    private static boolean isLambda(SerializedLambda lambda) {
        return lambda.getImplMethodName().startsWith("lambda$");
    }

    /* javac names the body of a serializable lambda lambda$<method>$<hash>$<number>. */
    private static String nameOf(SerializedLambda lambda) {
        String type = lambda.getImplClass().replace('/', '.');
        String method = lambda.getImplMethodName();
        if (!isLambda(lambda)) return "the method reference " + type + "::" + method;
        String name =
                method.substring("lambda$".length()).replaceFirst("(\\$[0-9a-f]+)?\\$[0-9]+$", "");
        String place = name.equals("new") ? "a constructor of " + type : type + "." + name;
        return "the lambda in "
                + (name.equals("static") ? "the static initializer of " + type : place);
    }

    /** A sentence about the first object under {@code root} that cannot be written; null if none can be found. */
    private static @Nullable String place(
            String rootName, String whereRootIs, @Nullable Object root) {
        if (root == null || !fails(root)) return null;
        ObjectPath path = ObjectPath.follow(root, Unserializable::fails);
        Object last = path.last();
        if (path.isEmpty()) return rootName + whereRootIs + " " + reason(last);
        String type = last.getClass().getName();
        return rootName + path + whereRootIs + " holds a " + type + ", which " + reason(last);
    }

    private static String reason(Object object) {
        if (!(object instanceof Serializable)) return "is not serializable";
        return "cannot be serialized (" + problemOf(object) + ")";
    }

    private static boolean fails(Object object) {
        return problemOf(object) != null;
    }

    private static @Nullable Throwable problemOf(Object object) {
        try (ObjectOutputStream out = new ObjectOutputStream(OutputStream.nullOutputStream())) {
            out.writeObject(object);
            return null;
        } catch (IOException | RuntimeException | StackOverflowError e) {
            return e;
        }
    }

    /** What to say when bytes that arrived cannot be made into objects again. */
    public static InterlockException rebuild(String what, Throwable problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterlockException ours)
                return ours; // of a handle whose region cannot be opened
        }
        return new TaskNotSerializableException(
                "Cannot rebuild " + what + ": " + problem + "." + adviceFor(problem), problem);
    }

    private static String adviceFor(Throwable problem) {
        if (problem instanceof ClassNotFoundException || problem instanceof NoClassDefFoundError) {
            return " The class is not on the class path or module path of this process, which is the one its parent was started with."
                    + " Classes that exist only in memory (jshell, scripts, other class loaders) cannot be sent:"
                    + " compile them to files and start the program with java -cp.";
        }
        if (problem instanceof InvalidObjectException
                || String.valueOf(problem.getMessage()).contains("filter status: REJECTED")) {
            return " It exceeds the limits for incoming objects, or the filter of the property jdk.serialFilter refuses it.";
        }
        return " Check that parent and child see the same version of the class, and its readObject and readResolve methods.";
    }
}
