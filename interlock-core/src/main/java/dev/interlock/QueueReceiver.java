package dev.interlock;

import dev.interlock.internal.sync.QueueState;
import dev.interlock.internal.sync.Ring;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How messages get out of a queue: taken, read, finished, told. */
final class QueueReceiver<E> {
    private static final int MOST_AT_ONCE = 32;

    private final SharedQueue<E> queue;
    private final Handle handle;
    private final QueueState state;
    private final Codec<E> codec;
    private final int maxDeliveries;
    private final @Nullable SharedQueue<?> deadLetters;

    QueueReceiver(SharedQueue<E> queue, QueueState state, Messages<E> messages) {
        this.queue = queue;
        this.handle = queue.handle;
        this.state = state;
        this.codec = messages.codec;
        this.maxDeliveries = messages.maxDeliveries;
        this.deadLetters = messages.deadLetters;
    }

    @Nullable E receive(long deadlineNanos) throws InterruptedException {
        long position = await(deadlineNanos);
        return position < 0 ? null : received(position);
    }

    @Nullable E receiveNow() {
        long position = takeNow();
        return position < 0 ? null : received(position);
    }

    @Nullable Lease<E> lease(long deadlineNanos) throws InterruptedException {
        long position = await(deadlineNanos);
        if (position < 0) return null;
        int deliveries = state.deliveries(position);
        return new Lease<>(queue, position, decode(position), deliveries);
    }

    private long await(long deadlineNanos) throws InterruptedException {
        if (Thread.interrupted()) throw new InterruptedException();
        while (true) { // until there is one that was not delivered too often
            long position = state.take(deadlineNanos, true);
            if (position == QueueState.INTERRUPTED) throw new InterruptedException();
            if (position == Ring.ENDED) throw ended();
            if (position < 0 || isDeliverable(position)) return position;
        }
    }

    private QueueClosedException ended() {
        return new QueueClosedException(
                "Nothing is left in "
                        + handle.describe()
                        + ": it was closed. Make another one to go on.");
    }

    private long takeNow() {
        while (true) { // until there is one that was not delivered too often, or none
            long position = state.take();
            if (position < 0 || isDeliverable(position)) return position;
        }
    }

    private E received(long position) {
        E message = decode(position);
        state.finishOwing(position);
        state.signalFinished();
        return message;
    }

    private boolean isDeliverable(long position) {
        if (maxDeliveries == 0 || state.deliveries(position) <= maxDeliveries) return true;
        bury(position);
        return false;
    }

    /* To the dead letters, if there is a place. */
    private boolean bury(long position) {
        boolean buried = false;
        try {
            if (deadLetters != null) {
                MemorySegment contents = state.contents(position);
                buried = deadLetters.offer(contents.byteSize(), to -> to.copyFrom(contents));
            }
        } catch (RuntimeException closedOrFull) {
            // then it is lost, which the caller says
        } finally {
            state.finish(position);
            state.signalFinished();
        }
        return buried;
    }

    private E decode(long position) {
        boolean decided = false;
        try {
            E message = Objects.requireNonNull(codec.read(state.contents(position)));
            decided = true;
            return message;
        } catch (RuntimeException | LinkageError | StackOverflowError problem) {
            decided = true;
            throw undecodable(bury(position), problem);
        } finally {
            if (!decided)
                state.giveBack(position); // this JVM is at its end, perhaps another is not
        }
    }

    private MessageDecodingException undecodable(boolean buried, Throwable problem) {
        return new MessageDecodingException(
                "A message of "
                        + handle.describe()
                        + " cannot be read by codec "
                        + codec.name()
                        + ": "
                        + problem
                        + ". It was "
                        + (buried ? "moved to the dead letters." : "thrown away.")
                        + " Check that its class is known here and is the same as where it was put.",
                problem);
    }

    boolean read(Consumer<MemorySegment> reader) {
        Objects.requireNonNull(reader);
        long position = takeNow();
        if (position < 0) return false;
        boolean done = false;
        try {
            reader.accept(state.contents(position));
            done = true;
        } finally {
            if (!done) state.giveBack(position);
        }
        state.finishOwing(position);
        state.signalFinished();
        return true;
    }

    int drainTo(Collection<? super E> to, int most) {
        long[] positions = new long[Math.clamp(most, 0, MOST_AT_ONCE)];
        int drained = 0;
        int taken;
        do { // until so many are taken, or there is none
            taken = state.take(positions, Math.min(most - drained, positions.length));
            drained += drain(to, positions, taken);
        } while (taken > 0 && drained < most);
        return drained;
    }

    /* Those that were added are gone after the last was: if the process dies before, all of them are delivered again. */
    private int drain(Collection<? super E> to, long[] positions, int taken) {
        int added = 0; // those are the first in positions
        int next = 0;
        try {
            while (next < taken) {
                long position = positions[next++];
                if (!isDeliverable(position)) continue;
                E message = decode(position);
                positions[added] = add(to, message, position);
                added++;
            }
        } finally {
            for (int i = next; i < taken; i++)
                state.giveBack(positions[i]); // decoding or adding failed
            if (added > 0) {
                state.finishOwing(positions, added);
                state.signalFinished();
            }
        }
        return added;
    }

    private long add(Collection<? super E> to, E message, long position) {
        boolean done = false;
        try {
            to.add(message);
            done = true;
        } finally {
            if (!done) state.giveBack(position);
        }
        return position;
    }

    /** Takes all messages that are there now, unread. */
    void discardAll() {
        for (int i = state.capacity(); i > 0; i--) { // those that come meanwhile stay
            long position = state.take();
            if (position < 0) return;
            state.finish(position);
            state.signalFinished();
        }
    }
}
