package dev.interlock.bench.worker;

import dev.interlock.SharedLock;
import dev.interlock.SharedLong;
import java.io.IOException;
import java.io.Serializable;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Hands something back and forth between two parties by locks alone, so that the one that gets it has always been asleep.
 *
 * <p>Only its owner may unlock a lock, so two locks do not suffice for a ping-pong, but a ring of three does. The party whose turn it
 * is owns two of them, the other one owns the third and waits for one of the two:
 * <pre>
 *   step   A owns      B owns      B or A gets
 *    0     0, 2        1           A unlocks 0, B gets 0;  then A waits for 1
 *    1     2           1, 0        B unlocks 1, A gets 1;  then B waits for 2
 *    2     2, 1        0           A unlocks 2, B gets 2;  then A waits for 0
 *    3     1           0, 2        B unlocks 0, A gets 0;  and so on: step n unlocks lock n mod 3
 * </pre>
 * Whoever gets a lock works for the hold time before it unlocks the next, and in that time the other one has long stopped spinning
 * and sleeps in the kernel. A one-way time is from just before {@code unlock()} to just after the other's {@code lock()} returned.
 *
 * <p>Orders: {@code pin FIRST SECOND}; {@code own} takes the locks of step 0; {@code run COUNT HOLD_NANOS} answers with the
 * one-way times at which this JVM's parties got a lock, all of party 0 before all of party 1.
 */
public final class HandoffWorker {
    private static final int RING = 3;

    private HandoffWorker() {}

    /** What the parties hand over. */
    public enum Kind {
        /** Shared locks. */
        INTERLOCK,
        /** Locks of a file. */
        FILE_LOCK,
        /** Locks of this JVM. */
        REENTRANT_LOCK
    }

    /**
     * What the parties share.
     *
     * @param first lock 0
     * @param second lock 1
     * @param third lock 2
     * @param releasedAt when the last unlock began
     * @param file to lock
     */
    public record Stage(
            SharedLock first,
            SharedLock second,
            SharedLock third,
            SharedLong releasedAt,
            String file)
            implements Serializable {}

    /**
     * Arguments: the stage, the kind, the parties of this JVM.
     *
     * @throws Exception any; the worker ends with it
     */
    public static void main(String[] arguments) throws Exception {
        var stage = Arguments.decode(arguments[0], Stage.class);
        var ring = ring(Kind.valueOf(arguments[1]), stage);
        var parties = new Parties(arguments[2]);
        var orders = Orders.fromStandardInput();
        while (true) { // until standard input ends
            String[] order = orders.next();
            switch (order[0]) {
                case "pin" -> parties.pin(order);
                case "own" -> own(parties, ring);
                default -> run(parties, ring, stage.releasedAt(), order);
            }
        }
    }

    private static void own(Parties parties, List<Exclusion> ring)
            throws InterruptedException, ExecutionException {
        parties.play(party -> {
            ring.get(party).enter();
            if (party == 0) ring.get(2).enter();
            return true;
        });
        Orders.answer();
    }

    private static void run(
            Parties parties, List<Exclusion> ring, SharedLong releasedAt, String[] order)
            throws InterruptedException, ExecutionException {
        int count = Integer.parseInt(order[1]);
        long holdNanos = Long.parseLong(order[2]);
        var times = parties.play(party -> handOver(ring, releasedAt, party, count, holdNanos));
        Orders.answer(times.stream().flatMapToLong(java.util.Arrays::stream).toArray());
    }

    private static List<Exclusion> ring(Kind kind, Stage stage) throws IOException {
        return switch (kind) {
            case INTERLOCK ->
                    List.of(
                            Exclusion.of(stage.first()),
                            Exclusion.of(stage.second()),
                            Exclusion.of(stage.third()));
            case REENTRANT_LOCK ->
                    List.of(
                            Exclusion.of(new ReentrantLock()),
                            Exclusion.of(new ReentrantLock()),
                            Exclusion.of(new ReentrantLock()));
            case FILE_LOCK -> {
                var file = FileChannel.open(Path.of(stage.file()), StandardOpenOption.WRITE);
                yield List.of(Exclusion.of(file, 0), Exclusion.of(file, 1), Exclusion.of(file, 2));
            }
        };
    }

    private static long[] handOver(
            List<Exclusion> ring, SharedLong releasedAt, int party, int count, long holdNanos)
            throws IOException {
        var oneWay = new long[count];
        if (party == 0) {
            work(holdNanos);
            releasedAt.setPlain(System.nanoTime());
            ring.get(0).leave();
        }
        int step = 1 - party;
        for (int i = 0; i < count; i++, step += 2) {
            ring.get(step % RING).enter();
            oneWay[i] = System.nanoTime() - releasedAt.getPlain();
            boolean last = party == 0 && i == count - 1;
            if (last) break; // nobody waits any more
            work(holdNanos);
            releasedAt.setPlain(System.nanoTime());
            ring.get((step + 1) % RING).leave();
        }
        giveUp(ring, party, count);
        return oneWay;
    }

    /* After count round trips the last step was 2 * count - 1. */
    private static void giveUp(List<Exclusion> ring, int party, int count) throws IOException {
        int last = 2 * count - 1;
        if (party == 0) {
            ring.get(last % RING).leave();
            ring.get((last + 1) % RING).leave();
        } else {
            ring.get((last - 1) % RING).leave();
        }
    }

    private static void work(long nanos) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < nanos) Thread.onSpinWait();
    }
}
