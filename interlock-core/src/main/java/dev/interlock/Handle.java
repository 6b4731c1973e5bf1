package dev.interlock;

import dev.interlock.internal.region.Heap;
import dev.interlock.internal.region.ObjectType;
import dev.interlock.internal.region.OpenRegion;
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
    private final int
            lockAt; // of a lock that belongs to the object: where in its payload; else WHOLE
    private final String name;
    private final ObjectType type;
    private final OwnerDeathPolicy policy;
    private final @Nullable Class<? extends Record> recordType;

    private Handle(
            Region owner,
            long payload,
            int lockAt,
            String name,
            ObjectType type,
            OwnerDeathPolicy policy,
            @Nullable Class<? extends Record> recordType) {
        this.owner = owner;
        this.payload = payload;
        this.lockAt = lockAt;
        this.name = name;
        this.type = type;
        this.policy = policy;
        this.recordType = recordType;
    }

    static Handle of(Region owner, long payload, String name, ObjectType type) {
        return new Handle(owner, payload, WHOLE, name, type, OwnerDeathPolicy.REPORT, null);
    }

    static Handle ofRecord(
            Region owner, long payload, String name, Class<? extends Record> recordType) {
        return new Handle(
                owner,
                payload,
                WHOLE,
                name,
                ObjectType.RECORD,
                OwnerDeathPolicy.REPORT,
                recordType);
    }

    /** A handle to a lock, with the policy that it was made with. */
    static Handle ofLock(Region owner, long payload, String name) {
        long option = owner.opened().heap().option(payload);
        OwnerDeathPolicy[] policies = OwnerDeathPolicy.values();
        OwnerDeathPolicy made =
                option >= 0 && option < policies.length
                        ? policies[(int) option]
                        : OwnerDeathPolicy.REPORT;
        return new Handle(owner, payload, WHOLE, name, ObjectType.LOCK, made, null);
    }

    /** A handle to the lock that lies at an offset in the object's contents. */
    Handle lockWithin(int offset) {
        return new Handle(owner, payload, offset, name, type, OwnerDeathPolicy.REPORT, null);
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

    /** Of a lock: what its next owner is told. */
    OwnerDeathPolicy policy() {
        return policy;
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
        return (lockAt == WHOLE ? what : "Lock of " + what) + " in region '" + owner.name() + "'";
    }

    static InvalidObjectException notDirectly() {
        return new InvalidObjectException(
                "Handles travel as references. The stream was not written by this library.");
    }

    /** The public handle, in the process that it was sent to. */
    @SuppressWarnings("ConstantValue") // a stream may leave out any field
    private Object readResolve() throws InvalidObjectException {
        if (owner == null || name == null || type == null || policy == null) throw notDirectly();
        Heap heap = region().heap();
        boolean sound = heap.isObject(payload, type) && (lockAt == WHOLE || type.hasLockAt(lockAt));
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
        return lockAt == WHOLE ? publicHandle() : new SharedLock(this);
    }

    private SharedObject publicHandle() {
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
        };
    }
}
