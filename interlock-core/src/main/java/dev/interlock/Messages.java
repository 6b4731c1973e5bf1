package dev.interlock;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What a handle to a queue knows of its messages, and takes along: a plain class, as {@link Handle} is.
 *
 * @param <E> the messages
 */
final class Messages<E> implements Serializable {
    private static final long serialVersionUID = 1L;

    final Codec<E> codec;
    final int maxDeliveries;

    @SuppressWarnings("serial") // it travels as a reference
    final @Nullable SharedQueue<?> deadLetters;

    Messages(Codec<E> codec, QueueOptions options) {
        this.codec = codec;
        this.maxDeliveries = options.maxDeliveries();
        this.deadLetters = options.deadLetters();
    }
}
