package dev.interlock.bench.worker;

import dev.interlock.SharedBarrier;
import java.util.concurrent.CyclicBarrier;

/**
 * Meets another party at a barrier, again and again.
 *
 * <p>Orders: {@code pin FIRST SECOND}; {@code run ROUNDS} answers with the nanoseconds that this JVM's first party took for them,
 * from when both had met once.
 */
public final class BarrierWorker {
    private BarrierWorker() {}

    /** At what the parties meet. */
    public enum Kind {
        /** A shared barrier. */
        INTERLOCK,
        /** A barrier of this JVM. */
        CYCLIC_BARRIER
    }

    private interface Meeting {
        void await() throws Exception;
    }

    /**
     * Arguments: the shared barrier, the kind, the parties of this JVM.
     *
     * @throws Exception any; the worker ends with it
     */
    public static void main(String[] arguments) throws Exception {
        var meeting = meeting(arguments[0], Kind.valueOf(arguments[1]));
        var parties = new Parties(arguments[2]);
        var orders = Orders.fromStandardInput();
        while (true) { // until standard input ends
            String[] order = orders.next();
            if (order[0].equals("pin")) {
                parties.pin(order);
            } else {
                int rounds = Integer.parseInt(order[1]);
                Orders.answer(parties.play(_ -> meet(meeting, rounds)).getFirst());
            }
        }
    }

    private static Meeting meeting(String shared, Kind kind) throws Exception {
        return switch (kind) {
            case INTERLOCK -> Arguments.decode(shared, SharedBarrier.class)::await;
            case CYCLIC_BARRIER -> new CyclicBarrier(2)::await;
        };
    }

    private static long meet(Meeting meeting, int rounds) throws Exception {
        meeting.await();
        long start = System.nanoTime();
        for (int i = 0; i < rounds; i++) meeting.await();
        return System.nanoTime() - start;
    }
}
