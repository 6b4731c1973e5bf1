package dev.interlock;

import dev.interlock.internal.process.Transit;
import dev.interlock.internal.region.AnyWord;
import dev.interlock.internal.region.OpenRegion;
import dev.interlock.internal.sync.PipeState;
import dev.interlock.internal.sync.PipeTarget;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.lang.foreign.MemorySegment;

/** An end of a pipe. */
final class PipeConnection extends AbstractConnection {
    private static final long serialVersionUID = 1L;

    private final transient PipeReference place;
    private final transient OpenRegion region;
    private final transient PipeState state;

    /**
     * Makes a connection, which holds its end from now on, unless nobody does any more: then it is closed.
     *
     * @param place what it is an end of; its ticket is used up
     */
    PipeConnection(PipeReference place) {
        super(place.codec());
        this.place = place;
        this.region = place.region().opened();
        this.state = region.pipe(place.payload(), place.end(), place.ticket());
    }

    @Override
    boolean transmit(MemorySegment message, long deadlineNanos) throws InterruptedException {
        if (!canSend()) throw onlyReceives();
        return isDone(state.send(message, deadlineNanos));
    }

    @Override
    boolean receive(PipeTarget target, long deadlineNanos) throws InterruptedException {
        if (!canReceive()) throw onlySends();
        return isDone(state.receive(target, deadlineNanos));
    }

    @Override
    boolean awaitReady(long deadlineNanos) throws InterruptedException {
        if (!canReceive()) throw onlySends();
        PipeState.Transfer seen = state.awaitReady(deadlineNanos);
        return seen == PipeState.Transfer.ENDED || isDone(seen);
    }

    private boolean isDone(PipeState.Transfer transfer) throws InterruptedException {
        return switch (transfer) {
            case DONE -> true;
            case TIMED_OUT -> false;
            case INTERRUPTED -> throw new InterruptedException();
            case ENDED -> throw ended();
            case CLOSED -> {
                region.requireOpen();
                throw closedHere();
            }
        };
    }

    @Override
    public boolean poll() {
        if (!canReceive()) throw onlySends();
        requireOpen();
        return state.isReady();
    }

    private void requireOpen() {
        region.requireOpen();
        if (state.isClosed()) throw closedHere();
    }

    @Override
    public boolean canReceive() {
        return state.canReceive();
    }

    @Override
    public boolean canSend() {
        return state.canSend();
    }

    @Override
    public boolean isClosed() {
        return state.isClosed();
    }

    @Override
    public void close() {
        region.release(state);
    }

    @Override
    Readiness readiness(AnyWord bell) {
        if (!canReceive()) throw onlySends();
        requireOpen();
        return new PipeReadiness(region, state);
    }

    @Override
    public String toString() {
        return "Connection to the "
                + (place.end() == 0 ? "first" : "second")
                + " end of a pipe in region '"
                + place.region().name()
                + "'"
                + (isClosed() ? ", closed" : "");
    }

    /**
     * What a stream gets in place of the connection: a hold more, which whoever reads the stream first will have.
     *
     * @return a reference to the end
     */
    private Object writeReplace() {
        requireOpen();
        PipeState.Ticket ticket = state.ticket();
        if (ticket == null) throw closedHere();
        Transit.note(() -> state.cancel(ticket));
        return place.with(ticket);
    }

    /**
     * Refuses a stream that claims to hold the connection itself.
     *
     * @param in the stream
     * @throws InvalidObjectException always
     */
    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw Handle.notDirectly();
    }
}
