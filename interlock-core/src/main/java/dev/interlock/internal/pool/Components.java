package dev.interlock.internal.pool;

import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The two components of records, as the arguments of a function. */
final class Components {
    private static final int ARITY = 2;

    private static final ClassValue<Method[]> ACCESSORS =
            new ClassValue<>() {
                @Override
                protected Method[] computeValue(Class<?> type) {
                    return accessors(type);
                }
            };

    private Components() {}

    static void of(@Nullable Object item, Consumer<@Nullable Object> arguments) {
        if (!(item instanceof Record record))
            throw new IllegalArgumentException(
                    "Cannot spread " + item + ". Give records of two components.");
        Method[] accessors = ACCESSORS.get(record.getClass());
        Object first = get(accessors[0], record);
        Object second = get(accessors[1], record);
        arguments.accept(first);
        arguments.accept(second);
    }

    private static Method[] accessors(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        if (components.length != ARITY)
            throw new IllegalArgumentException(
                    type
                            + " has "
                            + components.length
                            + " components. Give records of two, or use map, which sends records as they are.");
        Method[] accessors = new Method[ARITY];
        for (int i = 0; i < ARITY; i++) accessors[i] = opened(components[i].getAccessor());
        return accessors;
    }

    private static Method opened(Method accessor) {
        try {
            accessor.setAccessible(true);
            return accessor;
        } catch (InaccessibleObjectException e) {
            Class<?> type = accessor.getDeclaringClass();
            throw new IllegalArgumentException(
                    "Cannot read the components of "
                            + type
                            + ". Make it public in an exported package, or open "
                            + type.getPackageName()
                            + " to dev.interlock.",
                    e);
        }
    }

    private static @Nullable Object get(Method accessor, Record record) {
        try {
            return accessor.invoke(record);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e); // it was opened
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(
                    "Component "
                            + accessor.getName()
                            + " of "
                            + record.getClass()
                            + " cannot be read: "
                            + e.getCause(),
                    e.getCause());
        }
    }
}
