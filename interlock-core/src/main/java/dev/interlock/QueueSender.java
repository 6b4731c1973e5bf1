package dev.interlock;

import dev.interlock.internal.sync.QueuePutting;
import dev.interlock.internal.sync.QueueState;
import dev.interlock.internal.sync.Ring;
import dev.interlock.internal.sync.Words;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How messages get into a queue: claimed, written, published, told. */
final class QueueSender<E> {
    private final Handle handle;
    private final QueueState state;
    private final Words opening;
    private final Codec<E> codec;
    private final @Nullable ArrayCodec<E> arrays; // the codec, if it is one

    QueueSender(Handle handle, QueueState state, Codec<E> codec) {
        this.handle = handle;
        this.state = state;
        this.opening = state.opening();
        this.codec = codec;
        this.arrays = ArrayCodec.orNull(codec);
    }

    boolean offer(E message) {
        Objects.requireNonNull(message);
        if (arrays != null) return offerBytes(arrays.toBytes(message));
        long length = checked(codec.bytes(message));
        if (putAsUsual(message, length)) return true;
        long position = state.claim(state.memory(), length);
        if (!isClaimed(position)) return false;
        write(position, length, message);
        return true;
    }

    private boolean offerBytes(byte[] bytes) {
        checked(bytes.length);
        if (putAsUsual(bytes)) return true;
        long position = state.claim(state.memory(), bytes.length);
        if (!isClaimed(position)) return false;
        write(position, bytes);
        return true;
    }

    boolean offer(long bytes, Consumer<MemorySegment> writer) {
        Objects.requireNonNull(writer);
        opening.requireOpen();
        QueuePutting putting = state.putting(checked(bytes));
        if (!putting.isUsual()) return offerSlowly(bytes, writer);
        MemorySegment contents = putting.contents();
        if (!putting.claim()) return offerSlowly(bytes, writer);
        boolean done = false;
        try {
            writer.accept(contents);
            done = true;
        } finally {
            if (!done) state.abort(putting.position());
        }
        putting.publish();
        return true;
    }

    private boolean offerSlowly(long bytes, Consumer<MemorySegment> writer) {
        long position = state.claim(state.memory(), bytes);
        if (!isClaimed(position)) return false;
        boolean done = false;
        try {
            writer.accept(state.contents().toWrite(position, bytes));
            done = true;
        } finally {
            if (!done) state.abort(position);
        }
        state.publish(position, bytes);
        return true;
    }

    boolean send(E message, long deadlineNanos) throws InterruptedException {
        Objects.requireNonNull(message);
        if (Thread.interrupted()) throw new InterruptedException();
        if (arrays != null) return sendBytes(arrays.toBytes(message), deadlineNanos);
        long length = checked(codec.bytes(message));
        if (putAsUsual(message, length)) return true;
        long position = awaitPlace(length, deadlineNanos);
        if (!isClaimed(position)) return false;
        write(position, length, message);
        return true;
    }

    private boolean sendBytes(byte[] bytes, long deadlineNanos) throws InterruptedException {
        checked(bytes.length);
        if (putAsUsual(bytes)) return true;
        long position = awaitPlace(bytes.length, deadlineNanos);
        if (!isClaimed(position)) return false;
        write(position, bytes);
        return true;
    }

    /* False if that is not as simple as usual. */
    private boolean putAsUsual(byte[] bytes) {
        opening.requireOpen();
        QueuePutting putting = state.putting(bytes.length);
        if (!putting.isUsual() || !putting.claim()) return false;
        boolean done = false;
        try {
            putting.write(bytes);
            done = true;
        } finally {
            if (!done) state.abort(putting.position());
        }
        putting.publish();
        return true;
    }

    private boolean putAsUsual(E message, long length) {
        opening.requireOpen();
        QueuePutting putting = state.putting(length);
        if (!putting.isUsual()) return false;
        MemorySegment contents = putting.contents();
        if (!putting.claim()) return false;
        boolean done = false;
        try {
            codec.write(message, contents);
            done = true;
        } finally {
            if (!done) state.abort(putting.position());
        }
        putting.publish();
        return true;
    }

