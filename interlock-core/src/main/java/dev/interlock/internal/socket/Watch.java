package dev.interlock.internal.socket;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** Who waits for one channel. All of them look again when it can do anything, or is closed. */
final class Watch implements Runnable {
    static final long NEVER = Long.MAX_VALUE;

    private final Set<Runnable> waiters = ConcurrentHashMap.newKeySet();
    private final SelectionKey key;

    Watch(SelectableChannel channel) throws IOException {
        channel.configureBlocking(false);
        key = Poller.watch(channel, this);
    }

    @Override
    public void run() {
        waiters.forEach(Runnable::run);
    }

    /** Has the bell run, whenever it was asked for and after. */
    void add(Runnable bell) {
        waiters.add(bell);
    }

    void remove(Runnable bell) {
        waiters.remove(bell);
    }

    /** Asks to be told when the channel can do one of these. */
    void want(int operations) {
        try {
            Poller.want(key, operations);
        } catch (CancelledKeyException e) {
            run(); // it is closed
        }
    }

    /**
     * Waits until the channel can do one of these, or is closed.
     *
     * @return false if the time ran out
     */
    boolean await(int operations, long deadlineNanos) throws InterruptedException {
        Waiter waiter = new Waiter();
        waiters.add(waiter); // first, so that it is told
        try {
            want(operations);
            return waiter.await(deadlineNanos);
        } finally {
            waiters.remove(waiter);
        }
    }

    /** A thread that waits. */
    private static final class Waiter implements Runnable {
        private final Thread thread = Thread.currentThread();
        private volatile boolean told;

        @Override
        public void run() {
            told = true;
            LockSupport.unpark(thread);
        }

        boolean await(long deadlineNanos) throws InterruptedException {
            while (!told) { // until told, timed out or interrupted
                long left = deadlineNanos == NEVER ? NEVER : deadlineNanos - System.nanoTime();
                if (left <= 0) return false;
                LockSupport.parkNanos(this, left);
                if (Thread.interrupted()) throw new InterruptedException();
            }
            return true;
        }
    }
}
