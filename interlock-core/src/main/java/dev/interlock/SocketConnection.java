package dev.interlock;

import dev.interlock.internal.region.AnyWord;
import dev.interlock.internal.socket.MessageSocket;
import dev.interlock.internal.sync.PipeState.Transfer;
import dev.interlock.internal.sync.PipeTarget;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** A connection between two programs, through a socket. */
final class SocketConnection extends AbstractConnection {
    private static final long serialVersionUID = 1L;

    private final transient MessageSocket socket;
    private final transient String name;

    SocketConnection(MessageSocket socket, Codec<?> codec, String name) {
        super(codec);
        this.socket = socket;
        this.name = name;
    }

    @Override
    boolean transmit(MemorySegment message, long deadlineNanos) throws InterruptedException {
        return isDone(socket.send(message, deadlineNanos));
    }

    @Override
    boolean receive(PipeTarget target, long deadlineNanos) throws InterruptedException {
        return isDone(socket.receive(target, deadlineNanos));
    }

    @Override
    boolean awaitReady(long deadlineNanos) throws InterruptedException {
        return isDone(socket.awaitReady(deadlineNanos));
    }

    private static boolean isDone(Transfer transfer) {
        return switch (transfer) {
            case DONE -> true;
            case TIMED_OUT, INTERRUPTED -> false;
            case ENDED -> throw ended();
            case CLOSED -> throw closedHere();
        };
    }

    @Override
    public boolean poll() {
        if (isClosed()) throw closedHere();
        return socket.isReady();
    }

    @Override
    public boolean canReceive() {
        return true;
    }

    @Override
    public boolean canSend() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return socket.isClosed();
    }

    @Override
    public void close() {
        socket.close();
    }

    @Override
    Readiness readiness(AnyWord bell) {
        if (isClosed()) throw closedHere();
        Runnable ring = bell::ring;
        socket.addBell(ring);
        return new Readiness() {
            @Override
            public boolean isReady() {
                if (socket.isReady()) return true;
                socket.want();
                return false;
            }

            @Override
            public AnyWord.@Nullable Watched watched() {
                return null;
            }

            @Override
            public void close() {
                socket.removeBell(ring);
            }
        };
    }

    @Override
    public String toString() {
        return "Connection by '" + name + "'" + (isClosed() ? ", closed" : "");
    }

    /**
     * Refuses to travel.
     *
     * @return never
     * @throws NotSerializableException always
     */
    private Object writeReplace() throws NotSerializableException {
        throw new NotSerializableException(
                "A connection through a socket belongs to its process. Send an end of a Pipe instead, or the path.");
    }

    /**
     * Refuses a stream that claims to hold the connection.
     *
     * @param in the stream
     * @throws InvalidObjectException always
     */
    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw Handle.notDirectly();
    }
}
