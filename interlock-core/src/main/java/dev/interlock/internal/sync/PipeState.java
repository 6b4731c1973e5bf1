package dev.interlock.internal.sync;

import dev.interlock.internal.sync.PipeHolds.Hold;
import java.lang.foreign.MemorySegment;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One connection: an end of a pipe, held by this process until it is released. */
public final class PipeState {
    /*
     * Three things together: a ring of bytes for each direction (PipeRing), a lock and a place to wait for each side of it (PipeSide),
     * and who holds the ends (PipeHolds). When nobody holds an end any more, those at the other are signalled, and see the end when
     * they have received what was sent before.
     */
    /** How a call ended. */
    public enum Transfer {
        DONE,
        TIMED_OUT,
        /** The thread's status is cleared. */
        INTERRUPTED,
        /** Nobody holds the other end any more. */
        ENDED,
        /** This connection was released. */
        CLOSED
    }

    /** Whether the connection was released. */
    interface Closed {
        boolean isClosed();
    }

    /** A pipe as a process sees it, and all that is needed to use it. */
    record Place(
            Words words,
            Words opening,
            WaitCells cells,
            Owners owners,
            Stay stay,
            PipeLayout layout) {}

    /** What all connections of a process to one pipe share. */
    public static final class Shared {
        private final LockState[] locks;
        private final PipeReceiver.Begun[] begun = {
            new PipeReceiver.Begun(), new PipeReceiver.Begun()
        };

        /**
         * Makes it.
         *
         * @param locks the states of its locks, in their order
         */
        public Shared(LockState... locks) {
            this.locks = locks.clone();
        }
    }

    /**
     * A hold that is on its way to another process.
     *
     * @param value identifies it
     */
    public record Ticket(int cell, long value) {}

    private final Place place;
    private final int end;
    private final @Nullable PipeSender sender;
    private final @Nullable PipeReceiver receiver;
    private final Closed closed = this::isClosed;
    private final Object releasing = new Object();
    private volatile @Nullable Hold hold; // null when released; written under releasing

    private PipeState(Place place, int end, Shared shared, @Nullable Hold hold) {
        this.place = place;
        this.end = end;
        this.hold = hold;
        int other = 1 - end;
        this.sender =
                place.layout().sends(end)
                        ? new PipeSender(place, end, shared.locks[2 * end])
                        : null;
        this.receiver =
                place.layout().sends(other)
                        ? new PipeReceiver(
                                place, other, shared.locks[2 * other + 1], shared.begun[other])
                        : null;
    }

    /** Where the locks of a pipe lie in it. */
    public static int lockOffset(int index) {
        return index * PipeLayout.CELL;
    }

    /**
     * A connection of this process to an end of the pipe at that offset, which it holds from now on, unless that end is over.
     *
     * @param words the region, as long as the process is a member
     * @param opening the same, as long as the handle can be used
     * @param bytes how much memory the pipe has
     * @param ticket that was sent along, or null
     * @return null if what the pipe says of itself cannot be
     */
    public static @Nullable PipeState of(
            Words words,
            Words opening,
            WaitCells cells,
            Owners owners,
            Stay stay,
            Shared shared,
            long at,
            long bytes,
            int end,
            @Nullable Ticket ticket) {
        PipeLayout layout = PipeLayout.read(words, at, bytes);
        if (layout == null) return null;
        Place place = new Place(words, opening, cells, owners, stay, layout);
        return new PipeState(place, end, shared, hold(opening, layout.end(end), cells, ticket));
    }

    private static @Nullable Hold hold(
            Words words, long end, WaitCells cells, @Nullable Ticket ticket) {
        if (ticket != null) {
            Hold moved =
                    PipeHolds.move(words, end, new Hold(ticket.cell, ticket.value), cells.slot());
            if (moved != null) return moved;
        }
        return PipeHolds.add(words, end, cells.slot());
    }

    /** Whether messages can be sent from here. */
    public boolean canSend() {
        return sender != null;
    }

    /** Whether messages can be received here. */
    public boolean canReceive() {
        return receiver != null;
    }

    /** Whether it was released, or never held. */
    public boolean isClosed() {
        return hold == null;
    }

