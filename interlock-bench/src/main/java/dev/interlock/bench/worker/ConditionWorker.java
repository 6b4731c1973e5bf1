package dev.interlock.bench.worker;

import dev.interlock.SharedCondition;
import dev.interlock.SharedInt;
import dev.interlock.SharedLock;
import dev.interlock.SharedLong;
import java.io.Serializable;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Signals back and forth between two parties. Whoever was woken works for the hold time before it signals, and in that time the
 * other one falls asleep.
 *
 * <p>Orders: {@code pin FIRST SECOND}; {@code run COUNT HOLD_NANOS} answers, for each signal that reached a party of this JVM, with
 * the time from just before {@code signal()} to just after the return of the other's {@code await()}.
 */
public final class ConditionWorker {
    private ConditionWorker() {}

    /** What the parties wait for. */
    public enum Kind {
        /** A shared lock's condition. */
        INTERLOCK,
        /** A condition of this JVM. */
        CONDITION
    }

    /**
     * What the parties share.
     *
     * @param lock of the condition
     * @param condition of the lock
     * @param turn who was signalled last
     * @param signalledAt when
     */
    public record Stage(
            SharedLock lock, SharedCondition condition, SharedInt turn, SharedLong signalledAt)
            implements Serializable {}

    /**
     * Arguments: the stage, the kind, the parties of this JVM.
     *
     * @throws Exception any; the worker ends with it
     */
    public static void main(String[] arguments) throws Exception {
        var stage = Arguments.decode(arguments[0], Stage.class);
        var ping = ping(Kind.valueOf(arguments[1]), stage);
        var parties = new Parties(arguments[2]);
        var orders = Orders.fromStandardInput();
        while (true) { // until standard input ends
            String[] order = orders.next();
            if (order[0].equals("pin")) {
                parties.pin(order);
                continue;
            }
            int count = Integer.parseInt(order[1]);
            long holdNanos = Long.parseLong(order[2]);
            var times = parties.play(party -> ping.play(party, count, holdNanos));
            Orders.answer(times.stream().flatMapToLong(java.util.Arrays::stream).toArray());
        }
    }

    private static Ping ping(Kind kind, Stage stage) {
        if (kind == Kind.INTERLOCK)
            return new Ping(stage.lock(), stage.condition(), stage.turn(), stage.signalledAt());
        var lock = new ReentrantLock();
        return new Ping(lock, lock.newCondition(), stage.turn(), stage.signalledAt());
    }

    private record Ping(Lock lock, Condition condition, SharedInt turn, SharedLong signalledAt) {
        long[] play(int party, int count, long holdNanos) throws InterruptedException {
            var times = new long[count];
            for (int i = 0; i < count; i++) {
                if (party == 0) signalOther(party, holdNanos);
                times[i] = awaitSignal(party);
                if (party == 1) signalOther(party, holdNanos);
            }
            return times;
        }

        private void signalOther(int party, long holdNanos) {
            work(holdNanos);
            lock.lock();
            try {
                turn.setPlain(1 - party);
                signalledAt.setPlain(System.nanoTime());
                condition.signal();
            } finally {
                lock.unlock();
            }
        }

        private long awaitSignal(int party) throws InterruptedException {
            lock.lock();
            try {
                while (turn.getPlain() != party) condition.await();
                return System.nanoTime() - signalledAt.getPlain();
            } finally {
                lock.unlock();
            }
        }

        private static void work(long nanos) {
            long start = System.nanoTime();
            while (System.nanoTime() - start < nanos) Thread.onSpinWait();
        }
    }
}
