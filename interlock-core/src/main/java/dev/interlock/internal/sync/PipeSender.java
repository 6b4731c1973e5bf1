package dev.interlock.internal.sync;

import java.lang.foreign.MemorySegment;

/** What is sent through a pipe from one end. */
final class PipeSender extends PipeSide {
    private final long space;
    private final long head;
    private final long data;

    PipeSender(PipeState.Place place, int from, LockState lock) {
        super(place, from, lock, PipeLayout.sendLock(from), 1 - from);
        long direction = place.layout().direction(from);
        this.space = direction + PipeLayout.SPACE;
        this.head = direction + PipeLayout.HEAD;
        this.data = direction + PipeLayout.DATA;
    }

    /**
     * Sends a message: {@link #READY} if it is sent, else none of it is.
     *
     * @param closed whether the connection was closed here
     */
    long send(MemorySegment message, PipeState.Closed closed, long deadlineNanos) {
        if (isOtherEndKnownOver()) return ENDED;
        long taken = take(deadlineNanos, true);
        if (taken != READY) return taken;
        boolean sent = false;
        boolean begun = false;
        try {
            long length = message.byteSize();
            long piece = length <= ring.mostWhole() ? length : ring.mostInPiece();
            long from = 0;
            do { // until all is sent, or it ends otherwise
                int chunk = (int) Math.min(piece, length - from);
                long room = awaitRoom(chunk, closed, deadlineNanos);
                if (room != READY) return room;
                ring.send(message, from, chunk);
                RingSignal.signalAll(opening, data);
                begun = true;
                from += chunk;
            } while (from < length);
            sent = true;
            return READY;
        } finally {
            giveBack();
            if (begun && !sent) giveUp();
        }
    }

    /* Who receives the message waits for the rest, and sees by the lock that it will not come. */
    private void giveUp() {
        try {
            RingSignal.signalAll(opening, data);
        } catch (IllegalStateException closed) {
            // the region is, and what that opening holds is given back, which signals all
        }
    }

    private long awaitRoom(int length, PipeState.Closed closed, long deadlineNanos) {
        if (ring.hasRoom(length)) return closed.isClosed() ? CLOSED : READY;
        return await(() -> lookForRoom(length, closed), space, head, deadlineNanos, true);
    }

    private long lookForRoom(int length, PipeState.Closed closed) {
        if (closed.isClosed()) return CLOSED;
        if (isOtherEndOver()) return ENDED;
        return ring.hasRoom(length) ? READY : NOT_YET;
    }
}
