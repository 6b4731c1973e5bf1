package dev.interlock.bench.transport;

import dev.interlock.SharedQueue;
import java.io.Serializable;
import java.util.function.LongConsumer;

/** Our queue of objects that go by Java serialization. */
final class SharedObjects implements Transport {
    private static final String SYMBOL = "INTERLOCK";
    private static final double PRICE = 12.5;
    private static final int QUANTITY = 100;

    /**
     * A small object; the peer in Python sends one like it.
     *
     * @param number of the message
     * @param symbol a text
     * @param price a fraction
     * @param quantity a number
     */
    public record Trade(long number, String symbol, double price, int quantity)
            implements Serializable {}

    private final SharedQueue<Trade> queue;

    SharedObjects(SharedQueue<Trade> queue) {
        this.queue = queue;
    }

    @Override
    public boolean offer(long number) throws InterruptedException {
        queue.put(new Trade(number, SYMBOL, PRICE, QUANTITY));
        return true;
    }

    @Override
    public int poll(LongConsumer to) throws InterruptedException {
        to.accept(queue.take().number());
        return 1;
    }
}
