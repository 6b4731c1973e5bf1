package dev.interlock.bench.worker;

import dev.interlock.bench.transport.Kind;
import dev.interlock.bench.transport.Transport;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Sends or receives messages as fast as it can. Parties with even numbers send, those with odd ones receive.
 *
 * <p>Orders: {@code pin FIRST SECOND}; {@code run MILLIS} lets who sends do so for that time, and end with the {@link #END} that stops
 * one who receives. It answers, for each party of this JVM, when it began or ended, how many messages there were, and their sum.
 */
public final class RateWorker {
    private static final long END = -1;
    private static final int LOOKS = 64; // messages sent from one look at the clock to the next
    private static final int SPINS = 100;

    private RateWorker() {}

    /**
     * Arguments: the stage, the kind, the parties of this JVM.
     *
     * @throws Exception any; the worker ends with it
     */
    public static void main(String[] arguments) throws Exception {
        var stage = Arguments.decode(arguments[0], Kind.Stage.class);
        var kind = Kind.valueOf(arguments[1]);
        var parties = new Parties(arguments[2]);
        var ends = new Transport[4];
        parties.play(party -> ends[party] = kind.open(stage, 0, party));
        var orders = Orders.fromStandardInput();
        while (true) { // until standard input ends
            String[] order = orders.next();
            if (order[0].equals("pin")) {
                parties.pin(order);
                continue;
            }
            long nanos = Long.parseLong(order[1]) * 1_000_000;
            var answers =
                    parties.play(party ->
                            party % 2 == 0 ? send(ends[party], nanos) : receive(ends[party]));
            Orders.answer(answers.stream().flatMapToLong(Arrays::stream).toArray());
        }
    }

    private static long[] send(Transport transport, long nanos) throws Exception {
        long start = System.nanoTime();
        long number = 0;
        long sum = 0;
        while (System.nanoTime() - start < nanos)
            for (int i = 0; i < LOOKS; i++) {
                sendOne(transport, number);
                sum += number++;
            }
        sendOne(transport, END);
        return new long[] {start, number, sum};
    }

    private static void sendOne(Transport transport, long number) throws Exception {
        for (int i = 0; !transport.offer(number); i++) idle(i);
    }

    @SuppressWarnings("ThreadPriorityCheck") // two that send may share a CPU
    private static void idle(int failures) {
        if (failures < SPINS) Thread.onSpinWait();
        else Thread.yield();
    }

    private static long[] receive(Transport transport) throws Exception {
        var received = new Received();
        for (int failures = 0; !received.ended; ) {
            if (transport.poll(received) > 0) failures = 0;
            else idle(failures++);
        }
        return new long[] {System.nanoTime(), received.count, received.sum};
    }

    private static final class Received implements LongConsumer {
        private long count;
        private long sum;
        private boolean ended;

        @Override
        public void accept(long number) {
            if (number == END) {
                ended = true;
                return;
            }
            count++;
            sum += number;
        }
    }
}
