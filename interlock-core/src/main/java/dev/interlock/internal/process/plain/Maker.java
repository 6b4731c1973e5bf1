package dev.interlock.internal.process.plain;

import java.io.InvalidObjectException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/** Makes objects of a plain class as {@link java.io.ObjectInputStream} does. */
final class Maker {
    private static final int LAST_TO_SET_FINAL_FIELDS = 25; // later JDKs warn of it

    private final Constructor<?> constructor;

    Maker(Constructor<?> constructor) {
        this.constructor = constructor;
    }

    /**
     * For objects that are made without their class's constructor: only that of the class above all that are serializable runs. Null if
     * this JDK has no such means for us.
     */
    static @Nullable Maker withoutConstructor(Class<?> type) {
        if (Runtime.version().feature() > LAST_TO_SET_FINAL_FIELDS && hasFinalFields(type))
            return null;
        Constructor<?> constructor = Factory.constructor(type);
        return constructor == null ? null : new Maker(constructor);
    }

    private static boolean hasFinalFields(Class<?> type) {
        for (Class<?> c = type; c != null; c = c.getSuperclass())
            for (Field field : c.getDeclaredFields())
                if (Modifier.isFinal(field.getModifiers())
                        && !Modifier.isStatic(field.getModifiers())) return true;
        return false;
    }

    /** A new record. */
    Object record(@Nullable Object[] values) throws InvalidObjectException, NotPlainException {
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Error error) throw error;
            throw invalid(e.getCause());
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            throw new NotPlainException();
        }
    }

    /** A new object, whose fields are to be set. */
    Object object() throws NotPlainException {
        try {
            return constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new NotPlainException();
        }
    }

    private static InvalidObjectException invalid(@Nullable Throwable cause) {
        return new InvalidObjectException(cause == null ? null : cause.getMessage(), cause);
    }

    /*
     * What the JDK has for serializers that are not its own, in the module jdk.unsupported. We reach it by reflection, since that module may not be
     * there, and since javac warns of its name.
     */
    private static final class Factory {
        private static final String NAME = "sun.reflect.ReflectionFactory";

        static @Nullable Constructor<?> constructor(Class<?> type) {
            try {
                Class<?> factory = Class.forName(NAME);
                Object instance = factory.getMethod("getReflectionFactory").invoke(null);
                return (Constructor<?>)
                        factory.getMethod("newConstructorForSerialization", Class.class)
                                .invoke(instance, type);
            } catch (ReflectiveOperationException notThere) {
                return null;
            }
        }
    }
}
