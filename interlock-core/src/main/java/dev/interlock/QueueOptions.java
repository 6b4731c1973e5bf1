package dev.interlock;

import dev.interlock.internal.sync.QueueLayout;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link SharedQueue} behaves. Capacity, sizes, and what happens to messages of the dead are fixed when it is made, and must be
 * the same for all who open it; the limit of deliveries and the dead letters are each handle's.
 *
 * @param capacity how many messages it holds at most, those included that somebody is reading
 * @param messageBytes up to which size messages lie in the queue's own memory, which it always takes: capacity times this, and 24
 *     bytes for each. Larger ones take more time, and memory that the queue gets when it first needs it
 * @param maxBytes how much memory larger messages may take together, and so how large one can be; all of it is taken when the first
 *     comes. {@link Long#MAX_VALUE} for as much as is needed and the region has
 * @param isDropping whether a message that a process was reading when it died is gone. Otherwise it is delivered again
 * @param maxDeliveries how often a message is delivered at most, before it goes to the dead letters; 0 for any number of times
 * @param deadLetters where messages go that were delivered too often or cannot be read; null if they are thrown away
 */
public record QueueOptions(
        int capacity,
        int messageBytes,
        long maxBytes,
        boolean isDropping,
        int maxDeliveries,
        @Nullable SharedQueue<?> deadLetters) {
    private static final int DEFAULT_MESSAGE_BYTES =
            248; // enough for a small object and the names of its fields

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if one is not possible
     */
    public QueueOptions {
        require(capacity >= 1 && capacity <= QueueLayout.MOST_MESSAGES, "capacity", capacity);
        require(
                messageBytes >= 0 && messageBytes <= QueueLayout.MOST_IN_SLOT,
                "messageBytes",
                messageBytes);
        require(maxBytes >= 0, "maxBytes", maxBytes);
        require(maxDeliveries >= 0, "maxDeliveries", maxDeliveries);
    }

    private static void require(boolean condition, String name, long value) {
        if (condition) return;
        throw new IllegalArgumentException(
                "A queue with "
                        + name
                        + " "
                        + value
                        + " is not possible. Use a capacity of 1 to "
                        + QueueLayout.MOST_MESSAGES
                        + ", messageBytes of 0 to "
                        + QueueLayout.MOST_IN_SLOT
                        + ", and 0 or more of all else.");
    }

    /**
     * A queue for so many messages, of any size that the region has room for. Those of up to 248 bytes lie in the queue's own memory: small
     * objects do. Messages of the dead are delivered again, any number of times.
     *
     * @param messages how many it holds at most
     * @return the options
     */
    public static QueueOptions capacity(int messages) {
        return new QueueOptions(messages, DEFAULT_MESSAGE_BYTES, Long.MAX_VALUE, false, 0, null);
    }

    /**
     * A queue for 1024 messages.
     *
     * @return the default options
     */
    public static QueueOptions defaults() {
        return capacity(1024);
    }

    /**
     * These options, but messages up to that size lie in the queue's own memory.
     *
     * @param bytes the size
     * @return the options
     */
    public QueueOptions messageBytes(int bytes) {
        return new QueueOptions(capacity, bytes, maxBytes, isDropping, maxDeliveries, deadLetters);
    }

    /**
     * These options, but larger messages take so much memory at most.
     *
     * @param bytes how much
     * @return the options
     */
    public QueueOptions maxBytes(long bytes) {
        return new QueueOptions(
                capacity, messageBytes, bytes, isDropping, maxDeliveries, deadLetters);
    }

    /**
     * These options, but what a process was reading when it died is gone.
     *
     * @return the options
     */
    public QueueOptions dropping() {
        return new QueueOptions(capacity, messageBytes, maxBytes, true, maxDeliveries, deadLetters);
    }

    /**
     * These options, but a message is delivered so often at most.
     *
     * @param deliveries how often
     * @return the options
     */
    public QueueOptions maxDeliveries(int deliveries) {
        return new QueueOptions(
                capacity, messageBytes, maxBytes, isDropping, deliveries, deadLetters);
    }

    /**
     * These options, but messages that were delivered too often or cannot be read go to another queue, of the same codec.
     *
     * @param queue where to, if it is not full
     * @return the options
     */
    public QueueOptions deadLetters(SharedQueue<?> queue) {
        return new QueueOptions(capacity, messageBytes, maxBytes, isDropping, maxDeliveries, queue);
    }

    String describe(String codec) {
        return "of "
                + capacity
                + " messages, "
                + messageBytes
                + " bytes each and "
                + (maxBytes == Long.MAX_VALUE ? "any number" : maxBytes)
                + " for larger ones"
                + (isDropping ? ", dropping" : "")
                + ", codec "
                + codec;
    }
}
