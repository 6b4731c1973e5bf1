package dev.interlock;

import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection through which messages go to another process, as Python's {@code multiprocessing.connection.Connection}:
 * of a {@link Pipe}, or between a {@link Listener} and who called {@link Connections#connect}.
 *
 * <p><b>Messages.</b> Each {@code send} is one message, and each {@code recv} gets one: never a part of one, never two. A message may
 * be empty, and of any length. An object is turned into bytes by the connection's {@link Codec} before it is sent, and into a new object
 * when it is received; {@link #send} and {@link #sendBytes(byte[])} may be mixed, as {@link #recvBytes()} gets the bytes of whatever was
 * sent.
 *
 * <p><b>The end.</b> When every connection at the other end is closed, or its process dead, what was sent before can still be received;
 * then {@code recv} throws {@link ConnectionClosedException}, also if it is waiting, and {@link #poll()} answers true, as it does not
 * wait. So does {@code send}, at once.
 *
 * <p><b>Time and interrupts.</b> A zero or negative timeout tries once. All methods that may wait throw {@link InterruptedException} if
 * the thread is interrupted on entry or while it waits. A message that was not received is still there then, and can be received by
 * whoever asks next, wherever the wait ended. For what was not sent see {@link Pipe} and {@link Connections}.
 *
 * <p>Connections are safe for use by many threads: each message goes to one of those who receive. Virtual threads wait without holding a
 * carrier. What a thread did before it sent a message happens-before what follows its being received. On a connection that was closed here,
 * or whose region was, all but {@link #close()} throw {@link IllegalStateException}, also while they wait.
 */
public sealed interface Connection extends Waitable, AutoCloseable, Serializable
        permits AbstractConnection {
    /**
     * Sends an object, waiting for room if need be.
     *
     * @param message to be sent, not null
     * @throws InterruptedException if interrupted, on entry or while waiting
     * @throws ConnectionClosedException if nobody can receive it any more, also while this waits
     * @throws MessageEncodingException if it cannot be serialized; nothing is sent then. Another codec throws what it likes
     * @throws UnsupportedOperationException if this end only receives
     */
    void send(Object message) throws InterruptedException;

    /**
     * Sends an object, waiting for room at most that long.
     *
     * @param message to be sent, not null
     * @param timeout how long; zero or less tries once
     * @return whether it was sent; false if the time ran out
     * @throws InterruptedException if interrupted, on entry or while waiting
     * @throws ConnectionClosedException if nobody can receive it any more, also while this waits
     */
    boolean send(Object message, Duration timeout) throws InterruptedException;

    /**
     * Receives an object, waiting for one if need be.
     *
     * @return the object
     * @throws InterruptedException if interrupted, on entry or while waiting
     * @throws ConnectionClosedException if nothing will come any more, also while this waits
     * @throws MessageDecodingException if a message came that cannot be turned into an object here; it is gone
     * @throws UnsupportedOperationException if this end only sends
     */
    Object recv() throws InterruptedException;

    /**
     * Receives an object of a class; see {@link #recv()}.
     *
     * @param <T> the class
     * @param type the class
     * @return the object
     * @throws ClassCastException if it is of another; it is gone then
     * @throws InterruptedException if interrupted, on entry or while waiting
     * @throws ConnectionClosedException if nothing will come any more, also while this waits
     */
    <T> T recv(Class<T> type) throws InterruptedException;

    /**
     * Receives an object, waiting for one at most that long; see {@link #recv()}.
     *
     * @param timeout how long; zero or less tries once
     * @return the object; null if the time ran out
     * @throws InterruptedException if interrupted, on entry or while waiting
     * @throws ConnectionClosedException if nothing will come any more, also while this waits
     */
    @Nullable Object recv(Duration timeout) throws InterruptedException;

    /**
     * Sends bytes as one message, waiting for room if need be.
     *
     * @param message to be sent
     * @throws InterruptedException if interrupted, on entry or while waiting
     * @throws ConnectionClosedException if nobody can receive it any more, also while this waits
     */
    void sendBytes(byte[] message) throws InterruptedException;

    /**
     * Sends a part of an array as one message; see {@link #sendBytes(byte[])}.
     *
     * @param array has the message
     * @param offset of its first byte
     * @param length how many bytes
     * @throws IndexOutOfBoundsException if the array has no such part
     * @throws InterruptedException if interrupted, on entry or while waiting
     * @throws ConnectionClosedException if nobody can receive it any more, also while this waits
     */
    void sendBytes(byte[] array, int offset, int length) throws InterruptedException;

    /**
     * Sends what is between position and limit of a buffer as one message; see {@link #sendBytes(byte[])}. If it is sent, the position is
     * the limit then; else it is unchanged.
     *
     * @param message to be sent
     * @throws InterruptedException if interrupted, on entry or while waiting
     * @throws ConnectionClosedException if nobody can receive it any more, also while this waits
     */
    void sendBytes(ByteBuffer message) throws InterruptedException;

    /**
     * The same, waiting for room at most that long.
     *
     * @param message to be sent
     * @param timeout how long; zero or less tries once
     * @return whether it was sent; false if the time ran out
     * @throws InterruptedException if interrupted, on entry or while waiting
     * @throws ConnectionClosedException if nobody can receive it any more, also while this waits
     */
    boolean sendBytes(ByteBuffer message, Duration timeout) throws InterruptedException;

    /**
     * Sends the bytes of a segment as one message, which may be larger than arrays can be; see {@link #sendBytes(byte[])}.
     *
     * @param message to be sent
     * @throws InterruptedException if interrupted, on entry or while waiting
     * @throws ConnectionClosedException if nobody can receive it any more, also while this waits
     */
    void sendBytes(MemorySegment message) throws InterruptedException;

    /**
     * Receives the bytes of a message, waiting for one if need be.
     *
     * @return the bytes
     * @throws InterruptedException if interrupted, on entry or while waiting
     * @throws ConnectionClosedException if nothing will come any more, also while this waits
     * @throws BufferTooSmallException if the message is larger than an array can be; it is still there
     */
    byte[] recvBytes() throws InterruptedException;

    /**
     * Receives the bytes of a message, waiting for one at most that long; see {@link #recvBytes()}.
     *
     * @param timeout how long; zero or less tries once
     * @return the bytes; null if the time ran out
     * @throws InterruptedException if interrupted, on entry or while waiting
     * @throws ConnectionClosedException if nothing will come any more, also while this waits
     */
    byte @Nullable [] recvBytes(Duration timeout) throws InterruptedException;

    /**
     * Receives the bytes of a message into a buffer, from its position on, which is after them then. Waits for a message if need be.
     *
     * @param into where to
     * @return how many bytes they are
     * @throws BufferTooSmallException if there is not room for all of them. Nothing is lost: the message is still there, and the exception
     *     tells its size
     * @throws InterruptedException if interrupted, on entry or while waiting
     * @throws ConnectionClosedException if nothing will come any more, also while this waits
     */
    int recvBytes(ByteBuffer into) throws InterruptedException;

    /**
     * The same, waiting for a message at most that long. The buffer may have been written to even if none was received.
     *
     * @param into where to
     * @param timeout how long; zero or less tries once
     * @return how many bytes they are; -1 if the time ran out
     * @throws BufferTooSmallException if there is not room for all of them; the message is still there
     * @throws InterruptedException if interrupted, on entry or while waiting
     * @throws ConnectionClosedException if nothing will come any more, also while this waits
     */
    int recvBytes(ByteBuffer into, Duration timeout) throws InterruptedException;

    /**
     * Receives the bytes of a message into a segment, from its beginning on; see {@link #recvBytes(ByteBuffer)}.
     *
     * @param into where to
     * @return how many bytes they are
     * @throws BufferTooSmallException if there is not room for all of them; the message is still there
     * @throws InterruptedException if interrupted, on entry or while waiting
     * @throws ConnectionClosedException if nothing will come any more, also while this waits
     */
    long recvBytes(MemorySegment into) throws InterruptedException;

    /**
     * Whether a message is there, or none will come any more: {@code recv} would not wait for one to begin. Does not wait. If several
     * receive, another may be faster.
     *
     * @return whether it is
     */
    boolean poll();

    /**
     * Waits until that is so, at most that long.
     *
     * @param timeout how long; zero or less looks once
     * @return whether it is; false if the time ran out
     * @throws InterruptedException if interrupted, on entry or while waiting
     */
    boolean poll(Duration timeout) throws InterruptedException;

    /**
     * Whether this end can receive.
     *
     * @return false for the second end of a {@linkplain Pipe#oneWay() one-way} pipe
     */
    boolean canReceive();

    /**
     * Whether this end can send.
     *
     * @return false for the first end of a {@linkplain Pipe#oneWay() one-way} pipe
     */
    boolean canSend();

    /**
     * Whether it was closed here, by {@link #close()} or with its region.
     *
     * @return whether it was
     */
    boolean isClosed();

    /** Closes this connection. Does nothing if it is closed. Never waits for anybody to receive. */
    @Override
    void close();
}
