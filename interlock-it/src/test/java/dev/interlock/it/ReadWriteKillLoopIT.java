package dev.interlock.it;

import static dev.interlock.it.KillLoop.require;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Region;
import dev.interlock.SharedLong;
import dev.interlock.SharedLongArray;
import dev.interlock.SharedReadLock;
import dev.interlock.SharedReadWriteLock;
import dev.interlock.SharedWriteLock;
import dev.interlock.internal.region.RawRegion;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Kills processes at random that read and write under one lock, in all the ways there are. Every write was written down before it was
 * done and after, and goes to many words, of which no reader may ever see some old and some new.
 * {@code -Dinterlock.it.kills} tells how many are killed.
 */
class ReadWriteKillLoopIT {
    private static final int KILLS = Integer.getInteger("interlock.it.kills", 150);
    private static final int PROCESSES = 4;
    private static final int THREADS = 2;
    private static final int WORDS = 6;

    @RegisterExtension final Stage stage = new Stage();

    /** Guarded by the lock. */
    private static final class Books {
        final SharedReadWriteLock lock;
        final SharedLongArray
                words; // all the same, but while somebody writes: how many writes there were
        final SharedLongArray before; // by each thread
        final SharedLongArray after;
        final SharedLong abandoned;
        final SharedLong reads; // counted without the lock
        final SharedLong stop;

        Books(Region region) {
            lock = region.readWriteLock("l");
            words = region.longArray("words", WORDS);
            before = region.longArray("before", PROCESSES * THREADS);
            after = region.longArray("after", PROCESSES * THREADS);
            abandoned = region.longValue("abandoned", 0);
            reads = region.longValue("reads", 0);
            stop = region.longValue("stop", 0);
        }

        void write(int account) {
            repairIfAbandoned();
            requireBalance();
            before.set(account, before.get(account) + 1);
            long next = words.get(0) + 1;
            for (int i = 0; i < WORDS; i++) {
                words.set(i, next);
                if (i == account % WORDS) LockSupport.parkNanos(200_000); // more die here
            }
            after.set(account, after.get(account) + 1);
        }

        private void repairIfAbandoned() {
            if (!lock.isAbandoned()) return;
            for (int i = 0; i < before.length(); i++) after.set(i, before.get(i));
            for (int i = 0; i < WORDS; i++) words.set(i, sum(before));
            abandoned.set(abandoned.get() + 1);
            lock.markConsistent();
        }

        /** What a dead writer left half done is a writer's to mend, and no reader's to look at. */
        void read(boolean slowly) {
            if (lock.isAbandoned()) return;
            requireBalance();
            if (slowly) {
                long first = words.get(0);
                LockSupport.parkNanos(20_000);
                require(words.get(0) == first, "somebody wrote while this thread read");
                requireBalance();
            }
            reads.getAndAdd(1);
        }

        void readOptimistically() {
            long stamp = lock.tryOptimisticRead();
            long[] seen = words.toArray();
            if (stamp == 0 || !lock.validate(stamp)) return;
            for (long word : seen)
                require(word == seen[0], "torn: " + java.util.Arrays.toString(seen));
            reads.getAndAdd(1);
        }

        void requireBalance() {
            long[] seen = words.toArray();
            String all = java.util.Arrays.toString(seen);
            for (long word : seen) require(word == seen[0], "torn: " + all);
            require(
                    sum(before) == seen[0] && sum(after) == seen[0],
                    "books: " + sum(before) + ", " + all + ", " + sum(after));
        }

        private static long sum(SharedLongArray array) {
            long sum = 0;
            for (int i = 0; i < array.length(); i++) sum += array.get(i);
            return sum;
        }

        long done() {
            return reads.get() + sum(before);
        }
    }

    /** What one thread does until the value "stop" is set. */
    @SuppressWarnings("LockNotBeforeTry") // another method unlocks
    private record Worker(Books books, int account, Random random) {
        void run() throws InterruptedException {
            SharedReadLock reading = books.lock.readLock();
            SharedWriteLock writing = books.lock.writeLock();
            while (books.stop.get() == 0) {
                switch (random.nextInt(12)) {
                    case 0 -> {
                        if (writing.tryLock()) writeAndUnlock(writing);
                    }
                    case 1 -> {
                        if (writing.tryLock(patience())) writeAndUnlock(writing);
                    }
                    case 2 -> {
                        writing.lock();
                        writeAndUnlock(writing);
                    }
                    case 3 -> goOnReading(reading, writing);
                    case 4 -> {
                        if (reading.tryLock()) readAndUnlock(reading);
                    }
                    case 5 -> {
                        if (reading.tryLock(patience())) readAndUnlock(reading);
                    }
                    case 6 -> readTwice(reading);
                    case 7, 8 -> books.readOptimistically();
                    default -> {
                        reading.lockInterruptibly();
                        readAndUnlock(reading);
                    }
                }
                LockSupport.parkNanos(random.nextInt(600_000));
            }
        }

        private Duration patience() {
            return Duration.ofNanos(random.nextInt(1_000_000));
        }

        private void writeAndUnlock(SharedWriteLock writing) {
            try {
                books.write(account);
            } finally {
                writing.unlock();
            }
        }

        private void readAndUnlock(SharedReadLock reading) {
            try {
                books.read(random.nextBoolean());
            } finally {
                reading.unlock();
            }
        }

        private void goOnReading(SharedReadLock reading, SharedWriteLock writing) {
            writing.lock();
            try {
                books.write(account);
                reading.lock();
            } finally {
                writing.unlock();
            }
            readAndUnlock(reading);
        }

        private void readTwice(SharedReadLock reading) {
            reading.lock();
            try {
                reading.lock();
                readAndUnlock(reading);
            } finally {
                reading.unlock();
            }
        }
    }

    static final class Verbs {
        static void work(Child me) throws Exception {
            Books books = new Books(me.open("r"));
            Workers.run(me, THREADS, (account, random) -> new Worker(books, account, random).run());
        }
    }

    @Test
    void manyKilledAtRandom_booksBalance_andNobodySeesHalfAWrite() throws Exception {
        Random random = Stage.random("read-write kill loop");
        KillLoop loop = new KillLoop(stage, Verbs.class, PROCESSES, random);
        try (Region region = stage.open("r");
                RawRegion raw = new RawRegion(region.path())) {
            Books books = new Books(region);
            while (loop.killed() < KILLS) {
                loop.killSome(new KillLoop.Doom() {});
                loop.requireProgress(books::done);
            }
            books.stop.set(1);
            loop.joinWell();
            requireSound(region, books);
            ConditionKillPointsIT.requireOwnersLive(raw);
            assertThat(raw.ownersOfWaitCells().size()).isLessThanOrEqualTo(2 * PROCESSES + 2);
            System.out.printf(
                    "%d killed, %d of them while they wrote; %d writes, %d reads%n",
                    loop.killed(), books.abandoned.get(), books.words.get(0), books.reads.get());
            if (KILLS >= 100) assertThat(books.abandoned.get()).isPositive();
            region.unlink();
        }
    }

    private static void requireSound(Region region, Books books) throws Exception {
        assertThat(books.lock.writeLock().tryLock(Await.WATCHDOG)).isTrue();
        try {
            books.repairIfAbandoned();
            books.requireBalance();
        } finally {
            books.lock.writeLock().unlock();
        }
        assertThat(books.lock.getReadLockCount()).isZero();
        assertThat(books.lock.isWriteLocked()).isFalse();
        assertThat(books.lock.isAbandoned()).isFalse();
        assertThat(books.lock.hasQueuedThreads()).isFalse();
        assertThat(region.processes()).hasSize(1);
    }
}
