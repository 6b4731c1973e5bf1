package dev.interlock.bench.transport;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import org.agrona.BitUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RecordDescriptor;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** Agrona's ring in a mapped file, written and read in place. */
final class AgronaRing implements Transport {
    private static final int TYPE = 1;

    private final ManyToOneRingBuffer ring;
    private final int bytes;
    private final byte[] rest;
    private LongConsumer receiver = _ -> {}; // between poll and read
    private final MessageHandler reader = this::read;

    /**
     * The file is made by who comes first: it is all zeros.
     *
     * @param messages for how many there is room, at least: the ring's size is a power of two
     */
    AgronaRing(Path file, int bytes, int messages) throws IOException {
        int record =
                BitUtil.align(RecordDescriptor.HEADER_LENGTH + bytes, RecordDescriptor.ALIGNMENT);
        int capacityBytes = BitUtil.findNextPositivePowerOfTwo(messages * record);
        this.ring = new ManyToOneRingBuffer(new UnsafeBuffer(map(file, capacityBytes)));
        this.bytes = bytes;
        this.rest = new byte[bytes - Long.BYTES];
    }

    private static ByteBuffer map(Path file, int capacityBytes) throws IOException {
        int size = capacityBytes + RingBufferDescriptor.TRAILER_LENGTH;
        try (var opened = new RandomAccessFile(file.toFile(), "rw")) {
            return opened.getChannel().map(MapMode.READ_WRITE, 0, size);
        }
    }

    @Override
    public boolean offer(long number) {
        int index = ring.tryClaim(TYPE, bytes);
        if (index < 0) return false;
        ring.buffer().putLong(index, number);
        if (rest.length > 0) ring.buffer().putBytes(index + Long.BYTES, rest);
        ring.commit(index);
        return true;
    }

    @Override
    public int poll(LongConsumer to) {
        receiver = to;
        return ring.read(reader);
    }

    private void read(int type, MutableDirectBuffer buffer, int index, int length) {
        if (rest.length > 0) buffer.getBytes(index + Long.BYTES, rest);
        receiver.accept(buffer.getLong(index));
    }
}
