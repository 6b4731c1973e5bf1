package dev.interlock.it;

import dev.interlock.LockOptions;
import dev.interlock.Region;
import dev.interlock.SharedCondition;
import dev.interlock.SharedLong;
import dev.interlock.SharedReentrantLock;
import java.util.ArrayList;
import java.util.List;

/**
 * Something to wait for: how much there is to take, under a lock, with a condition that is signalled when there is more. For tests
 * that kill one of those who take and give; it does not matter between which two lines.
 */
record Goods(SharedReentrantLock lock, SharedCondition more, SharedLong ready, SharedLong taken) {

    static Goods in(Region region, boolean isFair) {
        SharedReentrantLock lock =
                region.reentrantLock("l", isFair ? LockOptions.fair() : LockOptions.defaults());
        return new Goods(
                lock,
                lock.condition("more"),
                region.longValue("ready", 0),
                region.longValue("taken", 0));
    }

    /** Takes one, waiting for it. */
    void take() throws InterruptedException {
        lock.lock();
        try {
            lock.markConsistent();
            while (ready.get() == 0) more.await();
            lock.markConsistent();
            ready.getAndAdd(-1); // who dies here has taken it
            taken.getAndAdd(1);
        } finally {
            lock.unlock();
        }
    }

    /** Gives so many, with a signal for each. */
    void give(int much) {
        lock.lock();
        try {
            lock.markConsistent();
            ready.getAndAdd(much);
            for (int i = 0; i < much; i++) more.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Gives so many, with one signal for all. */
    void giveAtOnce(int much) {
        lock.lock();
        try {
            ready.getAndAdd(much);
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Threads of this process that take one each, and have begun to wait. */
    final class Takers {
        private final List<Thread> threads = new ArrayList<>();

        /** Starts one, which waits behind all that are there. */
        void startOne() throws Exception {
            int before = more.getWaitQueueLength();
            Thread thread =
                    Thread.ofPlatform()
                            .daemon()
                            .name("taker")
                            .start(() -> {
                                try {
                                    take();
                                } catch (InterruptedException e) {
                                    throw new IllegalStateException(e);
                                }
                            });
            threads.add(thread);
            // One that was there before may die meanwhile.
            Await.until(
                    "it waits",
                    () -> more.getWaitQueueLength() > before || waits(thread) || !thread.isAlive());
        }

        private static boolean waits(Thread thread) {
            for (StackTraceElement frame : thread.getStackTrace())
                if (frame.getMethodName().equals("sleep")
                        && frame.getClassName().endsWith("Conditions")) return true;
            return false;
        }

        long living() {
            return threads.stream().filter(Thread::isAlive).count();
        }

        /** What was given is taken, by whomever; and if it was not by these, they get as much as they need. */
        void requireThatAllGetTheirs() throws Exception {
            Await.until("all that was given is taken", () -> living() == 0 || ready.get() == 0);
            Thread.sleep(1); // who has taken may still be about to end
            while (living() > 0) {
                give(1);
                Await.until("one more is taken", () -> living() == 0 || ready.get() == 0);
                Thread.sleep(1);
            }
            for (Thread thread : threads) thread.join();
        }
    }
}
