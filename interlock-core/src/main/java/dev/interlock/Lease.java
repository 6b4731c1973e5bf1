package dev.interlock;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A message that was taken from a {@link SharedQueue}, but is not gone before {@link #ack()}. Until then it keeps its place in the
 * queue. If the process dies, or closes the region, the message is delivered again, unless the queue drops such messages.
 *
 * <p>Any thread of the process may end the lease, once. A lease does not travel to other processes.
 *
 * @param <E> the messages of the queue
 */
public final class Lease<E> implements AutoCloseable {
    private final SharedQueue<E> queue;
    private final long position;
    private final E message;
    private final int deliveries;
    private final AtomicBoolean ended = new AtomicBoolean();

    Lease(SharedQueue<E> queue, long position, E message, int deliveries) {
        this.queue = queue;
        this.position = position;
        this.message = message;
        this.deliveries = deliveries;
    }

    /**
     * The message.
     *
     * @return what was put into the queue
     */
    public E message() {
        return message;
    }

    /**
     * How often the message was delivered, this time included.
     *
     * @return 1 if nobody had it before
     */
    public int deliveries() {
        return deliveries;
    }

    /**
     * Ends the lease: the message was dealt with and is gone.
     *
     * @throws IllegalStateException if the lease has ended before, or the region is closed
     */
    public void ack() {
        end("ack");
        queue.ack(position);
    }

    /**
     * Ends the lease: the message can be taken again, before all that came after it.
     *
     * @throws IllegalStateException if the lease has ended before, or the region is closed
     */
    public void nack() {
        end("nack");
        queue.nack(position);
    }

    private void end(String how) {
        if (ended.compareAndSet(false, true)) return;
        throw new IllegalStateException(
                "The lease of a message has ended before this " + how + ". End each lease once.");
    }

    /** As {@link #nack()}, if the lease has not ended yet: so a message is not lost when an exception ends its processing. */
    @Override
    public void close() {
        if (ended.compareAndSet(false, true)) queue.nack(position);
    }

    /**
     * Shows the message.
     *
     * @return for people to read
     */
    @Override
    public String toString() {
        return "Lease of " + message + ", delivery " + deliveries;
    }
}
