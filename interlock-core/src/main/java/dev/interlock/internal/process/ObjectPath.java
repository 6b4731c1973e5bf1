package dev.interlock.internal.process;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** A way through fields, elements and entries from one object to another, as in {@code order.items[3].owner}. */
final class ObjectPath {
    private static final int MAX_STEPS = 64;

    private final StringBuilder text = new StringBuilder();
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private Object last;

    private ObjectPath(Object root) {
        last = root;
        seen.add(root);
    }

    /** Follows the objects for which {@code fault} holds, starting from {@code root}, as far as they can be looked into. */
    static ObjectPath follow(Object root, Predicate<Object> fault) {
        ObjectPath path = new ObjectPath(root);
        for (int steps = 0; steps < MAX_STEPS && path.step(fault); steps++) {}
        return path;
    }

    Object last() {
        return last;
    }

    boolean isEmpty() {
        return text.isEmpty();
    }

    /** As in {@code .items[3].owner}; empty if the root itself is the last object. */
    @Override
    public String toString() {
        return text.toString();
    }

    private boolean step(Predicate<Object> fault) {
        if (!(last instanceof java.io.Serializable)) return false;
        BiPredicate<String, Object> takeIfFaulty =
                (name, part) -> {
                    if (seen.contains(part) || !fault.test(part)) return false;
                    append(name);
                    seen.add(part);
                    last = part;
                    return true;
                };
        return Parts.of(last).stream().anyMatch(part -> takeIfFaulty.test(part.name, part.value));
    }

    private void append(String name) {
        if (name.charAt(0) != '[') text.append('.');
        text.append(name);
    }

    /** One thing that an object refers to. */
    private record Parts(String name, Object value) {
        static List<Parts> of(Object whole) {
            List<Parts> parts = new ArrayList<>();
            switch (whole) {
                case Map<?, ?> map ->
                        map.forEach((key, value) -> {
                            add(parts, "[key " + brief(key) + "]", key);
                            add(parts, "[" + brief(key) + "]", value);
                        });
                case Collection<?> collection -> {
                    int index = 0;
                    for (Object element : collection) add(parts, "[" + index++ + "]", element);
                }
                case Object[] array -> {
                    for (int i = 0; i < Array.getLength(array); i++)
                        add(parts, "[" + i + "]", array[i]);
                }
                default -> {}
            }
            for (Class<?> type = whole.getClass(); type != null; type = type.getSuperclass())
                addFields(parts, whole, type);
            return parts;
        }

        private static void addFields(List<Parts> parts, Object whole, Class<?> type) {
            for (Field field : type.getDeclaredFields()) {
                int modifiers = field.getModifiers();
                if (Modifier.isStatic(modifiers) || Modifier.isTransient(modifiers)) continue;
                if (field.getType().isPrimitive()) continue;
                try {
                    field.setAccessible(true);
                    add(parts, field.getName(), field.get(whole));
                } catch (IllegalAccessException | InaccessibleObjectException e) {
                    // a class of the JDK or of another module: its elements, if any, are known by
                    // now
                }
            }
        }

        private static void add(
                List<Parts> parts, String name, @org.jspecify.annotations.Nullable Object value) {
            if (value != null) parts.add(new Parts(name, value));
        }

        private static String brief(@org.jspecify.annotations.Nullable Object key) {
            String text = String.valueOf(key);
            return text.length() <= 40 ? text : text.substring(0, 40) + "...";
        }
    }
}
