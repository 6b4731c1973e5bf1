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
            E message = Objects.requireNonNull(codec.read(state.contents(position).asReadOnly()));
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
            reader.accept(state.contents(position).asReadOnly());
            done = true;
        } finally {
            if (!done) state.giveBack(position);
        }
        state.finishOwing(position);
        state.signalFinished();
        return true;
    }

    int drainTo(Collection<? super E> to, int most) {
        int drained = 0;
        try {
            while (drained < most && drainOne(to)) drained++;
        } finally {
            if (drained > 0) state.signalFinished();
        }
        return drained;
    }

    private boolean drainOne(Collection<? super E> to) {
        long position = takeNow();
        if (position < 0) return false;
        E message = decode(position);
        boolean done = false;
        try {
            to.add(message);
            done = true;
        } finally {
            if (!done) state.giveBack(position);
        }
        state.finishOwing(position);
        return true;
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
