package dev.interlock.bench.transport;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.concurrent.BlockingQueue;
import java.util.function.LongConsumer;

/** A queue of byte arrays: ours with a codec, or one of the JDK. */
final class ByteArrays implements Transport {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final BlockingQueue<byte[]> queue;
    private final int bytes;

    ByteArrays(BlockingQueue<byte[]> queue, int bytes) {
        this.queue = queue;
        this.bytes = bytes;
    }

    /* As the receiver may keep it, each message is a new array. */
    private byte[] message(long number) {
        byte[] message = new byte[bytes];
        LONG.set(message, 0, number);
        return message;
    }

    @Override
    public boolean offer(long number) throws InterruptedException {
        put(number);
        return true;
    }

    @Override
    public int poll(LongConsumer to) throws InterruptedException {
        to.accept(take());
        return 1;
    }

    @Override
    public void put(long number) throws InterruptedException {
        queue.put(message(number));
    }

    @Override
    public long take() throws InterruptedException {
        return (long) LONG.get(queue.take(), 0);
    }
}
