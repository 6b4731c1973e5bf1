package dev.interlock.internal.process;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/** Finds methods by their descriptors, without {@code MethodType}, which a fresh JVM has not loaded. */
final class Methods {
    private Methods() {}

    /** The method that a class itself declares with this name and descriptor. */
    static @Nullable Method find(Class<?> type, String name, String descriptor) {
        for (Method method : type.getDeclaredMethods()) {
            if (method.getName().equals(name) && descriptor(method).equals(descriptor))
                return method;
        }
        return null;
    }

    /** Whether anybody may call it. */
    static boolean isPublic(Method method) {
        Class<?> type = method.getDeclaringClass();
        return Modifier.isPublic(method.getModifiers())
                && Modifier.isPublic(type.getModifiers())
                && type.getModule().isExported(type.getPackageName());
    }

    private static String descriptor(Method method) {
        StringBuilder text = new StringBuilder("(");
        for (Class<?> parameter : method.getParameterTypes())
            text.append(parameter.descriptorString());
        return text.append(')').append(method.getReturnType().descriptorString()).toString();
    }
}
