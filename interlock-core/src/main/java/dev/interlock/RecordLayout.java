package dev.interlock;

import dev.interlock.internal.os.KillPoints;
import dev.interlock.internal.region.Heap.Initializer;
import dev.interlock.internal.region.Heap.Shape;
import dev.interlock.internal.region.Mapping;
import dev.interlock.internal.region.ObjectType;
import dev.interlock.internal.sync.LockWord;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;

/**
 * How a record of primitives lies in memory: each component in a cell of eight bytes, in the order of declaration.
 *
 * <pre>
 * payload   0 lock of the user | 128 lock of the writers | 256 version | 320 first copy | then second copy
 * </pre>
 *
 * @param <R> the record
 */
final class RecordLayout<R extends Record> {
    static final long WRITERS_LOCK = LockWord.CELL_BYTES;
    static final long VERSION = 2 * LockWord.CELL_BYTES;
    static final long COPIES = VERSION + 64;
    private static final int CELL = 8;

    private final Class<R> type;
    private final Class<?>[] types;
    private final Method[] accessors;
    private final Constructor<R> constructor;

    private RecordLayout(
            Class<R> type, Class<?>[] types, Method[] accessors, Constructor<R> constructor) {
        this.type = type;
        this.types = types;
        this.accessors = accessors;
        this.constructor = constructor;
    }

    static <R extends Record> RecordLayout<R> of(Class<R> type) {
        RecordComponent[] components = type.getRecordComponents();
        if (components == null) throw new IllegalArgumentException(type + " is no record class.");
        Class<?>[] types = new Class<?>[components.length];
        Method[] accessors = new Method[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            accessors[i] = components[i].getAccessor();
            if (!types[i].isPrimitive()) {
                throw new IllegalArgumentException(
                        "Component '"
                                + components[i].getName()
                                + "' of "
                                + type.getName()
                                + " is a "
                                + types[i].getTypeName()
                                + ". Shared records hold primitives only:"
                                + " put texts and objects elsewhere, and their index here.");
            }
        }
        try {
            Constructor<R> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            for (Method accessor : accessors) accessor.setAccessible(true);
            return new RecordLayout<>(type, types, accessors, constructor);
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(
                    type.getName() + " has no canonical constructor.", e);
        } catch (InaccessibleObjectException e) {
            throw new IllegalArgumentException(
                    type.getName()
                            + " is not accessible. Open its package to dev.interlock in module-info,"
                            + " or make it public and export it.",
                    e);
        }
    }

    /** How much memory its components take. */
    long cellBytes() {
        return (long) types.length * CELL;
    }

    long copyBytes() {
        return Math.max(64, (long) types.length * CELL + 63 & -64);
    }

    long copyAt(long payload, long version) {
        return payload + COPIES + (version & 1) * copyBytes();
    }

    Shape shape() {
        return new Shape(
                ObjectType.RECORD,
                0,
                COPIES + 2 * copyBytes(),
                signature(),
                type.getSimpleName() + "(" + components() + ")");
    }

    /** Writes a first value; a fresh record is all zero, and its first copy the current one. */
    Initializer writer(Mapping mapping, R initial) {
        long[] cells = toCells(initial);
        return payload -> writeCells(mapping.memory(), copyAt(payload, 0), cells);
    }

    private String components() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < types.length; i++) {
            text.append(i == 0 ? "" : ", ")
                    .append(types[i].getName())
                    .append(' ')
                    .append(accessors[i].getName());
        }
        return text.toString();
    }

    /* Other names or types, or another order, is another record. */
    private long signature() {
        long hash = 0xCBF29CE484222325L;
        for (byte b : components().getBytes(StandardCharsets.UTF_8))
            hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
        return hash >>> 1;
    }

    /** The record as cells. */
    long[] toCells(R value) {
        long[] cells = new long[types.length];
        for (int i = 0; i < cells.length; i++) cells[i] = toCell(invoke(accessors[i], value));
        return cells;
    }

    private static Object invoke(Method accessor, Object value) {
        try {
            return accessor.invoke(value);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        } catch (InvocationTargetException e) {
            throw unwrap(e);
        }
    }

    private static RuntimeException unwrap(InvocationTargetException e) {
        if (e.getCause() instanceof RuntimeException unchecked) return unchecked;
        if (e.getCause() instanceof Error error) throw error;
        return new IllegalStateException(e.getCause());
    }

    private static long toCell(Object value) {
        return switch (value) {
            case Double d -> Double.doubleToRawLongBits(d);
            case Float f -> Float.floatToRawIntBits(f);
            case Boolean b -> b ? 1 : 0;
            case Character c -> c;
            case Number n -> n.longValue();
            default -> throw new IllegalStateException(value.getClass().getName());
        };
    }

    R fromCells(long[] cells) {
        Object[] values = new Object[cells.length];
        for (int i = 0; i < cells.length; i++) values[i] = fromCell(types[i], cells[i]);
        try {
            return constructor.newInstance(values);
        } catch (InstantiationException | IllegalAccessException e) {
            throw new IllegalStateException(e);
        } catch (InvocationTargetException e) {
            throw unwrap(e);
        }
    }

    private static Object fromCell(Class<?> type, long cell) {
        if (type == long.class) return cell;
        if (type == int.class) return (int) cell;
        if (type == double.class) return Double.longBitsToDouble(cell);
        if (type == boolean.class) return cell != 0;
        if (type == float.class) return Float.intBitsToFloat((int) cell);
        if (type == short.class) return (short) cell;
        if (type == byte.class) return (byte) cell;
        return (char) cell;
    }

    long[] readCells(MemorySegment memory, long at) {
        long[] cells = new long[types.length];
        MemorySegment.copy(memory, ValueLayout.JAVA_LONG, at, cells, 0, cells.length);
        return cells;
    }

    static void writeCells(MemorySegment memory, long at, long[] cells) {
        for (int i = 0; i < cells.length; i++) {
            KillPoints.step(); // a record half written is what a crash test wants to see
            memory.set(ValueLayout.JAVA_LONG, at + (long) i * CELL, cells[i]);
        }
    }
}
