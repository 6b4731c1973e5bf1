package dev.interlock.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.ObjectInfo;
import dev.interlock.Region;
import dev.interlock.SharedLock;
import dev.interlock.SharedLong;
import dev.interlock.SharedLongArray;
import dev.interlock.SharedRecord;
import dev.interlock.it.ChildJvm.Launch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Kills processes at random that do everything at once, and balances the books in the end: every addition was written down before
 * it was done and after. {@code -Dinterlock.it.kills} tells how many are killed.
 */
class KillLoopIT {
    private static final int KILLS = Integer.getInteger("interlock.it.kills", 500);
    private static final int PROCESSES = 4;
    private static final int THREADS = 3;
    private static final int OBJECTS = 300;
    private static final long LONGEST_LIFE_MILLIS = 600;

    @RegisterExtension final Stage stage = new Stage();

    /** Guarded by the lock {@code "l"}. A stroke of bad luck between any two lines of {@link #add} leaves what {@link #repair} mends. */
    private static final class Books {
        final SharedLock lock;
        final SharedLong total;
        final SharedLongArray before;
        final SharedLongArray after;
        final SharedLong abandoned;
        final SharedLong lastToken;

        Books(Region region) {
            lock = region.lock("l");
            total = region.longValue("total", 0);
            before = region.longArray("before", PROCESSES * THREADS);
            after = region.longArray("after", PROCESSES * THREADS);
            abandoned = region.longValue("abandoned", 0);
            lastToken = region.longValue("last token", 0);
        }

        void add(int account) {
            if (lock.isAbandoned()) {
                repair();
                abandoned.set(abandoned.get() + 1);
                lock.markConsistent();
            }
            requireBalance();
            require(lock.token() > lastToken.get(), "a token that is not new: " + lock.token());
            lastToken.set(lock.token());
            before.set(account, before.get(account) + 1);
            if (account % 2 == 0) LockSupport.parkNanos(20_000); // more of them die here
            total.set(total.get() + 1);
            after.set(account, after.get(account) + 1);
        }

        private void repair() {
            for (int i = 0; i < before.length(); i++) after.set(i, before.get(i));
            total.set(sum(before));
        }

        void requireBalance() {
            require(
                    sum(before) == total.get() && sum(after) == total.get(),
                    "books: " + sum(before) + ", " + total.get() + ", " + sum(after));
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

    record Pair(long number, long complement) {}

    static final class Verbs {
        /** Does everything until the value "stop" is set. Arguments: which process of the crowd, and a seed. */
        static void work(Child me) throws Exception {
            Region region = me.open("r");
            AtomicReference<Throwable> failure = new AtomicReference<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int account = (int) me.number(0) * THREADS + i;
                Worker worker = new Worker(me, region, account, new Random(me.number(1) + i));
                Thread.Builder builder = i == 0 ? Thread.ofVirtual() : Thread.ofPlatform();
                threads.add(
                        builder.start(() -> {
                            try {
                                worker.run();
                            } catch (Throwable e) {
                                e.printStackTrace();
                                failure.set(e);
                            }
                        }));
            }
            for (Thread thread : threads) thread.join();
            if (failure.get() != null) throw new AssertionError(failure.get());
            region.close();
        }
    }

    /** What one thread does: locks in all ways, makes and finds objects, writes records, opens and leaves another region. */
    private record Worker(Child me, Region region, int account, Random random) {
        void run() throws InterruptedException {
            Books books = new Books(region);
            var stop = region.booleanValue("stop", false);
            var pair = region.record("pair", Pair.class);
            while (!stop.get()) {
                if (acquire(books.lock)) {
                    books.add(account);
                    books.lock.unlock();
                }
                switch (random.nextInt(40)) {
                    case 0, 1, 2, 3 -> findOrMake(random.nextInt(OBJECTS));
                    case 4, 5, 6, 7 -> exchange(pair);
                    case 8 -> visit();
                    case 9, 10, 11, 12, 13, 14, 15, 16, 17, 18 -> LockSupport.parkNanos(500_000);
                    default -> {}
                }
            }
        }

        private boolean acquire(SharedLock lock) throws InterruptedException {
            switch (random.nextInt(4)) {
                case 0 -> lock.lock();
                case 1 -> lock.lockInterruptibly();
                case 2 -> {
                    return lock.tryLock(Duration.ofNanos(random.nextInt(2_000_000)));
                }
                default -> {
                    return lock.tryLock();
                }
            }
            return true;
        }

        private void findOrMake(int number) {
            long found = region.longValue("object " + number, number).get();
            require(found == number, "object " + number + " was " + found);
        }

        private void exchange(SharedRecord<Pair> pair) {
            Pair now = pair.get();
            require(now.complement == ~now.number || now.equals(new Pair(0, 0)), "torn: " + now);
            long next = random.nextLong();
            pair.set(new Pair(next, ~next));
        }

        private void visit() {
            try (Region other = me.open("visited")) {
                other.longValue("visits", 0).incrementAndGet();
            }
        }
    }

    @Test
    void manyKilledAtRandom_booksBalance() throws Exception {
        Random random = Stage.random("kill loop");
        ChildJvm[] crowd = new ChildJvm[PROCESSES];
        for (int i = 0; i < PROCESSES; i++) crowd[i] = start(i, random);
        int killed = 0;
        while (killed < KILLS) {
            Await.sleep(random.nextLong(LONGEST_LIFE_MILLIS / PROCESSES));
            if (random.nextInt(30) == 0) killed += killAll(crowd, random);
            else killed += killOne(crowd, random.nextInt(PROCESSES), random);
        }
        long abandoned;
        try (Region region = stage.open("r")) {
            region.booleanValue("stop", false).set(true);
            for (ChildJvm child : crowd) child.joinWell();
            abandoned = requireSound(region);
            region.unlink();
        }
        Region.unlink("visited", stage.options());
        System.out.printf("%d killed, %d of them while they owned the lock%n", killed, abandoned);
        assertThat(abandoned).isPositive();
    }

    private static long requireSound(Region region) {
        Books books = new Books(region);
        try (var _ = books.lock.acquire()) {
            if (books.lock.isAbandoned()) books.repair();
            books.lock.markConsistent();
            books.requireBalance();
        }
        assertThat(region.processes()).hasSize(1);
        assertThat(region.objects().stream().map(ObjectInfo::name)).doesNotHaveDuplicates();
        assertThat(books.total.get()).isPositive();
        return books.abandoned.get();
    }

    private ChildJvm start(int place, Random random) {
        Launch launch =
                random.nextInt(5) == 0 ? Launch.PLAIN.with("-Dinterlock.wait=poll") : Launch.PLAIN;
        return stage.start(launch, Verbs.class, "work", place, random.nextInt());
    }

    private int killOne(ChildJvm[] crowd, int place, Random random) throws Exception {
        crowd[place].killSoon();
        assertThat(crowd[place].joinKilled()).isTrue();
        crowd[place] = start(place, random);
        return 1;
    }

    private int killAll(ChildJvm[] crowd, Random random) throws Exception {
        for (ChildJvm child : crowd) child.killSoon();
        for (int i = 0; i < PROCESSES; i++) killOne(crowd, i, random);
        return PROCESSES;
    }
}
