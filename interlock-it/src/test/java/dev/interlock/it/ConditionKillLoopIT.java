package dev.interlock.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.LockOptions;
import dev.interlock.Region;
import dev.interlock.SharedCondition;
import dev.interlock.SharedLong;
import dev.interlock.SharedLongArray;
import dev.interlock.SharedReentrantLock;
import dev.interlock.internal.region.RawRegion;
import dev.interlock.it.ChildJvm.Launch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Kills processes at random that fill and empty a small buffer, waiting for each other by conditions. The books must balance, and
 * nobody may wait for ever: where a signal is lost, sooner or later all sleep. Half of each process's threads work on a buffer whose
 * lock is fair. {@code -Dinterlock.it.kills} tells how many are killed.
 */
class ConditionKillLoopIT {
    private static final int KILLS = Integer.getInteger("interlock.it.kills", 75);
    private static final int PROCESSES = 4;
    private static final int THREADS = 4; // of each at each buffer; two fill, two empty
    private static final int CAPACITY = 2;
    private static final long LONGEST_LIFE_MILLIS = 600;

    @RegisterExtension final Stage stage = new Stage();

    /** Guarded by the lock. */
    private static final class Buffer {
        final SharedReentrantLock lock;
        final SharedCondition notFull;
        final SharedCondition notEmpty;
        final SharedLongArray put; // by each thread
        final SharedLongArray taken;
        final SharedLong count;
        final SharedLong stop;
        final SharedLong abandoned;

        Buffer(Region region, boolean isFair) {
            String kind = isFair ? "fair " : "barging ";
            LockOptions options = isFair ? LockOptions.fair() : LockOptions.defaults();
            lock = region.reentrantLock(kind + "l", options);
            notFull = lock.condition(kind + "not full");
            notEmpty = lock.condition(kind + "not empty");
            put = region.longArray(kind + "put", PROCESSES * THREADS);
            taken = region.longArray(kind + "taken", PROCESSES * THREADS);
            count = region.longValue(kind + "count", 0);
            stop = region.longValue(kind + "stop", 0);
            abandoned = region.longValue(kind + "abandoned", 0);
        }

        static List<Buffer> both(Region region) {
            return List.of(new Buffer(region, false), new Buffer(region, true));
        }

        /** Fills it or empties it until all is over. */
        void work(int thread, Random random) throws InterruptedException {
            if (thread % 2 == 0) while (put(thread, random)) {}
            else while (take(thread, random)) {}
        }

        /** False if all is over. */
        boolean put(int thread, Random random) throws InterruptedException {
            lock.lock();
            try {
                repairIfAbandoned();
                while (count.get() == CAPACITY) {
                    if (stop.get() != 0) return false;
                    await(notFull, random);
                }
                if (stop.get() != 0) return false;
                put.getAndAdd(thread, 1); // who dies here leaves the count to be mended
                count.getAndAdd(1);
                notEmpty.signal();
                return true;
            } finally {
                lock.unlock();
            }
        }

        /** False if all is over. */
        boolean take(int thread, Random random) throws InterruptedException {
            lock.lock();
            try {
                repairIfAbandoned();
                while (count.get() == 0) {
                    if (stop.get() != 0) return false;
                    await(notEmpty, random);
                }
                if (stop.get() != 0) return false;
                taken.getAndAdd(thread, 1);
                count.getAndAdd(-1);
                notFull.signal();
                return true;
            } finally {
                lock.unlock();
            }
        }

        /* A wait that times out hears no signal, so it must not use one up. */
        @SuppressWarnings("WaitNotInLoop") // the callers loop
        private void await(SharedCondition condition, Random random) throws InterruptedException {
            if (random.nextInt(4) == 0) condition.awaitNanos(random.nextInt(1_000_000));
            else if (random.nextInt(4) == 0) condition.awaitUninterruptibly();
            else condition.await();
            repairIfAbandoned();
        }

