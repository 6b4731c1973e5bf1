package dev.interlock.internal.socket;

import dev.interlock.internal.sync.PipeState.Transfer;
import dev.interlock.internal.sync.PipeTarget;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Messages through a socket: the length in eight bytes, then the message. */
public final class MessageSocket {
    private static final int HEADER_BYTES = 8;
    private static final int CHUNK_BYTES = 64 << 10;

    private final SocketChannel channel;
    private final Watch watch;
    private final ReentrantLock sending = new ReentrantLock();
    private final ReentrantLock receiving = new ReentrantLock();

    // Of the message that is coming. Guarded by receiving.
    private final ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
    private long filled;
    private @Nullable MemorySegment kept; // what came before who received it gave up

    private volatile boolean ended; // the other side is closed; nothing more will come
    private volatile boolean closed;

    MessageSocket(SocketChannel channel, Watch watch) {
        this.channel = channel;
        this.watch = watch;
    }

    private static boolean lock(ReentrantLock lock, long deadlineNanos)
            throws InterruptedException {
        if (deadlineNanos == Watch.NEVER) {
            lock.lockInterruptibly();
            return true;
        }
        return lock.tryLock()
                || lock.tryLock(
                        Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    /**
     * Sends a message. If time or an interrupt ends that in the middle, the connection is closed, as the rest of a message cannot be
     * left out.
     */
    public Transfer send(MemorySegment message, long deadlineNanos) throws InterruptedException {
        if (closed) return Transfer.CLOSED;
        if (!lock(sending, deadlineNanos)) return Transfer.TIMED_OUT;
        boolean begun = false;
        boolean whole = false;
        try {
            ByteBuffer head = ByteBuffer.allocate(HEADER_BYTES).putLong(message.byteSize()).flip();
            long sent = 0;
            while (head.hasRemaining() || sent < message.byteSize()) { // until all is on its way
                ByteBuffer[] parts = {head, part(message, sent)};
                int before = head.remaining();
                long written = channel.write(parts);
                begun |= written > 0;
                sent += written - (before - head.remaining());
                if (written == 0 && !watch.await(SelectionKey.OP_WRITE, deadlineNanos))
                    return begun ? Transfer.CLOSED : Transfer.TIMED_OUT;
            }
            whole = true;
            return Transfer.DONE;
        } catch (IOException gone) {
            return closed ? Transfer.CLOSED : Transfer.ENDED;
        } finally {
            if (begun && !whole) close();
            sending.unlock();
        }
    }

    /* A copy, as segments are of many kinds; and a small one, as the JDK makes another of it outside of the heap. */
    private static ByteBuffer part(MemorySegment message, long from) {
        long length = Math.min(CHUNK_BYTES, message.byteSize() - from);
        byte[] bytes = new byte[(int) length];
        MemorySegment.copy(message, from, MemorySegment.ofArray(bytes), 0, length);
        return ByteBuffer.wrap(bytes);
    }

    /** Receives a message. If time or an interrupt ends that in the middle, the next call goes on. */
    public Transfer receive(PipeTarget target, long deadlineNanos) throws InterruptedException {
        if (closed) return Transfer.CLOSED;
        if (!lock(receiving, deadlineNanos)) return Transfer.TIMED_OUT;
        try {
            while (!hasHeader()) // until it has, or that ends otherwise
            if (!watch.await(SelectionKey.OP_READ, deadlineNanos)) return Transfer.TIMED_OUT;
            return receiveBody(target, deadlineNanos);
        } catch (IOException gone) {
            ended = true;
            return closed ? Transfer.CLOSED : Transfer.ENDED;
        } finally {
            receiving.unlock();
        }
    }

    /* Reads what there is of it. */
    private boolean hasHeader() throws IOException {
        while (header.hasRemaining()) { // until it is there, or no more is
            int read = channel.read(header);
            if (read < 0) throw new IOException("the end");
            if (read == 0) return false;
        }
        if (header.getLong(0) >= 0) return true;
        close();
        throw new IOException("a message cannot have " + header.getLong(0) + " bytes");
    }

    private Transfer receiveBody(PipeTarget target, long deadlineNanos)
            throws IOException, InterruptedException {
        long total = header.getLong(0);
        target.begin(total);
        if (kept != null) target.append(kept, 0, kept.byteSize());
        kept = null;
        boolean whole = false;
        try {
            while (filled < total) { // until it is whole, or that ends otherwise
                chunk.clear().limit((int) Math.min(CHUNK_BYTES, total - filled));
                int read = channel.read(chunk);
                if (read < 0) throw new IOException("the end, in the middle of a message");
                if (read == 0 && !watch.await(SelectionKey.OP_READ, deadlineNanos))
                    return Transfer.TIMED_OUT;
                target.append(MemorySegment.ofBuffer(chunk.flip()), 0, read);
                filled += read;
            }
            whole = true;
        } finally {
            if (!whole) keep(target);
        }
        header.clear();
        filled = 0;
        return Transfer.DONE;
    }

    private void keep(PipeTarget target) {
        MemorySegment taken = target.taken();
        if (taken.byteSize() > 0) kept = Arena.ofAuto().allocate(taken.byteSize()).copyFrom(taken);
    }

    /** Whether a message has begun to come, or none will any more. */
    public boolean isReady() {
        if (ended || closed) return true;
        if (!receiving.tryLock()) return false; // somebody receives it
        try {
            return hasHeader();
        } catch (IOException gone) {
            ended = true;
            return true;
        } finally {
            receiving.unlock();
        }
    }

    /** Waits until that is so. */
    public Transfer awaitReady(long deadlineNanos) throws InterruptedException {
        while (!isReady()) // until it is, or the time is over
        if (!watch.await(SelectionKey.OP_READ, deadlineNanos)) return Transfer.TIMED_OUT;
        return closed ? Transfer.CLOSED : Transfer.DONE;
    }

    /** Has the bell run when it may have become so after {@link #want} was called. */
    public void addBell(Runnable bell) {
        watch.add(bell);
    }

    /** Undoes {@link #addBell}. */
    public void removeBell(Runnable bell) {
        watch.remove(bell);
    }

    /** Asks for the bell. */
    public void want() {
        watch.want(SelectionKey.OP_READ);
    }

    /** Whether it was closed here. */
    public boolean isClosed() {
        return closed;
    }

    /** Closes it; who waits throws. */
    public void close() {
        closed = true;
        Sockets.close(channel);
        watch.run();
    }
}
