package dev.interlock.internal.process.plain;

import dev.interlock.internal.process.plain.PlainClass.Kind;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamConstants;
import java.io.ObjectStreamField;
import java.io.Serializable;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a class is plain: whether it and those it extends leave to Java serialization all that can be left to it, are accessible to
 * us, and have only fields that may be plain. In doubt it is not.
 */
final class PlainClasses {
    private static final Set<String> CUSTOM =
            Set.of("writeObject", "readObject", "readObjectNoData", "writeReplace", "readResolve");
    private static final String OWN_FIELDS = "serialPersistentFields";
    private static final Set<Class<?>> BOXES =
            Set.of(
                    Boolean.class,
                    Byte.class,
                    Character.class,
                    Short.class,
                    Integer.class,
                    Long.class,
                    Float.class,
                    Double.class);

    private PlainClasses() {}

    static @Nullable PlainClass examine(Class<?> type) {
        try {
            return made(type);
        } catch (ReflectiveOperationException
                | InaccessibleObjectException
                | SecurityException
                | LinkageError notForUs) {
            return null;
        }
    }

    private static @Nullable PlainClass made(Class<?> type) throws ReflectiveOperationException {
        Kind kind = kind(type);
        ObjectStreamClass described = kind == null ? null : ObjectStreamClass.lookup(type);
        if (kind == null || described == null) return null;
        Class<?> above = type.getSuperclass();
        boolean isExtending = above != null && Serializable.class.isAssignableFrom(above);
        PlainClass parent = isExtending ? PlainClass.of(above) : null;
        if (isExtending && parent == null) return null;
        List<PlainField> fields = fields(type, kind, described);
        if (fields == null) return null;
        Maker maker = maker(type, kind);
        return new PlainClass(
                type, kind, parent, fields, head(described, kind, fields.size()), maker);
    }

    private static @Nullable Kind kind(Class<?> type) {
        if (type == Enum.class || type.isEnum()) return Kind.ENUM;
        if (BOXES.contains(type)) return Kind.BOX;
        if (!leavesAllToSerialization(type)) return null;
        if (type.isRecord()) return Kind.RECORD;
        return Modifier.isAbstract(type.getModifiers()) ? Kind.EXTENDED : Kind.OBJECT;
    }

    private static boolean leavesAllToSerialization(Class<?> type) {
        if (!Serializable.class.isAssignableFrom(type)
                || Externalizable.class.isAssignableFrom(type)
                || type == String.class
                || type == Class.class
                || type == ObjectStreamClass.class
                || type.isInterface()
                || type.isArray()
                || type.isHidden()
                || Proxy.isProxyClass(type)
                || Enum.class.isAssignableFrom(type)) return false; // a constant with a body
        for (Class<?> c = type; c != null; c = c.getSuperclass()) if (isCustom(c)) return false;
        return true;
    }

    private static boolean isCustom(Class<?> type) {
        for (Method method : type.getDeclaredMethods())
            if (CUSTOM.contains(method.getName())) return true;
        for (Field field : type.getDeclaredFields())
            if (field.getName().equals(OWN_FIELDS)) return true;
        return false;
    }

    /* Null if one is of a type whose objects are never plain. */
    private static @Nullable List<PlainField> fields(
            Class<?> type, Kind kind, ObjectStreamClass described)
            throws ReflectiveOperationException {
        List<PlainField> fields = new ArrayList<>();
        for (ObjectStreamField each : described.getFields()) {
            Field field = type.getDeclaredField(each.getName());
            if (!isPossible(field.getType())) return null;
            if (kind != Kind.BOX) field.setAccessible(true);
            byte[] head = head(each);
            fields.add(new PlainField(each, head, field, component(type, each.getName())));
        }
        return List.copyOf(fields);
    }

    private static boolean isPossible(Class<?> type) {
        return type.isPrimitive()
                || type.isAssignableFrom(String.class)
                || type.isEnum()
                || BOXES.contains(type)
                || leavesAllToSerialization(type);
    }

    private static int component(Class<?> type, String name) {
        RecordComponent[] components = type.getRecordComponents();
        if (components == null) return -1;
        int i = 0;
        while (!components[i].getName().equals(name)) i++;
        return i;
    }

    private static @Nullable Maker maker(Class<?> type, Kind kind)
            throws ReflectiveOperationException {
        return switch (kind) {
            case RECORD -> new Maker(canonical(type));
            case OBJECT -> Maker.withoutConstructor(type);
            case BOX, ENUM, EXTENDED -> null;
        };
    }

    private static Constructor<?> canonical(Class<?> type) throws ReflectiveOperationException {
        Class<?>[] types =
                Arrays.stream(type.getRecordComponents())
                        .map(RecordComponent::getType)
                        .toArray(Class<?>[]::new);
        Constructor<?> constructor = type.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        return constructor;
    }

    private static byte[] head(ObjectStreamClass described, Kind kind, int fields) {
        int flags = ObjectStreamConstants.SC_SERIALIZABLE;
        if (kind == Kind.ENUM) flags |= ObjectStreamConstants.SC_ENUM;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            out.writeUTF(described.getName());
            out.writeLong(described.getSerialVersionUID());
            out.writeByte(flags);
            out.writeShort(fields);
        } catch (IOException e) {
            throw new IllegalStateException(e); // it is written to memory
        }
        return bytes.toByteArray();
    }

    private static byte[] head(ObjectStreamField field) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            out.writeByte(field.getTypeCode());
            out.writeUTF(field.getName());
        } catch (IOException e) {
            throw new IllegalStateException(e); // it is written to memory
        }
        return bytes.toByteArray();
    }
}
