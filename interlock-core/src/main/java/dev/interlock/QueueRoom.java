package dev.interlock;

import java.io.Serializable;

/**
 * The places of a queue, for {@link WaitSet}: ready while a message can be put, which a large one may have to wait for all the same, or
 * when the queue is closed, which who puts is told.
 *
 * @param <E> the messages
 * @param queue whose places
 */
public record QueueRoom<E>(SharedQueue<E> queue) implements Waitable, Serializable {}
