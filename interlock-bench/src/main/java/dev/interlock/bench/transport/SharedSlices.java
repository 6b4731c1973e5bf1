package dev.interlock.bench.transport;

import dev.interlock.SharedQueue;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Our queue, written and read in place. */
final class SharedSlices implements Transport {
    private static final int MOST_AT_ONCE = 256; // as of the others, which take all that is there

    private final SharedQueue<?> queue;
    private final int bytes;
    private final byte[] rest;
    private long number; // between offer and write
    private LongConsumer receiver = _ -> {}; // between poll and read
    private final Consumer<MemorySegment> writer = this::write;
    private final Consumer<MemorySegment> reader = this::read;

    SharedSlices(SharedQueue<?> queue, int bytes) {
        this.queue = queue;
        this.bytes = bytes;
        this.rest = new byte[bytes - Long.BYTES];
    }

    @Override
    public boolean offer(long number) {
        this.number = number;
        return queue.offer(bytes, writer);
    }

    private void write(MemorySegment to) {
        to.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, number);
        if (rest.length > 0)
            MemorySegment.copy(rest, 0, to, ValueLayout.JAVA_BYTE, Long.BYTES, rest.length);
    }

    @Override
    public int poll(LongConsumer to) {
        receiver = to;
        return queue.poll(reader, MOST_AT_ONCE);
    }

    private void read(MemorySegment from) {
        if (rest.length > 0)
            MemorySegment.copy(from, ValueLayout.JAVA_BYTE, Long.BYTES, rest, 0, rest.length);
        receiver.accept(from.get(ValueLayout.JAVA_LONG_UNALIGNED, 0));
    }
}
