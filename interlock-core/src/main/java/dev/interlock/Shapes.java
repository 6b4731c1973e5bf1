package dev.interlock;

import dev.interlock.internal.region.Heap.Shape;
import dev.interlock.internal.region.ObjectType;
import dev.interlock.internal.region.OpenRegion;
import dev.interlock.internal.region.Regions;
import dev.interlock.internal.region.SemaphoreCode;
import dev.interlock.internal.sync.BarrierState;
import dev.interlock.internal.sync.Conditions;
import dev.interlock.internal.sync.Events;
import dev.interlock.internal.sync.Latches;
import dev.interlock.internal.sync.LockWord;
import dev.interlock.internal.sync.PipeLayout;
import dev.interlock.internal.sync.QueueLayout;
import dev.interlock.internal.sync.ReadWriteCell;
import java.nio.charset.StandardCharsets;

/**
 * How much memory each kind of object takes, and what must agree for two programs to share one. Records:
 * {@link RecordLayout}.
 */
final class Shapes {
    private static final int BLOCK_BYTES = 64; // the bytes themselves lie in another file

    /** Where in the payload of a read-write lock its two locks are said to lie. */
    static final int WRITE_PART = 0;

    static final int READ_PART = LockWord.CELL_BYTES;

    /* Most locks are made with these options, and a program may make very many. */
    private static final Shape USUAL_LOCK = describeLock(ObjectType.LOCK, LockOptions.defaults());
    private static final Shape ANY_LOCK = withAnyOption(USUAL_LOCK);

    private Shapes() {}

    static Shape readWriteLock() {
        return new Shape(ObjectType.READ_WRITE_LOCK, 0, ReadWriteCell.BYTES, Shape.ANY, "");
    }

    static Shape lock(ObjectType type, LockOptions options) {
        boolean isUsual =
                type == ObjectType.LOCK && options.code() == LockOptions.defaults().code();
        return isUsual ? USUAL_LOCK : describeLock(type, options);
    }

    private static Shape describeLock(ObjectType type, LockOptions options) {
        return new Shape(type, 0, LockWord.CELL_BYTES, options.code(), options.describe());
    }

    /** For who takes the lock as it is, and else makes one with the default options. */
    static Shape anyLock(ObjectType type) {
        return type == ObjectType.LOCK
                ? ANY_LOCK
                : withAnyOption(lock(type, LockOptions.defaults()));
    }

    private static Shape withAnyOption(Shape made) {
        return new Shape(
                made.type(), made.length(), made.payloadBytes(), Shape.ANY, made.described());
    }

    /** The option is the lock's offset: a condition belongs to one lock. */
    static Shape condition(Handle lock) {
        return new Shape(
                ObjectType.CONDITION, 0, Conditions.BYTES, lock.at(), "of " + lock.describe());
    }

    static Shape event() {
        return new Shape(ObjectType.EVENT, 0, Events.BYTES, Shape.ANY, "");
    }

    static Shape latch(int count) {
        if (count < 0)
            throw new IllegalArgumentException(
                    "A SharedCountDownLatch cannot begin at " + count + ". Use 0 or more.");
        return new Shape(
                ObjectType.COUNT_DOWN_LATCH, 0, Latches.BYTES, count, "that began at " + count);
    }

    static Shape semaphore(int permits, SemaphoreOptions options) {
        if (permits < 0)
            throw new IllegalArgumentException(
                    "A SharedSemaphore cannot begin with " + permits + " permits. Use 0 or more.");
        return new Shape(
                ObjectType.SEMAPHORE,
                0,
                OpenRegion.semaphoreBytes(options.isOwned()),
                SemaphoreCode.of(permits, options.manner()),
                "of " + permits + " permits, " + options.describe());
    }

    /** The option is made of all that must agree. */
    static Shape queue(QueueOptions options, String codec) {
        String described = options.describe(codec);
        long hash = 0xCBF29CE484222325L;
        for (byte b : described.getBytes(StandardCharsets.UTF_8))
            hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
        return new Shape(
                ObjectType.QUEUE,
                0,
                QueueLayout.bytes(options.capacity(), options.messageBytes()),
                hash >>> 1,
                described);
    }

    static Shape pipe(int capacity, boolean oneWay) {
        return new Shape(ObjectType.PIPE, 0, PipeLayout.bytes(capacity, oneWay), Shape.ANY, "");
    }

    static Shape barrier(int parties) {
        if (parties < 1 || parties > BarrierState.MAX_PARTIES)
            throw new IllegalArgumentException(
                    "A SharedBarrier of "
                            + parties
                            + " parties is not possible. Use 1 to "
                            + BarrierState.MAX_PARTIES
                            + ".");
        return new Shape(
                ObjectType.BARRIER,
                0,
                OpenRegion.barrierBytes(),
                parties,
                "of " + parties + " parties");
    }

    static Shape value(ObjectType type) {
        return new Shape(type, 0, ObjectType.AFTER_VALUE + LockWord.CELL_BYTES, Shape.ANY, "");
    }

    static Shape array(ObjectType type, long length) {
        requireLength(type, length);
        return new Shape(
                type, length, ObjectType.AFTER_LOCK + length * type.elementBytes(), Shape.ANY, "");
    }

    static Shape block(long bytes) {
        requireLength(ObjectType.BLOCK, bytes);
        return new Shape(ObjectType.BLOCK, bytes, BLOCK_BYTES, Shape.ANY, "");
    }

    private static void requireLength(ObjectType type, long length) {
        long most = Regions.MAX_BYTES / type.elementBytes();
        if (length < 0 || length > most) {
            throw new IllegalArgumentException(
                    "A "
                            + type.label()
                            + " of length "
                            + length
                            + " is not possible. Use 0 to "
                            + most
                            + ".");
        }
    }
}