    /** Sends a message, if this end can: all of it, or as far as others are concerned nothing. */
    public Transfer send(MemorySegment message, long deadlineNanos) {
        if (isClosed() || sender == null) return Transfer.CLOSED;
        return transfer(sender.send(message, closed, deadlineNanos));
    }

    /** Receives a message, if this end can. */
    public Transfer receive(PipeTarget target, long deadlineNanos) {
        if (isClosed() || receiver == null) return Transfer.CLOSED;
        return transfer(receiver.receive(target, closed, deadlineNanos));
    }

    /** Waits until a message can be received, or none will come any more. */
    public Transfer awaitReady(long deadlineNanos) {
        if (isClosed() || receiver == null) return Transfer.CLOSED;
        return transfer(receiver.awaitReady(closed, deadlineNanos));
    }

    private static Transfer transfer(long result) {
        if (result == PipeSide.READY) return Transfer.DONE;
        if (result == PipeSide.ENDED) return Transfer.ENDED;
        if (result == PipeSide.CLOSED) return Transfer.CLOSED;
        return result == RingSignal.INTERRUPTED ? Transfer.INTERRUPTED : Transfer.TIMED_OUT;
    }

    /** Whether {@link #awaitReady} would not wait. */
    public boolean isReady() {
        return isClosed() || receiver == null || receiver.isReady(closed);
    }

    /** Announces that somebody sleeps on the word at {@link #signalAt} until that is so: its lower half. */
    public int announce() {
        return receiver == null ? 0 : (int) receiver.announce();
    }

    /** Where to sleep then. */
    public long signalAt() {
        return receiver == null ? 0 : receiver.signalAt();
    }

    /** A hold more, for a connection on its way to another process; null if this one was released. */
    public @Nullable Ticket ticket() {
        synchronized (releasing) {
            if (hold == null) return null;
            Hold added = PipeHolds.add(place.opening, endAt(), place.cells.slot());
            return added == null ? null : new Ticket(added.cell(), added.value());
        }
    }

    /** Takes a ticket back, unless it has arrived; nothing happens if this process has left the region. */
    public void cancel(Ticket ticket) {
        unlessLeft(() -> remove(new Hold(ticket.cell, ticket.value)));
    }

    /** Holds the end no more; threads that use this connection throw. */
    public void release() {
        Hold released;
        synchronized (releasing) {
            released = hold;
            hold = null;
        }
        if (released != null) unlessLeft(() -> remove(released));
    }

    private void unlessLeft(Runnable work) {
        if (!place.stay.begin()) return; // the sweep did it
        try {
            work.run();
        } finally {
            place.stay.end();
        }
    }

    private void remove(Hold ended) {
        PipeHolds.remove(place.words, endAt(), ended);
        PipeHolds.isOver(place.words, endAt());
        signalAll(place.words, place.layout.at);
    }

    private long endAt() {
        return place.layout.end(end);
    }

    private static void signalAll(Words words, long at) {
        for (long awaited : PipeLayout.awaited(at)) RingSignal.signalAll(words, awaited);
    }

    /**
     * What the death of a process does to a pipe, but for its locks, of which this comes after.
     *
     * @param bytes how much memory the pipe has
     */
    public static void sweep(
            Words words, long at, long bytes, int dead, BooleanSupplier stillDying) {
        PipeLayout layout = PipeLayout.read(words, at, bytes);
        if (layout == null) return; // it is damaged, and who uses it will be told
        for (int end = 0; end < 2; end++) PipeHolds.sweep(words, layout.end(end), dead, stillDying);
        signalAll(words, at);
    }

    /** What it is like, in words. */
    public static String describe(Words words, long at, long bytes) {
        PipeLayout layout = PipeLayout.read(words, at, bytes);
        if (layout == null) return "damaged";
        StringBuilder text = new StringBuilder(layout.oneWay ? "one way" : "duplex");
        for (int end = 0; end < 2; end++)
            if (PipeHolds.isKnownOver(words, layout.end(end)))
                text.append(end == 0 ? ", first end closed" : ", second end closed");
        return text.toString();
    }
}
