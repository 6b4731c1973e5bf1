package dev.interlock.internal.region;

import dev.interlock.internal.sync.LockWord;
import dev.interlock.internal.sync.QueueLayout;
import org.jspecify.annotations.Nullable;

/**
 * What an object in a region is, how large its elements are, and where in its payload there are locks for a sweep to
 * look at.
 */
public enum ObjectType {
    LOCK(1, "SharedLock", 0, 0),
    INT(2, "SharedInt", 0, ObjectType.AFTER_VALUE),
    LONG(3, "SharedLong", 0, ObjectType.AFTER_VALUE),
    DOUBLE(4, "SharedDouble", 0, ObjectType.AFTER_VALUE),
    BOOLEAN(5, "SharedBoolean", 0, ObjectType.AFTER_VALUE),
    BYTE_ARRAY(6, "SharedByteArray", 1, 0),
    SHORT_ARRAY(7, "SharedShortArray", 2, 0),
    INT_ARRAY(8, "SharedIntArray", 4, 0),
    LONG_ARRAY(9, "SharedLongArray", 8, 0),
    FLOAT_ARRAY(10, "SharedFloatArray", 4, 0),
    DOUBLE_ARRAY(11, "SharedDoubleArray", 8, 0),
    RECORD(12, "SharedRecord", 0, 0, LockWord.CELL_BYTES),
    BLOCK(13, "SharedBlock", 1),
    REENTRANT_LOCK(14, "SharedReentrantLock", 0, 0),
    CONDITION(15, "SharedCondition", 0),
    /** Chunks of {@link dev.interlock.internal.sync.WaitCell}s, which no user sees. */
    WAIT_CELLS(16, "wait cells", 0),
    EVENT(17, "SharedEvent", 0),
    COUNT_DOWN_LATCH(18, "SharedCountDownLatch", 0),
    BARRIER(19, "SharedBarrier", 0, 0),
    SEMAPHORE(20, "SharedSemaphore", 0),
    READ_WRITE_LOCK(21, "SharedReadWriteLock", 0, 0),
    QUEUE(22, "SharedQueue", 0, QueueLayout.LOCK),
    /** Memory for the large messages of a queue, which no user sees. */
    QUEUE_AREA(23, "memory of a queue", 0),
    PIPE(24, "Pipe", 0, 0, LockWord.CELL_BYTES, 2 * LockWord.CELL_BYTES, 3 * LockWord.CELL_BYTES);

    /** A value has a cache line to itself. */
    public static final int AFTER_VALUE = 64;

    /** An array's elements follow its lock. */
    public static final int AFTER_LOCK = LockWord.CELL_BYTES;

    private static final @Nullable ObjectType[] BY_CODE = new ObjectType[values().length + 1];

    static {
        for (ObjectType type : values()) BY_CODE[type.code] = type;
    }

    final int code;
    final String label;
    final int elementBytes;

    @SuppressWarnings("ImmutableEnumChecker") // nobody writes it
    final int[] locks;

    /** The number that stands for it in memory. */
    public int code() {
        return code;
    }

    ObjectType(int code, String label, int elementBytes, int... locks) {
        this.code = code;
        this.label = label;
        this.elementBytes = elementBytes;
        this.locks = locks;
    }

    /** The type of the object that has that type word, or null if there is none. */
    public static @Nullable ObjectType of(long typeWord) {
        int code = (int) typeWord;
        return code > 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }

    /** The name of the public class. */
    public String label() {
        return label;
    }

    /** Bytes of an element; 0 for what has no elements. */
    public int elementBytes() {
        return elementBytes;
    }

    /** Whether its length says how many elements or bytes there are. */
    public boolean hasLength() {
        return elementBytes > 0;
    }

    /** Whether it is nothing but a lock. */
    boolean isLock() {
        return this == LOCK || this == REENTRANT_LOCK;
    }

    /** Whether threads wait for the object itself rather than for a lock in it. */
    boolean isAwaited() {
        return this == CONDITION || this == EVENT || this == COUNT_DOWN_LATCH || this == SEMAPHORE;
    }

    /** Whether users know of it. */
    public boolean isPublic() {
        return this != WAIT_CELLS && this != QUEUE_AREA;
    }

    /** Whether there is a lock at that offset in its payload. */
    public boolean hasLockAt(int offset) {
        for (int lock : locks) {
            if (lock == offset) return true;
        }
        return false;
    }
}
