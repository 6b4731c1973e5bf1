package dev.interlock.internal.process;

import dev.interlock.Action;
import dev.interlock.RunnableTask;
import dev.interlock.Task;
import dev.interlock.TaskBiFunction;
import dev.interlock.TaskFunction;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks into a lambda or method reference: which method it runs and with which captured arguments. */
final class LambdaBody {
    private static final Set<String> OUR_TYPES =
            Set.of(
                    Task.class.getName(),
                    Action.class.getName(),
                    RunnableTask.class.getName(),
                    TaskFunction.class.getName(),
                    TaskBiFunction.class.getName());

    private LambdaBody() {}

    /** The serialized form of a lambda or method reference; null if {@code task} is an ordinary object. */
    static @Nullable SerializedLambda of(Object task) throws IOException {
        Probe probe = new Probe();
        probe.writeObject(task);
        return probe.first instanceof SerializedLambda lambda ? lambda : null;
    }

    /* Sees what an object writes in its place. Calling the object's writeReplace ourselves would need its module to be open to us. */
    private static final class Probe extends ObjectOutputStream {
        private @Nullable Object first;

        Probe() throws IOException {
            super(OutputStream.nullOutputStream());
            enableReplaceObject(true);
        }

        @Override
        protected @Nullable Object replaceObject(Object object) {
            if (first == null) first = object;
            return null;
        }
    }

    /**
     * Whether the child may call the lambda's method by itself, rather than have the lambda rebuilt, which costs a fresh JVM 35 ms or
     * more. Anything out of the ordinary says no.
     *
     * @param given how many arguments it is called with, besides the captured ones
     */
    static boolean isCallable(SerializedLambda lambda, int given, @Nullable ClassLoader loader) {
        if (!isOfOurTypes(lambda)) return false;
        try {
            Class<?> type = Class.forName(lambda.getImplClass().replace('/', '.'), false, loader);
            Method method =
                    Methods.find(type, lambda.getImplMethodName(), lambda.getImplMethodSignature());
            return method != null && isAccessible(method) && isOrdinaryCall(lambda, given, method);
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    private static boolean isAccessible(Method method) {
        Class<?> type = method.getDeclaringClass();
        return Methods.isPublic(method)
                || type.getModule().isOpen(type.getPackageName(), LambdaBody.class.getModule());
    }

    private static boolean isOfOurTypes(SerializedLambda lambda) {
        return OUR_TYPES.contains(lambda.getFunctionalInterfaceClass().replace('/', '.'));
    }

    /* Reflection chooses the method by the receiver's class; super::method, constructors and the like need what it cannot do. */
    private static boolean isOrdinaryCall(SerializedLambda lambda, int given, Method method) {
        boolean isStatic = Modifier.isStatic(method.getModifiers());
        int arguments = method.getParameterCount() + (isStatic ? 0 : 1);
        if (lambda.getCapturedArgCount() + given != arguments) return false;
        boolean hasReceiver =
                lambda.getCapturedArgCount() == 0 ? given > 0 : lambda.getCapturedArg(0) != null;
        return switch (lambda.getImplMethodKind()) {
            case MethodHandleInfo.REF_invokeStatic -> isStatic;
            case MethodHandleInfo.REF_invokeVirtual, MethodHandleInfo.REF_invokeInterface ->
                    !isStatic && hasReceiver;
            case MethodHandleInfo.REF_invokeSpecial ->
                    Modifier.isPrivate(method.getModifiers()) && hasReceiver;
            default -> false;
        };
    }
}