        private void repairIfAbandoned() {
            if (lock.isAbandoned()) {
                count.set(sum(put) - sum(taken));
                abandoned.getAndAdd(1);
                lock.markConsistent();
            }
            require(
                    count.get() == sum(put) - sum(taken)
                            && count.get() >= 0
                            && count.get() <= CAPACITY,
                    "books: " + sum(put) + " - " + sum(taken) + " is not " + count.get());
        }

        void end() {
            stop.set(1);
            try (var _ = lock.acquire()) {
                repairIfAbandoned();
                notFull.signalAll();
                notEmpty.signalAll();
            }
        }

        long moved() {
            return sum(put) + sum(taken);
        }

        private static long sum(SharedLongArray array) {
            long sum = 0;
            for (int i = 0; i < array.length(); i++) sum += array.get(i);
            return sum;
        }
    }

    private static void require(boolean condition, String what) {
        if (!condition) throw new AssertionError(what);
    }

    static final class Verbs {
        /** Fills and empties both until all is over. Arguments: which process, a seed. */
        static void work(Child me) throws Exception {
            List<Buffer> both = Buffer.both(me.open("r"));
            AtomicReference<Throwable> failure = new AtomicReference<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 2 * THREADS; i++) {
                Buffer buffer = both.get(i / THREADS);
                int thread = (int) me.number(0) * THREADS + i % THREADS;
                Random random = new Random(me.number(1) + i);
                Thread.Builder builder =
                        i % THREADS == 0 ? Thread.ofVirtual() : Thread.ofPlatform();
                threads.add(
                        builder.start(() -> {
                            try {
                                buffer.work(thread, random);
                            } catch (Throwable e) {
                                e.printStackTrace();
                                failure.set(e);
                            }
                        }));
            }
            for (Thread thread : threads) thread.join();
            if (failure.get() != null) throw new AssertionError(failure.get());
        }
    }

    @Test
    void manyKilledAtRandom_booksBalance_andNobodyHangs() throws Exception {
        Random random = Stage.random("condition kill loop");
        ChildJvm[] crowd = new ChildJvm[PROCESSES];
        for (int i = 0; i < PROCESSES; i++) crowd[i] = start(i, random);
        try (Region region = stage.open("r");
                RawRegion raw = new RawRegion(region.path())) {
            List<Buffer> both = Buffer.both(region);
            for (int killed = 0; killed < KILLS; killed++) {
                Await.sleep(random.nextLong(LONGEST_LIFE_MILLIS / PROCESSES));
                int place = random.nextInt(PROCESSES);
                crowd[place].killSoon();
                assertThat(crowd[place].joinKilled()).isTrue();
                for (Buffer buffer : both) {
                    long moved = buffer.moved();
                    Await.until("they go on after " + killed, () -> buffer.moved() > moved);
                }
                crowd[place] = start(place, random);
            }
            for (Buffer buffer : both) buffer.end();
            for (ChildJvm child : crowd) child.joinWell();
            for (Buffer buffer : both) requireBalance(buffer);
            ConditionKillPointsIT.requireOwnersLive(raw);
            assertThat(raw.ownersOfWaitCells().size()).isLessThanOrEqualTo(2 * PROCESSES + 2);
            System.out.printf("%d chunks of cells%n", raw.ownersOfWaitCells().size());
            region.unlink();
        }
    }

    private static void requireBalance(Buffer buffer) {
        buffer.end(); // looks at the books
        assertThat(buffer.notFull.hasWaiters() || buffer.notEmpty.hasWaiters()).isFalse();
        assertThat(buffer.lock.hasQueuedThreads()).isFalse();
        System.out.printf(
                "%d killed, %d of them while they owned the lock, %d moved%n",
                KILLS, buffer.abandoned.get(), buffer.moved());
    }

    private ChildJvm start(int place, Random random) {
        Launch launch =
                random.nextInt(5) == 0 ? Launch.PLAIN.with("-Dinterlock.wait=poll") : Launch.PLAIN;
        return stage.start(launch, Verbs.class, "work", place, random.nextInt());
    }
}
