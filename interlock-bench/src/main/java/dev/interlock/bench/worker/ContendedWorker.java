package dev.interlock.bench.worker;

import dev.interlock.SharedInt;
import dev.interlock.SharedLock;
import dev.interlock.SharedLong;
import dev.interlock.SharedReadWriteLock;
import java.io.IOException;
import java.io.Serializable;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Does the same step again and again while another party does so too.
 *
 * <p>Orders: {@code pin FIRST SECOND} pins the parties; {@code run PHASE TIMED} answers once with an empty line when at the gate,
 * which opens when the shared phase becomes that number and shuts when it changes again, and then with the count of each party and
 * the longest wait of all. With {@code TIMED} 1 every acquisition is timed, which costs two looks at the clock.
 */
public final class ContendedWorker {
    private ContendedWorker() {}

    /** The step. */
    public enum Step {
        /** Add one to the counter under the shared lock. */
        INTERLOCK,
        /** Add one to the counter under a lock of a file. */
        FILE_LOCK,
        /** Add one to the counter under a lock of this JVM. */
        REENTRANT_LOCK,
        /** Add one to a shared long. */
        INTERLOCK_ADD,
        /** Add one to an atomic long of this JVM. */
        ATOMIC_LONG,
        /** Take the shared lock for reading. */
        INTERLOCK_READ,
        /** Take a lock of this JVM for reading. */
        READ_WRITE_LOCK;

        /** Whether the parties count under a lock that only one of them can have. */
        public boolean isExclusive() {
            return this == INTERLOCK || this == FILE_LOCK || this == REENTRANT_LOCK;
        }

        /** Whether it works within one JVM only. */
        public boolean isOfThreads() {
            return this == REENTRANT_LOCK || this == ATOMIC_LONG || this == READ_WRITE_LOCK;
        }
    }

    /**
     * What the parties share.
     *
     * @param phase the gate
     * @param lock to contend for
     * @param readWrite to read under
     * @param counter what is counted under a lock of any kind
     * @param sum what is counted without one
     * @param file to lock
     */
    public record Stage(
            SharedInt phase,
            SharedLock lock,
            SharedReadWriteLock readWrite,
            SharedLong counter,
            SharedLong sum,
            String file)
            implements Serializable {}

    /**
     * Arguments: the stage, the step, the parties of this JVM.
     *
     * @throws Exception any; the worker ends with it
     */
    public static void main(String[] arguments) throws Exception {
        var stage = Arguments.decode(arguments[0], Stage.class);
        var step = Step.valueOf(arguments[1]);
        var parties = new Parties(arguments[2]);
        var exclusion = exclusion(step, stage);
        var local = new AtomicLong();
        var orders = Orders.fromStandardInput();
        while (true) { // until standard input ends
            String[] order = orders.next();
            if (order[0].equals("pin")) {
                parties.pin(order);
                continue;
            }
            int phase = Integer.parseInt(order[1]);
            boolean timed = order[2].equals("1");
            var atGate = new CountDownLatch(parties.count());
            var counts =
                    parties.play(_ -> {
                        atGate.countDown();
                        atGate.await();
                        Orders.answer();
                        awaitGate(stage.phase(), phase);
                        return switch (step) {
                            case INTERLOCK_ADD -> add(stage.phase(), phase, stage.sum());
                            case ATOMIC_LONG -> add(stage.phase(), phase, local);
                            case INTERLOCK_READ, READ_WRITE_LOCK ->
                                    read(stage.phase(), phase, exclusion);
                            default ->
                                    timed
                                            ? lockTimed(stage, phase, exclusion)
                                            : lock(stage, phase, exclusion);
                        };
                    });
            var answer = new long[counts.size() + 1];
            for (int i = 0; i < counts.size(); i++) {
                answer[i] = counts.get(i)[0];
                answer[counts.size()] = Math.max(answer[counts.size()], counts.get(i)[1]);
            }
            Orders.answer(answer);
        }
    }

    private static Exclusion exclusion(Step step, Stage stage) throws IOException {
        return switch (step) {
            case FILE_LOCK ->
                    Exclusion.of(
                            FileChannel.open(Path.of(stage.file()), StandardOpenOption.WRITE), 0);
            case REENTRANT_LOCK -> Exclusion.of(new ReentrantLock());
            case INTERLOCK_READ -> Exclusion.of(stage.readWrite().readLock());
            case READ_WRITE_LOCK -> Exclusion.of(new ReentrantReadWriteLock().readLock());
            default -> Exclusion.of(stage.lock());
        };
    }

    private static void awaitGate(SharedInt gate, int phase) {
        while (gate.get() < phase) Thread.onSpinWait();
    }

    private static long[] lock(Stage stage, int phase, Exclusion exclusion) throws IOException {
        SharedInt gate = stage.phase();
        SharedLong counter = stage.counter();
        long count = 0;
        for (; gate.get() == phase; count++) {
            exclusion.enter();
            counter.setPlain(counter.getPlain() + 1);
            exclusion.leave();
        }
        return new long[] {count, 0};
    }

    private static long[] lockTimed(Stage stage, int phase, Exclusion exclusion)
            throws IOException {
        SharedInt gate = stage.phase();
        SharedLong counter = stage.counter();
        long longest = 0;
        long count = 0;
        for (; gate.get() == phase; count++) {
            long before = System.nanoTime();
            exclusion.enter();
            longest = Math.max(longest, System.nanoTime() - before);
            counter.setPlain(counter.getPlain() + 1);
            exclusion.leave();
        }
        return new long[] {count, longest};
    }

    private static long[] read(SharedInt gate, int phase, Exclusion reading) throws IOException {
        long count = 0;
        for (; gate.get() == phase; count++) {
            reading.enter();
            reading.leave();
        }
        return new long[] {count, 0};
    }

    private static long[] add(SharedInt gate, int phase, SharedLong sum) {
        long sink = 0;
        long count = 0;
        for (; gate.get() == phase; count++) sink += sum.getAndAdd(1);
        return new long[] {count, sink == 42 ? 1 : 0}; // so that what it read is needed
    }

    private static long[] add(SharedInt gate, int phase, AtomicLong sum) {
        long sink = 0;
        long count = 0;
        for (; gate.get() == phase; count++) sink += sum.getAndAdd(1);
        return new long[] {count, sink == 42 ? 1 : 0};
    }
}
