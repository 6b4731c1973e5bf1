package dev.interlock.internal.region;

import dev.interlock.internal.sync.LockWord;

/** What an object in a region is, and where in its payload there are locks for a sweep to look at. */
public enum ObjectType {
    LOCK(1, "SharedLock", 0),
    INT(2, "SharedInt", ObjectType.AFTER_VALUE),
    LONG(3, "SharedLong", ObjectType.AFTER_VALUE),
    DOUBLE(4, "SharedDouble", ObjectType.AFTER_VALUE),
    BOOLEAN(5, "SharedBoolean", ObjectType.AFTER_VALUE),
    BYTE_ARRAY(6, "SharedByteArray", 0),
    SHORT_ARRAY(7, "SharedShortArray", 0),
    INT_ARRAY(8, "SharedIntArray", 0),
    LONG_ARRAY(9, "SharedLongArray", 0),
    FLOAT_ARRAY(10, "SharedFloatArray", 0),
    DOUBLE_ARRAY(11, "SharedDoubleArray", 0),
    RECORD(12, "SharedRecord", 0, LockWord.CELL_BYTES),
    BLOCK(13, "SharedBlock");

    /** A value has a cache line to itself. */
    public static final int AFTER_VALUE = 64;

    /** An array's elements follow its lock. */
    public static final int AFTER_LOCK = LockWord.CELL_BYTES;

    private static final ObjectType[] BY_CODE = new ObjectType[values().length + 1];

    static {
        for (ObjectType type : values()) BY_CODE[type.code] = type;
    }

    final int code;
    final String label;
    final int[] locks;

    ObjectType(int code, String label, int... locks) {
        this.code = code;
        this.label = label;
        this.locks = locks;
    }

    /** The type with that code in a region, or null if there is none. */
    static @org.jspecify.annotations.Nullable ObjectType of(long code) {
        return code > 0 && code < BY_CODE.length ? BY_CODE[(int) code] : null;
    }

    /** The name of the public class. */
    public String label() {
        return label;
    }

    /** Whether its length says how many elements or bytes there are. */
    public boolean hasLength() {
        return name().endsWith("_ARRAY") || this == BLOCK;
    }
}
