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
            long position = state.take(state.memory(), deadlineNanos, true);
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
            long position = state.take(state.memory());
            if (position < 0 || isDeliverable(position)) return position;
        }
    }

    private E received(long position) {
        E message = decode(position);
        MemorySegment memory = state.memory();
        state.finishOwing(memory, position);
        state.signalFinished(memory);
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
                MemorySegment contents = state.contents(state.memory(), position);
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
            E message =
                    Objects.requireNonNull(codec.read(state.contents(state.memory(), position)));
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

    int read(Consumer<MemorySegment> reader, int most) {
        Objects.requireNonNull(reader);
        int read = 0;
        while (read < most) { // until so many are read, or there is none
            int some = readSome(reader, Math.min(most - read, QueueState.MOST_AT_ONCE));
            if (some == 0) break;
            read += some;
        }
        return read;
    }

    private int readSome(Consumer<MemorySegment> reader, int most) {
        QueueState.Taking taking = state.taking(state.memory());
        int read = 0;
        try {
            while (read < most) {
                long position = taking.next();
                if (position < 0) break;
                if (!isDeliverable(position)) continue;
                read(reader, taking.contents(), position);
                taking.finishOwing();
                read++;
            }
        } finally {
            taking.end();
        }
        return read;
    }

    private void read(Consumer<MemorySegment> reader, MemorySegment contents, long position) {
        boolean done = false;
        try {
            reader.accept(contents);
            done = true;
        } finally {
            if (!done) state.giveBack(position);
        }
    }

    int drainTo(Collection<? super E> to, int most) {
        long[] positions = new long[Math.clamp(most, 0, QueueState.MOST_AT_ONCE)];
        int drained = 0;
        int taken;
        do { // until so many are taken, or there is none
            taken = drainSome(to, positions, Math.min(most - drained, positions.length));
            drained += taken;
        } while (taken > 0 && drained < most);
        return drained;
    }

    /* Those that were added are gone after the last was: if the process dies before, all of them are delivered again. */
    private int drainSome(Collection<? super E> to, long[] positions, int most) {
        QueueState.Taking taking = state.taking(state.memory());
        int added = 0;
        try {
            while (added < most) {
                long position = taking.next();
                if (position < 0) break;
                if (!isDeliverable(position)) continue;
                add(to, decode(position), position);
                positions[added++] = position;
            }
        } finally {
            taking.note();
            if (added > 0) taking.count(added);
            for (int i = 0; i < added; i++) taking.finishOwing(positions[i]);
            taking.end();
        }
        return added;
    }

    private void add(Collection<? super E> to, E message, long position) {
        boolean done = false;
        try {
            to.add(message);
            done = true;
        } finally {
            if (!done) state.giveBack(position);
        }
    }

    /** Takes all messages that are there now, unread. */
    void discardAll() {
        for (int i = state.capacity(); i > 0; i--) { // those that come meanwhile stay
            long position = state.take(state.memory());
            if (position < 0) return;
            state.finish(position);
            state.signalFinished();
        }
    }
}