    private long awaitPlace(long length, long deadlineNanos) throws InterruptedException {
        return notInterrupted(state.claim(state.memory(), length, deadlineNanos, true));
    }

    private static long notInterrupted(long position) throws InterruptedException {
        if (position == QueueState.INTERRUPTED) throw new InterruptedException();
        return position;
    }

    private boolean isClaimed(long position) {
        if (position == Ring.ENDED) throw closed();
        return position >= 0;
    }

    private QueueClosedException closed() {
        return new QueueClosedException(
                "Nothing can be put into "
                        + handle.describe()
                        + ": it was closed. Make another one to go on.");
    }

    private long checked(long bytes) {
        if (bytes >= 0 && bytes <= state.mostBytes()) return bytes;
        throw new IllegalArgumentException(
                "A message of "
                        + bytes
                        + " bytes is too large for "
                        + handle.describe()
                        + ", which takes up to "
                        + state.mostBytes()
                        + ". Make it with larger QueueOptions.maxBytes.");
    }

    /* And makes it a message. */
    private void write(long position, long length, E message) {
        boolean done = false;
        try {
            codec.write(message, state.contents().toWrite(position, length));
            done = true;
        } finally {
            if (!done) state.abort(position);
        }
        state.publish(position, length);
    }

    private void write(long position, byte[] bytes) {
        boolean done = false;
        try {
            MemorySegment to = state.contents().toWrite(position, bytes.length);
            MemorySegment.copy(bytes, 0, to, ValueLayout.JAVA_BYTE, 0, bytes.length);
            done = true;
        } finally {
            if (!done) state.abort(position);
        }
        state.publish(position, bytes.length);
    }

    void sendAll(Iterable<? extends E> messages) throws InterruptedException {
        Run run = new Run();
        try {
            for (E message : messages) run.add(message);
        } catch (RuntimeException | Error problem) {
            run.put(); // those before the one that cannot be sent
            throw problem;
        }
        run.put();
    }

    /** Messages that get their places in one step, as far as there are places. Large ones, which need memory too, go alone. */
    private final class Run {
        private final Object[] gathered = new Object[QueueState.mostClaimed()]; // or their bytes
        private final long[] lengths = new long[gathered.length];
        private int count;

        void add(E message) throws InterruptedException {
            Objects.requireNonNull(message);
            byte @Nullable [] bytes = arrays == null ? null : arrays.toBytes(message);
            long length = checked(bytes == null ? codec.bytes(message) : bytes.length);
            if (length > state.inSlot()) {
                put();
                send(message, Words.NEVER);
                return;
            }
            gathered[count] = bytes == null ? message : bytes;
            lengths[count++] = length;
            if (count == gathered.length) put();
        }

        /** Puts what was added, waiting for places. */
        void put() throws InterruptedException {
            int most = count;
            count = 0; // also if this fails: the rest is not put
            try {
                for (int put = 0; put < most; ) {
                    long position = awaitPlaces(most - put);
                    int claimed = state.claimed(position);
                    publish(position, claimed, put);
                    put += claimed;
                }
            } finally {
                if (most > 0) state.signalPublished(); // also before a wait for a large one's place
            }
        }

        private long awaitPlaces(int most) throws InterruptedException {
            if (Thread.interrupted()) throw new InterruptedException();
            long position = state.claimSome(most);
            if (position == Ring.NOT_YET) {
                state.signalPublished(); // of those before, as this may wait for their being taken
                position = notInterrupted(state.claimSome(most, Words.NEVER, true));
            }
            if (position == Ring.ENDED) throw closed();
            return position;
        }

        private void publish(long position, int claimed, int first) {
            int written = 0;
            try {
                while (written < claimed) {
                    int message = first + written;
                    write(gathered[message], state.place(position + written, lengths[message]));
                    written++;
                }
            } finally {
                state.publishAll(position, claimed, written);
            }
        }

        @SuppressWarnings("unchecked") // it was added as what it is
        private void write(Object message, MemorySegment to) {
            if (arrays == null) codec.write((E) message, to);
            else
                MemorySegment.copy(
                        MemorySegment.ofArray((byte[]) message), 0, to, 0, to.byteSize());
        }
    }
}
