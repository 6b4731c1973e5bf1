package dev.interlock.internal.process;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/*
 * Who runs many tasks is asked for the same methods again and again, and to look for one takes the JVM several microseconds, after a rest
 * some fifty. Remembered are those of the system class loader only: it lives as long as the JVM, and finds the same class for a name
 * each time.
 */
/** The methods that tasks have called. */
final class KnownMethods {
    private static final int MOST = 256; // then it begins anew
    private static final Map<String, Method> BY_NAME = new ConcurrentHashMap<>();

    private KnownMethods() {}

    /** A method that may be called, of a class that is initialized. */
    @SuppressWarnings("ReferenceEquality") // no other finds the same classes
    static Method find(String type, String name, String descriptor, @Nullable ClassLoader loader)
            throws ReflectiveOperationException {
        if (loader != ClassLoader.getSystemClassLoader())
            return lookUp(type, name, descriptor, loader);
        String fullName = type + '.' + name + descriptor;
        Method known = BY_NAME.get(fullName);
        if (known != null) return known;
        Method method = lookUp(type, name, descriptor, loader);
        if (BY_NAME.size() >= MOST) BY_NAME.clear();
        BY_NAME.put(fullName, method);
        return method;
    }

    private static Method lookUp(
            String typeName, String name, String descriptor, @Nullable ClassLoader loader)
            throws ReflectiveOperationException {
        Class<?> type = Class.forName(typeName, true, loader);
        Method method = Methods.find(type, name, descriptor);
        if (method == null)
            throw new NoSuchMethodException(type.getName() + "." + name + descriptor);
        if (!Methods.isPublic(method)) method.setAccessible(true);
        return method;
    }
}
