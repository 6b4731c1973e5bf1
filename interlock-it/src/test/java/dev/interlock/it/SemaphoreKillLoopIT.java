package dev.interlock.it;

import static dev.interlock.it.KillLoop.require;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Region;
import dev.interlock.SemaphoreOptions;
import dev.interlock.SharedLong;
import dev.interlock.SharedSemaphore;
import dev.interlock.WaitSet;
import dev.interlock.internal.region.RawRegion;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Kills processes at random that acquire permits, hold and release them, in all the ways there are. At no time may the living hold
 * more permits than there are, and when all pause there must be as many as at the beginning.
 * Half of each process's threads do so with a fair semaphore. {@code -Dinterlock.it.kills} tells how many are killed.
 */
class SemaphoreKillLoopIT {
    private static final int KILLS = Integer.getInteger("interlock.it.kills", 75);
    private static final int PROCESSES = 4;
    private static final int THREADS = 4;
    private static final int PERMITS = 5;
    private static final int KILLS_BETWEEN_PAUSES = 15;

    @RegisterExtension final Stage stage = new Stage();

    private static final class Books {
        final SharedSemaphore semaphore;
        final Claims claims;
        final SharedLong acquired;
        final SharedLong pause; // for both semaphores, as what follows
        final SharedLong stop;

        Books(Region region, boolean isFair) {
            SemaphoreOptions options = SemaphoreOptions.defaults();
            String kind = isFair ? "fair " : "barging ";
            semaphore = region.semaphore(kind + "s", PERMITS, isFair ? options.fair() : options);
            claims = new Claims(region.longValue(kind + "claims", 0));
            acquired = region.longValue(kind + "acquired", 0);
            pause = region.longValue("pause", 0);
            stop = region.longValue("stop", 0);
        }

        static List<Books> both(Region region) {
            return List.of(new Books(region, false), new Books(region, true));
        }
    }

    /**
     * Who holds how much, in one word, so that it is seen at one instant: for each place in the crowd seven bits of permits, and one
     * that tells that its process is to be killed. What that one holds comes back at a time that nobody knows.
     */
    private record Claims(SharedLong word) {
        private static final int BITS = 8;
        private static final long DOOMED = 1 << 7;

        /** A new process is in that place. */
        void begin(int place) {
            word.getAndUpdate(seen -> seen & ~(0xFFL << (place * BITS)));
        }

        void doom(int place) {
            word.getAndUpdate(seen -> seen | (DOOMED << (place * BITS)));
        }

        void add(int place, int permits) {
            long now = word.addAndGet((long) permits << (place * BITS));
            int sum = 0;
            for (int other = 0; other < PROCESSES; other++) {
                long its = (now >>> (other * BITS)) & 0xFF;
                if ((its & DOOMED) == 0) sum += (int) its;
            }
            require(sum <= PERMITS, "the living hold " + sum + ": " + Long.toHexString(now));
        }
    }

    /** What one thread does until the value "stop" is set. */
    private record Worker(Books books, int place, Random random) {
        void run() throws InterruptedException {
            while (books.stop.get() == 0) {
                int permits = acquire(1 + random.nextInt(3));
                if (permits > 0) hold(permits);
                while (books.pause.get() != 0 && books.stop.get() == 0)
                    LockSupport.parkNanos(500_000);
                LockSupport.parkNanos(random.nextInt(600_000));
            }
        }

        /* Answers how many, which may be none. */
        private int acquire(int permits) throws InterruptedException {
            SharedSemaphore semaphore = books.semaphore;
            switch (random.nextInt(8)) {
                case 0 -> {
                    return semaphore.tryAcquire(permits) ? permits : 0;
                }
                case 1 -> {
                    var patience = Duration.ofNanos(random.nextInt(1_000_000));
                    return semaphore.tryAcquire(permits, patience) ? permits : 0;
                }
                case 2 -> {
                    return semaphore.drainPermits();
                }
                case 3 -> {
                    WaitSet.any(Duration.ofNanos(random.nextInt(3_000_000)), semaphore);
                    return semaphore.tryAcquire() ? 1 : 0;
                }
                case 4 -> semaphore.acquireUninterruptibly(permits);
                default -> semaphore.acquire(permits);
            }
            return permits;
        }

        private void hold(int permits) {
            books.claims.add(place, permits);
            books.acquired.getAndAdd(permits);
            int held = books.semaphore.heldPermits();
            require(held >= permits && held <= PERMITS, permits + " of " + held);
            if (random.nextBoolean()) LockSupport.parkNanos(random.nextInt(100_000));
            int first = random.nextInt(permits + 1);
            giveBack(first);
            giveBack(permits - first);
        }

        private void giveBack(int permits) {
            books.claims.add(place, -permits);
            books.semaphore.release(permits);
        }
    }

    static final class Verbs {
        static void work(Child me) throws Exception {
            List<Books> both = Books.both(me.open("r"));
            int place = (int) me.number(0);
            for (Books books : both) books.claims.begin(place);
            Workers.run(
                    me,
                    THREADS,
                    (account, random) -> new Worker(both.get(account % 2), place, random).run());
        }
    }

    @Test
    void manyKilledAtRandom_permitsSumUp_andNobodyHangs() throws Exception {
        Random random = Stage.random("semaphore kill loop");
        KillLoop loop = new KillLoop(stage, Verbs.class, PROCESSES, random);
        try (Region region = stage.open("r");
                RawRegion raw = new RawRegion(region.path())) {
            List<Books> both = Books.both(region);
            KillLoop.Doom doomed =
                    new KillLoop.Doom() {
                        @Override
                        public void before(int place) {
                            for (Books books : both) books.claims.doom(place);
                        }
                    };
            for (int next = KILLS_BETWEEN_PAUSES; loop.killed() < KILLS; ) {
                loop.killSome(doomed);
                for (Books books : both) loop.requireProgress(books.acquired::get);
                if (loop.killed() < next) continue;
                next += KILLS_BETWEEN_PAUSES;
                both.getFirst().pause.set(1);
                for (Books books : both) requireWhole(books);
                both.getFirst().pause.set(0);
            }
            both.getFirst().stop.set(1);
            loop.joinWell();
            for (Books books : both) {
                requireWhole(books);
                assertThat(books.semaphore.tryAcquire(PERMITS)).isTrue();
                books.semaphore.release(PERMITS);
                System.out.printf(
                        "%d killed, %d permits acquired%n", loop.killed(), books.acquired.get());
            }
            assertThat(region.processes()).hasSize(1);
            ConditionKillPointsIT.requireOwnersLive(raw);
            assertThat(raw.ownersOfWaitCells().size()).isLessThanOrEqualTo(2 * PROCESSES + 2);
            region.unlink();
        }
    }

    private static void requireWhole(Books books) throws Exception {
        Await.until(
                "all permits are there and nobody waits",
                () ->
                        books.semaphore.availablePermits() == PERMITS
                                && !books.semaphore.hasQueuedThreads());
    }
}
