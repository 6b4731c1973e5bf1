package dev.interlock.internal.process.plain;

import dev.interlock.internal.process.plain.PlainClass.Kind;
import dev.interlock.internal.process.plain.PlainField.Signature;
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
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private static final Set<Class<?>> BASES = Set.of(Enum.class, Number.class);
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

    /** The plain classes of the boot loader: those of boxes, and what they and enums extend. */
    static Map<Class<?>, PlainClass> ofTheJdk() {
        Map<Class<?>, PlainClass> all = new HashMap<>();
        for (Class<?> type : BASES) put(all, type, null);
        for (Class<?> type : BOXES) put(all, type, all.get(type.getSuperclass()));
        return all;
    }

    private static void put(
            Map<Class<?>, PlainClass> to, Class<?> type, @Nullable PlainClass parent) {
        try {
            PlainClass plain = made(type, parent);
            if (plain != null) to.put(type, plain);
        } catch (ReflectiveOperationException e) {
            // then there is something else in this JDK than in those we know, and no box is plain
        }
    }

    static @Nullable PlainClass examine(Class<?> type) {
        try {
            Class<?> above = type.getSuperclass();
            boolean isExtending = above != null && Serializable.class.isAssignableFrom(above);
            PlainClass parent = isExtending ? PlainClass.of(above) : null;
            return isExtending && parent == null ? null : made(type, parent);
        } catch (ReflectiveOperationException
                | InaccessibleObjectException
                | SecurityException
                | LinkageError notForUs) {
            return null;
        }
    }

    private static @Nullable PlainClass made(Class<?> type, @Nullable PlainClass parent)
            throws ReflectiveOperationException {
        Kind kind = kind(type);
        ObjectStreamClass described = kind == null ? null : ObjectStreamClass.lookup(type);
        if (kind == null || described == null) return null;
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
            Signature signature = signature(each.getTypeString());
            int index = component(type, each.getName());
            fields.add(new PlainField(each, head(each), signature, field, index));
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

    /* Of the description of a class. */
    private static byte[] head(ObjectStreamClass described, Kind kind, int fields) {
        int flags = ObjectStreamConstants.SC_SERIALIZABLE;
        if (kind == Kind.ENUM) flags |= ObjectStreamConstants.SC_ENUM;
        byte[] name = utf(described.getName());
        return ByteBuffer.allocate(name.length + Long.BYTES + 1 + Short.BYTES)
                .put(name)
                .putLong(described.getSerialVersionUID())
                .put((byte) flags)
                .putShort((short) fields)
                .array();
    }

    /* Of the description of a field. */
    private static byte[] head(ObjectStreamField field) {
        return with((byte) field.getTypeCode(), utf(field.getName()));
    }

    private static @Nullable Signature signature(@Nullable String text) {
        if (text == null) return null;
        return new Signature(text, with(ObjectStreamConstants.TC_STRING, utf(text)));
    }

    private static byte[] with(byte code, byte[] rest) {
        return ByteBuffer.allocate(1 + rest.length).put(code).put(rest).array();
    }

    private static byte[] utf(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            new DataOutputStream(bytes).writeUTF(text);
        } catch (IOException e) {
            throw new IllegalStateException(e); // names in class files are not too long
        }
        return bytes.toByteArray();
    }
}
