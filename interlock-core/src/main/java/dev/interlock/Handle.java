package dev.interlock;

import dev.interlock.internal.region.Heap;
import dev.interlock.internal.region.ObjectType;
import dev.interlock.internal.region.OpenRegion;
import java.io.InvalidObjectException;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What a public handle knows of its object. This, and not the handle, is what travels to other processes. It is a plain class, as
 * records and lambdas take a cold JVM tens of milliseconds to deserialize.
 */
final class Handle implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Region owner;
    private final long payload;
    private final String name;
    private final ObjectType type;
    private final OwnerDeathPolicy policy;
    private final @Nullable Class<? extends Record> recordType;

    Handle(
            Region owner,
            long payload,
            String name,
            ObjectType type,
            OwnerDeathPolicy policy,
            @Nullable Class<? extends Record> recordType) {
        this.owner = owner;
        this.payload = payload;
        this.name = name;
        this.type = type;
        this.policy = policy;
        this.recordType = recordType;
    }

    OpenRegion region() {
        return owner.opened();
    }

    /** Offset of the object's contents in the region. */
    long payload() {
        return payload;
    }

    /** Of a lock: what its next owner is told. */
    OwnerDeathPolicy policy() {
        return policy;
    }

    /** Of a record: its class. */
    @Nullable Class<? extends Record> recordType() {
        return recordType;
    }

    /** A handle to the lock that lies at an offset in the object's contents. */
    Handle lockWithin(long offset) {
        return new Handle(
                owner, payload + offset, name, ObjectType.LOCK, OwnerDeathPolicy.REPORT, null);
    }

    /** A handle to the same lock with the policy that the lock was made with. */
    Handle withPolicyOf(Heap heap) {
        long option = heap.option(payload);
        OwnerDeathPolicy[] policies = OwnerDeathPolicy.values();
        OwnerDeathPolicy made =
                option >= 0 && option < policies.length
                        ? policies[(int) option]
                        : OwnerDeathPolicy.REPORT;
        return new Handle(owner, payload, name, type, made, recordType);
    }

    /** For messages. */
    String describe() {
        String what =
                name.isEmpty()
                        ? type.label() + " without a name"
                        : type.label() + " '" + name + "'";
        return what + " in region '" + owner.name() + "'";
    }

    static InvalidObjectException notDirectly() {
        return new InvalidObjectException(
                "Handles travel as references. The stream was not written by this library.");
    }

    /** The public handle, in the process that it was sent to. */
    private Object readResolve() throws InvalidObjectException {
        if (!owner.opened().heap().isInUse(payload))
            throw new InvalidObjectException("There is no object at offset " + payload);
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
