package dev.interlock.cli.soak;

import dev.interlock.Codec;
import dev.interlock.QueueOptions;
import dev.interlock.Region;
import dev.interlock.SharedIntArray;
import dev.interlock.SharedLongArray;
import dev.interlock.SharedQueue;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What the processes of a soak note in shared memory, so that it outlives them.
 *
 * @param queue through which the messages go
 * @param begun of each producer, the last number it began to put; written by it
 * @param acknowledged of each producer, the last number of which it knows that it is in; written by it
 * @param settled of each producer, the last number whose takings were counted; written by the parent
 * @param taken of each producer, how often each number of the {@link #WINDOW} was taken; written by consumers, cleared by the parent
 * @param progress of each process, what it has done; written by it
 * @param late of each process, for how long it could have run and did not, all in all; written by it
 * @param killing when the parent last killed one, and when that was dead, 0 until then; on the clock of the machine
 * @param waits of each process, the longest wait in its life after the first {@link #WARM_UP}, the number of those over
 *     {@link #LONG_NANOS}, and both again without that time of the process that had most of it, and without that of a death; written by it
 * @param faults messages that were torn, and messages that came out of order
 */
record Books(
        SharedQueue<byte[]> queue,
        SharedLongArray begun,
        SharedLongArray acknowledged,
        SharedLongArray settled,
        SharedIntArray taken,
        SharedLongArray progress,
        SharedLongArray late,
        SharedLongArray killing,
        SharedLongArray waits,
        SharedLongArray faults)
        implements Serializable {
    /** So many numbers of a producer can be open at a time. */
    static final int WINDOW = 1 << 18;

    /** How many messages the queue holds. */
    static final int CAPACITY = 64;

    /** What is put at once, at most. */
    static final int RUN = 8;

    static final long WARM_UP = 2000;
    static final long LONG_NANOS = 50_000_000;
    private static final int WAIT_WORDS = 4;
    private static final int LONGEST = 0;
    private static final int LONG_ONES = 1;
    private static final int LONGEST_OF_OURS = 2;
    private static final int LONG_ONES_OF_OURS = 3;
    private static final int TORN = 0;
    private static final int DISORDERED = 1;
    private static final int PRODUCER_SHIFT = 40;

    static Books in(Region region, int producers, int consumers, boolean dropping) {
        QueueOptions options =
                QueueOptions.capacity(CAPACITY).messageBytes(256).maxBytes(256 << 10);
        return new Books(
                region.queue("soak", dropping ? options.dropping() : options, Codec.byteArrays()),
                region.longArray("begun", producers),
                region.longArray("acknowledged", producers),
                region.longArray("settled", producers),
                region.intArray("taken", (long) producers * WINDOW),
                region.longArray("progress", producers + consumers),
                region.longArray("late", producers + consumers),
                region.longArray("killing", 2),
                region.longArray("waits", (long) WAIT_WORDS * (producers + consumers)),
                region.longArray("faults", 2));
    }

    int producers() {
        return (int) begun.length();
    }

    int processes() {
        return (int) progress.length();
    }

    /** The message of a producer with that number: its size and all of its bytes follow from these. */
    static byte[] message(int producer, long number) {
        byte[] message = new byte[16 + (int) (number * 7 % 200) + (number % 64 == 0 ? 9000 : 0)];
        Arrays.fill(message, (byte) (number * 31 + producer));
        ByteBuffer.wrap(message).putLong((long) producer << PRODUCER_SHIFT | number);
        return message;
    }

    static int producerOf(byte[] message) {
        return (int) (ByteBuffer.wrap(message).getLong() >>> PRODUCER_SHIFT);
    }

    static long numberOf(byte[] message) {
        return ByteBuffer.wrap(message).getLong() & (1L << PRODUCER_SHIFT) - 1;
    }

    /** Notes a taking, if the message is whole. */
    void record(byte[] message) {
        int producer = producerOf(message);
        boolean known = producer >= 0 && producer < producers();
        if (!known || !Arrays.equals(message, message(producer, numberOf(message))))
            faults.getAndAdd(TORN, 1);
        else taken.getAndAdd(cell(producer, numberOf(message)), 1);
    }

    void recordDisorder() {
        faults.getAndAdd(DISORDERED, 1);
    }

    private static long cell(int producer, long number) {
        return (long) producer * WINDOW + number % WINDOW;
    }

    /** How often a message was taken, of which that need not be remembered any more. */
    int settle(int producer, long number) {
        int times = taken.get(cell(producer, number));
        taken.set(cell(producer, number), 0);
        settled.set(producer, number);
        return times;
    }

    long torn() {
        return faults.get(TORN);
    }

    long disordered() {
        return faults.get(DISORDERED);
    }

    void killBegins() {
        killing.set(1, 0);
        killing.set(0, System.nanoTime());
    }

    void killEnds() {
        killing.set(1, System.nanoTime());
    }

    /** How much of that time somebody was killed and not dead yet. */
    long killingNanos(long start, long end) {
        long dead = killing.get(1);
        long from = Math.max(start, killing.get(0));
        return Math.max(0, Math.min(end, dead == 0 ? end : dead) - from);
    }

    /** All that was done, by all. */
    long work() {
        long sum = 0;
        for (int i = 0; i < processes(); i++) sum += progress.get(i);
        return sum;
    }

    long longestWaitNanos() {
        return longest(LONGEST);
    }

    long longWaits() {
        return sum(LONG_ONES);
    }

    /** The same without the time in which the machine ran nobody. */
    long longestWaitOfOursNanos() {
        return longest(LONGEST_OF_OURS);
    }

    long longWaitsOfOurs() {
        return sum(LONG_ONES_OF_OURS);
    }

    private long longest(int what) {
        long longest = 0;
        for (int i = 0; i < processes(); i++) longest = Math.max(longest, waits.get(wait(i, what)));
        return longest;
    }

    private long sum(int what) {
        long sum = 0;
        for (int i = 0; i < processes(); i++) sum += waits.get(wait(i, what));
        return sum;
    }

    private static long wait(int process, int what) {
        return (long) WAIT_WORDS * process + what;
    }

    void recordWait(int process, long nanos) {
        raise(wait(process, LONGEST), nanos);
        raise(wait(process, LONGEST_OF_OURS), nanos);
    }

    /** The same for one over {@link #LONG_NANOS}, of which so much may be ours. */
    void recordLongWait(int process, long nanos, long nanosOfOurs) {
        raise(wait(process, LONGEST), nanos);
        waits.getAndAdd(wait(process, LONG_ONES), 1);
        raise(wait(process, LONGEST_OF_OURS), nanosOfOurs);
        if (nanosOfOurs > LONG_NANOS) waits.getAndAdd(wait(process, LONG_ONES_OF_OURS), 1);
    }

    private void raise(long index, long nanos) {
        if (nanos > waits.get(index)) waits.set(index, nanos);
    }
}
