package dev.interlock;

import dev.interlock.internal.process.Wire;
import dev.interlock.internal.process.WireInput;
import dev.interlock.internal.region.Heap;
import dev.interlock.internal.region.ObjectType;
import dev.interlock.internal.region.OpenRegion;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What a public handle knows of its object. This, and not the handle, is what travels to other processes. It is a plain
 * class, as records and lambdas take a cold JVM tens of milliseconds to deserialize.
 */
final class Handle implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int WHOLE = -1;

    private final Region owner;
    private final long payload;
    private final int lockAt; // where in the payload, of a lock that belongs to the object
    private final String name;
    private final ObjectType type;
    private final long option; // of a lock, as LockOptions has it
    private final @Nullable Class<? extends Record> recordType;
    private final @Nullable Messages<?> messages; // of a queue

    private Handle(
            Region owner,
            long payload,
            int lockAt,
            String name,
            ObjectType type,
            long option,
            @Nullable Class<? extends Record> recordType,
            @Nullable Messages<?> messages) {
        this.owner = owner;
        this.payload = payload;
        this.lockAt = lockAt;
        this.name = name;
        this.type = type;
        this.option = option;
        this.recordType = recordType;
        this.messages = messages;
    }

    static Handle ofQueue(Region owner, long payload, String name, Messages<?> messages) {
        return new Handle(owner, payload, WHOLE, name, ObjectType.QUEUE, 0, null, messages);
    }

    static Handle of(Region owner, long payload, String name, ObjectType type) {
        return new Handle(owner, payload, WHOLE, name, type, 0, null, null);
    }

    static Handle ofRecord(
            Region owner, long payload, String name, Class<? extends Record> recordType) {
        return new Handle(owner, payload, WHOLE, name, ObjectType.RECORD, 0, recordType, null);
    }

    /** A handle to a lock of either kind, with the options that it was made with. */
    static Handle ofLock(Region owner, long payload, String name, ObjectType type) {
        long option = owner.opened().heap().option(payload);
        return new Handle(owner, payload, WHOLE, name, type, option, null, null);
    }

    /** A handle to the lock that lies at an offset in the object's contents. */
    Handle lockWithin(int offset) {
        return new Handle(owner, payload, offset, name, type, 0, null, null);
    }

    /** A handle to the object that the lock belongs to. */
    Handle whole() {
        return new Handle(owner, payload, WHOLE, name, type, 0, null, null);
    }

    OpenRegion region() {
        return owner.opened();
    }

    String name() {
        return name;
    }

    /** Offset of the object's contents in the region. */
    long payload() {
        return payload;
    }

    /** Offset of what this refers to in the region: the object's contents, or a lock in them. */
    long at() {
        return lockAt == WHOLE ? payload : payload + lockAt;
    }

    /** Of a lock: how it behaves. */
    LockOptions lockOptions() {
        return LockOptions.of(option);
    }

    /** The region. */
    Region owner() {
        return owner;
    }

    ObjectType type() {
        return type;
    }

    /** Of a record: its class. */
    @Nullable Class<? extends Record> recordType() {
        return recordType;
    }

    /** Whether both refer to the same object, by whatever opening of its region. */
    boolean refersTo(Handle other) {
        return payload == other.payload
                && lockAt == other.lockAt
                && region().token() == other.region().token();
    }

    int hashOfObject() {
        return Long.hashCode(region().token() * 31 + at());
    }

    /** For messages. */
    String describe() {
        String what =
                name.isEmpty()
                        ? type.label() + " without a name"
                        : type.label() + " '" + name + "'";
        return part() + what + " in region '" + owner.name() + "'";
    }

    private String part() {
        if (lockAt == WHOLE) return "";
        if (type != ObjectType.READ_WRITE_LOCK) return "Lock of ";
        return lockAt == Shapes.WRITE_PART ? "Write lock of " : "Read lock of ";
    }

    /** Whether all of it can be told by {@link #writePlain}. */
    boolean isPlain() {
        return recordType == null && messages == null;
    }

    void writePlain(DataOutputStream out) throws IOException {
        out.writeLong(payload);
        out.writeInt(lockAt);
        Wire.writeString(out, name);
        out.writeByte(type.code());
        out.writeLong(option);
    }

    /** Reads what {@link #writePlain} wrote. */
    static Object readPlain(WireInput in, Region region) throws IOException {
        long payload = in.readLong();
        int lockAt = in.readInt();
        String name = Wire.readString(in);
        ObjectType type = ObjectType.of(in.readByte());
        if (type == null) throw notDirectly();
        return new Handle(region, payload, lockAt, name, type, in.readLong(), null, null)
                .readResolve();
    }

    /** Throws {@link #notDirectly()}: a class with a throw statement has the JVM load the exception's class to verify it. */
    @SuppressWarnings("DoNotCallSuggester") // to refuse is what it is for
    static void refuse() throws InvalidObjectException {
        throw notDirectly();
    }

    static InvalidObjectException notDirectly() {
        return new InvalidObjectException(
                "Handles travel as references. The stream was not written by this library.");
    }

    /** The public handle, in the process that it was sent to. */
    @SuppressWarnings("ConstantValue") // a stream may leave out any field
    private Object readResolve() throws InvalidObjectException {
        if (owner == null || name == null || type == null) throw notDirectly();
        Heap heap = region().heap();
        boolean sound = heap.isObject(payload, type) && (lockAt == WHOLE || isPart());
        if (!sound) {
            throw new InvalidObjectException(
                    "Region '"
                            + owner.name()
                            + "' has no "
                            + type.label()
                            + " at offset "
                            + at()
                            + ". The stream was not written by this library, or was changed.");
        }
        if (recordType != null) heap.check(payload, name, RecordLayout.of(recordType).shape());
        return lockAt == WHOLE ? publicHandle() : partHandle();
    }

    private SharedObject queue() throws InvalidObjectException {
        if (messages == null) throw notDirectly();
        return new SharedQueue<>(this, messages);
    }

    private boolean isPart() {
        return type.hasLockAt(lockAt)
                || (type == ObjectType.READ_WRITE_LOCK && lockAt == Shapes.READ_PART);
    }

    private SharedObject partHandle() {
        if (type != ObjectType.READ_WRITE_LOCK) return new SharedLock(this);
        return lockAt == Shapes.WRITE_PART ? new SharedWriteLock(this) : new SharedReadLock(this);
    }

    private SharedObject publicHandle() throws InvalidObjectException {
        return switch (type) {
            case LOCK -> new SharedLock(this);
            case INT -> new SharedInt(this);
            case LONG -> new SharedLong(this);
            case DOUBLE -> new SharedDouble(this);
            case BOOLEAN -> new SharedBoolean(this);
            case BYTE_ARRAY -> new SharedByteArray(this);
            case SHORT_ARRAY -> new SharedShortArray(this);
            case INT_ARRAY -> new SharedIntArray(this);
            case LONG_ARRAY -> new SharedLongArray(this);
            case FLOAT_ARRAY -> new SharedFloatArray(this);
            case DOUBLE_ARRAY -> new SharedDoubleArray(this);
            case RECORD -> new SharedRecord<>(this);
            case BLOCK -> new SharedBlock(this);
            case REENTRANT_LOCK -> new SharedReentrantLock(this);
            case CONDITION -> new SharedCondition(this);
            case EVENT -> new SharedEvent(this);
            case COUNT_DOWN_LATCH -> new SharedCountDownLatch(this);
            case SEMAPHORE -> new SharedSemaphore(this);
            case BARRIER -> new SharedBarrier(this, null);
            case READ_WRITE_LOCK -> new SharedReadWriteLock(this);
            case QUEUE -> queue();
            case WAIT_CELLS, QUEUE_AREA, PIPE -> throw notDirectly();
        };
    }
}
