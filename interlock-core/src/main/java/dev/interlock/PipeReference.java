package dev.interlock;

import dev.interlock.internal.region.ObjectType;
import dev.interlock.internal.sync.PipeState;
import java.io.InvalidObjectException;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** An end of a pipe on its way to another process: a plain class, as {@link Handle} is. */
final class PipeReference implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Region region;
    private final long payload;
    private final int end;
    private final Codec<?> codec;
    private final int ticketCell;
    private final long ticketValue; // 0: no ticket

    PipeReference(Region region, long payload, int end, Codec<?> codec) {
        this(region, payload, end, codec, 0, 0);
    }

    private PipeReference(
            Region region,
            long payload,
            int end,
            Codec<?> codec,
            int ticketCell,
            long ticketValue) {
        this.region = region;
        this.payload = payload;
        this.end = end;
        this.codec = codec;
        this.ticketCell = ticketCell;
        this.ticketValue = ticketValue;
    }

    PipeReference with(PipeState.Ticket ticket) {
        return new PipeReference(region, payload, end, codec, ticket.cell(), ticket.value());
    }

    Region region() {
        return region;
    }

    long payload() {
        return payload;
    }

    int end() {
        return end;
    }

    Codec<?> codec() {
        return codec;
    }

    PipeState.@Nullable Ticket ticket() {
        return ticketValue == 0 ? null : new PipeState.Ticket(ticketCell, ticketValue);
    }

    /** The connection, in the process that it was sent to. */
    @SuppressWarnings("ConstantValue") // a stream may leave out any field
    private Object readResolve() throws InvalidObjectException {
        if (region == null || codec == null || end < 0 || end > 1) throw Handle.notDirectly();
        if (!region.opened().heap().isObject(payload, ObjectType.PIPE))
            throw new InvalidObjectException(
                    "Region '"
                            + region.name()
                            + "' has no pipe at offset "
                            + payload
                            + ". The stream was not written by this library, or was changed.");
        return new PipeConnection(this);
    }
}
