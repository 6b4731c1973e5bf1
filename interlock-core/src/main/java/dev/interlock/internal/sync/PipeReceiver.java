package dev.interlock.internal.sync;

import dev.interlock.internal.sync.PipeRing.Chunk;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** What is received from a pipe that was sent from one end. */
final class PipeReceiver extends PipeSide {
    private static final long NOWHERE = -1;

    private final long data;
    private final long tail;
    private final long space;
    private final long sendLock;
    private final Begun begun;

    /**
     * What a thread of this process received of a large message before its time was over or it was interrupted, for the next to go on
     * with. All handles of the process to the end share one, guarded by the lock to receive.
     */
    static final class Begun {
        private volatile long position = NOWHERE; // where the rest begins
        private long total;
        private @Nullable MemorySegment taken;

        private void keep(long position, long total, MemorySegment bytes) {
            taken = Arena.ofAuto().allocate(Math.max(1, bytes.byteSize())).copyFrom(bytes);
            taken = taken.asSlice(0, bytes.byteSize());
            this.total = total;
            this.position = position;
        }

        private void drop() {
            position = NOWHERE;
            taken = null;
        }
    }

    PipeReceiver(PipeState.Place place, int from, LockState lock, Begun begun) {
        super(place, from, lock, PipeLayout.receiveLock(from), from);
        long direction = place.layout().direction(from);
        this.data = direction + PipeLayout.DATA;
        this.tail = direction + PipeLayout.TAIL;
        this.space = direction + PipeLayout.SPACE;
        this.sendLock = place.layout().at + PipeLayout.sendLock(from);
        this.begun = begun;
    }

    /**
     * Receives a message: {@link #READY} if it is received, else it can still be.
     *
     * @param closed whether the connection was closed here
     */
    long receive(PipeTarget target, PipeState.Closed closed, long deadlineNanos) {
        long taken = take(deadlineNanos, true);
        if (taken != READY) return taken;
        try {
            return new Message(target).receive(closed, deadlineNanos);
        } finally {
            giveBack();
        }
    }

    /** One message on its way into the target; under the lock. */
    private final class Message {
        private final PipeTarget target;
        private long next = NOWHERE; // where the rest begins, of a message that has begun
        private long total;
        private long sum;

        Message(PipeTarget target) {
            this.target = target;
        }

        long receive(PipeState.Closed closed, long deadlineNanos) {
            resume();
            while (true) { // until it is whole, or it ends otherwise
                long seen = awaitChunk(next != NOWHERE, closed, deadlineNanos);
                if (seen == GIVEN_UP) {
                    next = NOWHERE;
                } else if (seen != READY) {
                    keep();
                    return seen;
                } else if (take(ring.chunk(ring.head(), ring.tail()))) {
                    return READY;
                }
            }
        }

        private void resume() {
            if (begun.position == NOWHERE) return;
            MemorySegment taken = begun.taken;
            if (begun.position == ring.head() && taken != null) {
                target.begin(begun.total);
                target.append(taken, 0, taken.byteSize());
                next = begun.position;
                total = begun.total;
                sum = taken.byteSize();
            }
            begun.drop();
        }

        private void keep() {
            if (next != NOWHERE) begun.keep(next, total, target.taken());
        }

        /* Whether that was the last one. */
        private boolean take(Chunk chunk) {
            if (chunk.isFirst()) {
                target.begin(chunk.total());
                total = chunk.total();
                sum = 0;
            } else if (next == NOWHERE) {
                finish(chunk); // the rest of a message whose beginning somebody took along
                return false;
            }
            sum += chunk.length();
            if (chunk.total() != total || sum > total || chunk.isLast() != (sum == total))
                throw PipeRing.damaged();
            ring.copy(chunk, target);
            finish(chunk);
            next = chunk.isLast() ? NOWHERE : chunk.end();
            return chunk.isLast();
        }
    }

    private void finish(Chunk chunk) {
        ring.finish(chunk);
        RingSignal.signalAll(opening, space);
    }

    private long awaitChunk(boolean inMessage, PipeState.Closed closed, long deadlineNanos) {
        long seen = look(inMessage, closed);
        if (seen != NOT_YET) return seen;
        return await(() -> look(inMessage, closed), data, tail, deadlineNanos, true);
    }

    private long look(boolean inMessage, PipeState.Closed closed) {
        long head = ring.head();
        long seen = ring.tail();
        if (closed.isClosed()) return CLOSED;
        if (PipeRing.position(seen) != head) return READY;
        if (inMessage && isGivenUp(seen)) return GIVEN_UP;
        if (!isOtherEndOver()) return NOT_YET;
        if (ring.tail() != seen) return READY; // it was sent before that
        return inMessage ? GIVEN_UP : ENDED;
    }

    private boolean isGivenUp(long seenTail) {
        if (!PipeRing.isPart(seenTail)) return true;
        return LockWord.isFree(opening.get(sendLock)) && ring.tail() == seenTail;
    }

    /** Whether a message can be received, or it is known that none will come. Takes no lock. */
    boolean isReady(PipeState.Closed closed) {
        return lookForMessage(closed) != NOT_YET;
    }

    /** Waits until that is so. */
    long awaitReady(PipeState.Closed closed, long deadlineNanos) {
        return await(() -> lookForMessage(closed), data, tail, deadlineNanos, true);
    }

    private long lookForMessage(PipeState.Closed closed) {
        while (true) { // until nobody received anything while this looked
            long head = ring.head();
            long seen = ring.tail();
            if (closed.isClosed()) return CLOSED;
            try {
                if (isMessageBetween(head, seen)) return READY;
            } catch (IllegalStateException damaged) {
                if (ring.head() == head) throw damaged;
            }
            if (ring.head() != head) continue;
            if (!isOtherEndOver()) return NOT_YET;
            if (ring.tail() == seen) return ENDED;
        }
    }

    private boolean isMessageBetween(long head, long seenTail) {
        boolean has = head == begun.position; // the beginning of the message that goes on here
        for (long at = head; at != PipeRing.position(seenTail); ) { // until the tail
            Chunk chunk = ring.chunk(at, seenTail);
            if (chunk.isWhole()) return true;
            has |= chunk.isFirst();
            if (has && chunk.isLast()) return true;
            has &= !chunk.isLast();
            at = chunk.end();
        }
        return has && !isGivenUp(seenTail);
    }

    /** Where to wait for that among other things, and the lower half of the word there; announces it. */
    long announce() {
        return RingSignal.announce(opening, data);
    }

    long signalAt() {
        return data;
    }
}
