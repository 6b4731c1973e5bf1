package dev.interlock;

import dev.interlock.internal.process.Transit;
import dev.interlock.internal.sync.PipeTarget;
import dev.interlock.internal.sync.Words;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What all connections do in the same way: all but moving bytes. */
abstract sealed class AbstractConnection implements Connection
        permits PipeConnection, SocketConnection {
    private static final long serialVersionUID = 1L;

    private final transient Codec<Object> codec;

    @SuppressWarnings(
            "unchecked") // an object of another class is refused by a cast when it is sent
    AbstractConnection(Codec<?> codec) {
        this.codec = (Codec<Object>) codec;
    }

    /**
     * Sends one message.
     *
     * @return false if the time ran out
     */
    abstract boolean transmit(MemorySegment message, long deadlineNanos)
            throws InterruptedException;

    /**
     * Receives one message.
     *
     * @return false if the time ran out
     */
    abstract boolean receive(PipeTarget target, long deadlineNanos) throws InterruptedException;

    /**
     * Waits until a message is there, or none will come.
     *
     * @return false if the time ran out
     */
    abstract boolean awaitReady(long deadlineNanos) throws InterruptedException;

    abstract Readiness readiness(dev.interlock.internal.region.AnyWord bell);

    final Codec<Object> codec() {
        return codec;
    }

    private static long deadline(Duration timeout) {
        return Timeouts.deadline(Math.max(0, Timeouts.toNanos(timeout)));
    }

    private static void requireNotInterrupted() throws InterruptedException {
        if (Thread.interrupted()) throw new InterruptedException();
    }

    @Override
    public final void send(Object message) throws InterruptedException {
        send(message, Words.NEVER);
    }

    @Override
    public final boolean send(Object message, Duration timeout) throws InterruptedException {
        return send(message, deadline(timeout));
    }

    private boolean send(Object message, long deadlineNanos) throws InterruptedException {
        Objects.requireNonNull(message, "message");
        requireNotInterrupted();
        Transit transit = new Transit();
        boolean sent = false;
        try {
            sent = transmit(encoded(message, transit), deadlineNanos);
            return sent;
        } finally {
            if (!sent) transit.cancel();
        }
    }

    private MemorySegment encoded(Object message, Transit transit) {
        Transit outer = transit.begin();
        try {
            return MemorySegment.ofArray(bytes(message));
        } finally {
            transit.end(outer);
        }
    }

    private byte[] bytes(Object message) {
        if (codec instanceof ArrayCodec<Object> arrays) return arrays.toBytes(message);
        byte[] bytes = new byte[Math.toIntExact(codec.bytes(message))];
        codec.write(message, MemorySegment.ofArray(bytes));
        return bytes;
    }

    @Override
    public final Object recv() throws InterruptedException {
        return Objects.requireNonNull(recv(Words.NEVER)); // as there is no end to the time
    }

    @Override
    public final <T> T recv(Class<T> type) throws InterruptedException {
        return type.cast(recv());
    }

    @Override
    public final @Nullable Object recv(Duration timeout) throws InterruptedException {
        return recv(deadline(timeout));
    }

    private @Nullable Object recv(long deadlineNanos) throws InterruptedException {
        byte[] bytes = recvBytes(deadlineNanos);
        return bytes == null ? null : decoded(bytes);
    }

    private Object decoded(byte[] bytes) {
        try {
            return Objects.requireNonNull(codec.read(MemorySegment.ofArray(bytes).asReadOnly()));
        } catch (RuntimeException | LinkageError | StackOverflowError problem) {
            throw new MessageDecodingException(
                    "A message of "
                            + bytes.length
                            + " bytes cannot be read by codec "
                            + codec.name()
                            + ": "
                            + problem
                            + ". It was thrown away. Check that its class is known here and that it was sent with the"
                            + " same codec; use recvBytes for what was sent with sendBytes.",
                    problem);
        }
    }

    @Override
    public final void sendBytes(byte[] message) throws InterruptedException {
        transmitNow(MemorySegment.ofArray(message), Words.NEVER);
    }

    @Override
    public final void sendBytes(byte[] array, int offset, int length) throws InterruptedException {
        Objects.checkFromIndexSize(offset, length, array.length);
        transmitNow(MemorySegment.ofArray(array).asSlice(offset, length), Words.NEVER);
    }

    @Override
    public final void sendBytes(MemorySegment message) throws InterruptedException {
        transmitNow(message, Words.NEVER);
    }

    @Override
    public final void sendBytes(ByteBuffer message) throws InterruptedException {
        sendBytes(message, Words.NEVER);
    }

    @Override
    public final boolean sendBytes(ByteBuffer message, Duration timeout)
            throws InterruptedException {
        return sendBytes(message, deadline(timeout));
    }

    private boolean sendBytes(ByteBuffer message, long deadlineNanos) throws InterruptedException {
        if (!transmitNow(MemorySegment.ofBuffer(message), deadlineNanos)) return false;
        message.position(message.limit());
        return true;
    }

    private boolean transmitNow(MemorySegment message, long deadlineNanos)
            throws InterruptedException {
        requireNotInterrupted();
        return transmit(message, deadlineNanos);
    }

    @Override
    public final byte[] recvBytes() throws InterruptedException {
        return Objects.requireNonNull(recvBytes(Words.NEVER));
    }

    @Override
    public final byte @Nullable [] recvBytes(Duration timeout) throws InterruptedException {
        return recvBytes(deadline(timeout));
    }

    private byte @Nullable [] recvBytes(long deadlineNanos) throws InterruptedException {
        requireNotInterrupted();
        var target = new ByteTargets.NewArray();
        return receive(target, deadlineNanos) ? target.bytes() : null;
    }

    @Override
    public final int recvBytes(ByteBuffer into) throws InterruptedException {
        return recvBytes(into, Words.NEVER);
    }

    @Override
    public final int recvBytes(ByteBuffer into, Duration timeout) throws InterruptedException {
        return recvBytes(into, deadline(timeout));
    }

    private int recvBytes(ByteBuffer into, long deadlineNanos) throws InterruptedException {
        if (into.isReadOnly()) throw new ReadOnlyBufferException();
        long length = recvBytes(MemorySegment.ofBuffer(into), deadlineNanos);
        if (length > 0) into.position(into.position() + (int) length);
        return (int) length;
    }

    @Override
    public final long recvBytes(MemorySegment into) throws InterruptedException {
        if (into.isReadOnly())
            throw new IllegalArgumentException("The segment to receive into is read-only.");
        return recvBytes(into, Words.NEVER);
    }

    private long recvBytes(MemorySegment into, long deadlineNanos) throws InterruptedException {
        requireNotInterrupted();
        var target = new ByteTargets.Given(into);
        return receive(target, deadlineNanos) ? target.taken().byteSize() : -1;
    }

    @Override
    public final boolean poll(Duration timeout) throws InterruptedException {
        requireNotInterrupted();
        return awaitReady(deadline(timeout));
    }

    final UnsupportedOperationException onlyReceives() {
        return new UnsupportedOperationException(
                "This end of a one-way pipe only receives. Send from its second end.");
    }

    final UnsupportedOperationException onlySends() {
        return new UnsupportedOperationException(
                "This end of a one-way pipe only sends. Receive at its first end.");
    }

    static IllegalStateException closedHere() {
        return new IllegalStateException(
                "The connection is closed here. Close it when its last user is done.");
    }

    static ConnectionClosedException ended() {
        return new ConnectionClosedException(
                "The other end of the connection is closed by all who had it, or they are dead.");
    }
}
