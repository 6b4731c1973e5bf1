package dev.interlock.bench.transport;

import java.util.function.LongConsumer;

/**
 * One way from some parties to others. A message is a number, and after it bytes that mean nothing but have to be copied. Used by one
 * thread at a time, for one of the two ends.
 */
public interface Transport extends AutoCloseable {
    /** Sends a message; false if there is no room for it now. */
    boolean offer(long number) throws Exception;

    /** Receives what is there, in the pieces that the transport is made for, and answers how many messages that were. */
    int poll(LongConsumer to) throws Exception;

    /** Sends a message, and if need be sleeps until there is room; for those that can. */
    default void put(long number) throws Exception {
        throw new UnsupportedOperationException(getClass() + " does not sleep");
    }

    /** Receives one message, and if need be sleeps until there is one; for those that can. */
    default long take() throws Exception {
        throw new UnsupportedOperationException(getClass() + " does not sleep");
    }

    @Override
    default void close() {}
}
