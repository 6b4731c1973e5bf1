package dev.interlock.bench.worker;

import dev.interlock.bench.transport.Kind;
import dev.interlock.bench.transport.Transport;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Sends a message back and forth between two parties.
 *
 * <p>Orders: {@code pin FIRST SECOND}; {@code spin COUNT} answers with the time of each round trip, neither party ever sleeping;
 * {@code sleep COUNT HOLD_NANOS} answers, for each message that a party of this JVM took, with the time from just before the other's
 * {@code put} to just after the return of its {@code take}: whoever took one works for the hold time before it puts the next, and in
 * that time the other falls asleep.
 */
public final class TripWorker {
    private static final int WAYS = 2;

    private TripWorker() {}

    /**
     * Arguments: the stage, the kind, the parties of this JVM.
     *
     * @throws Exception any; the worker ends with it
     */
    public static void main(String[] arguments) throws Exception {
        var stage = Arguments.decode(arguments[0], Kind.Stage.class);
        var kind = Kind.valueOf(arguments[1]);
        var parties = new Parties(arguments[2]);
        var ways = new Transport[2][WAYS];
        parties.play(party -> {
            for (int way = 0; way < WAYS; way++) ways[party][way] = kind.open(stage, way, party);
            return true;
        });
        var orders = Orders.fromStandardInput();
        while (true) { // until standard input ends
            String[] order = orders.next();
            if (order[0].equals("pin")) {
                parties.pin(order);
                continue;
            }
            int count = Integer.parseInt(order[1]);
            long holdNanos = order.length > 2 ? Long.parseLong(order[2]) : 0;
            var times =
                    parties.play(party -> {
                        Transport out = ways[party][party];
                        Transport in = ways[party][1 - party];
                        if (order[0].equals("sleep"))
                            return sleep(out, in, party, count, holdNanos);
                        return party == 0 ? spin(out, in, count) : echo(out, in, count);
                    });
            Orders.answer(times.stream().flatMapToLong(Arrays::stream).toArray());
        }
    }

    private static long[] spin(Transport out, Transport in, int count) throws Exception {
        var times = new long[count];
        var received = new Received();
        for (int i = 0; i < count; i++) {
            long start = System.nanoTime();
            send(out, start);
            receive(in, received);
            times[i] = System.nanoTime() - received.number;
        }
        return times;
    }

    private static long[] echo(Transport out, Transport in, int count) throws Exception {
        var received = new Received();
        for (int i = 0; i < count; i++) {
            receive(in, received);
            send(out, received.number);
        }
        return new long[0];
    }

    private static void send(Transport out, long number) throws Exception {
        while (!out.offer(number)) Thread.onSpinWait();
    }

    private static void receive(Transport in, Received received) throws Exception {
        while (in.poll(received) == 0) Thread.onSpinWait();
    }

    private static final class Received implements LongConsumer {
        private long number;

        @Override
        public void accept(long number) {
            this.number = number;
        }
    }

    private static long[] sleep(Transport out, Transport in, int party, int count, long holdNanos)
            throws Exception {
        var times = new long[count];
        for (int i = 0; i < count; i++) {
            if (party == 0) putLater(out, holdNanos);
            long putAt = in.take();
            times[i] = System.nanoTime() - putAt;
            if (party == 1) putLater(out, holdNanos);
        }
        return times;
    }

    private static void putLater(Transport out, long holdNanos) throws Exception {
        long start = System.nanoTime();
        while (System.nanoTime() - start < holdNanos) Thread.onSpinWait();
        out.put(System.nanoTime());
    }
}
