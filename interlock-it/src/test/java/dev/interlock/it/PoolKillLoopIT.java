package dev.interlock.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.ChildProcess;
import dev.interlock.PoolFuture;
import dev.interlock.PoolStatistics.State;
import dev.interlock.ProcessDiedException;
import dev.interlock.ProcessPool;
import dev.interlock.Region;
import dev.interlock.RetryPolicy;
import dev.interlock.SharedIntArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Workers of a pool are killed at random moments while it is busy. Every future completes; a task that succeeded has run, once for each time
 * it was tried; one that failed did so with its worker; and when the pool has ended, nothing of it is left.
 */
@Timeout(900)
class PoolKillLoopIT {
    private static final int SECONDS = Integer.getInteger("interlock.it.seconds", 8);
    private static final int MOST_TASKS = 2_000_000; // in 60 s

    private final long seed = System.nanoTime();
    private int killed;

    @Test
    void aTaskFailsOnlyWithItsWorker() throws Exception {
        Outcome outcome = run(ProcessPool.builder().workers(3).spares(1).name("mortal"));
        System.out.printf(
                "seed %d: %d killed, %d tasks, %d failed%n",
                seed, killed, outcome.succeeded + outcome.failed, outcome.failed);
        assertThat(outcome.failed).isLessThanOrEqualTo(killed); // one in hand of each at most
        assertThat(outcome.ranTwice).isZero();
    }

    @Test
    void withRetries_everyTaskSucceeds() throws Exception {
        Outcome outcome =
                run(
                        ProcessPool.builder()
                                .workers(3)
                                .name("patient")
                                .retryPolicy(RetryPolicy.onDeath(100)));
        System.out.printf(
                "seed %d: %d killed, %d tasks, %d begun more than once%n",
                seed, killed, outcome.succeeded, outcome.ranTwice);
        assertThat(outcome.failed).isZero();
        assertThat(outcome.ranTwice).isLessThanOrEqualTo(killed);
    }

    private static final class Outcome {
        int succeeded;
        int failed;
        int ranTwice;
    }

    private Outcome run(ProcessPool.Builder builder) throws Exception {
        killed = 0;
        Outcome outcome = new Outcome();
        try (Region region = Region.temporary()) {
            SharedIntArray begun = region.intArray(MOST_TASKS);
            ChildProcess.start(() -> 0).join(); // what is opened once, is open
            long descriptors = descriptors();
            try (ProcessPool pool = builder.start()) {
                Thread killer = new Thread(() -> killWorkers(pool), "killer");
                killer.start();
                int tasks = work(pool, begun, outcome, killer);
                killer.join();
                count(begun, tasks, outcome);
                assertThat(pool.submit(() -> "alive").get(1, TimeUnit.MINUTES)).isEqualTo("alive");
            }
            assertNothingIsLeft(descriptors);
        }
        return outcome;
    }

    /** Keeps the pool busy until the killer has gone, and asks for all results. */
    private int work(ProcessPool pool, SharedIntArray begun, Outcome outcome, Thread killer)
            throws Exception {
        Random random = new Random(seed);
        int next = 0;
        while (killer.isAlive() && next < MOST_TASKS - 200) {
            List<PoolFuture<Integer>> futures = new ArrayList<>();
            int first = next;
            for (int i = 0; i < 200; i++) {
                int number = next++;
                int micros = random.nextInt(300);
                futures.add(pool.submit(() -> task(begun, number, micros)));
            }
            for (int i = 0; i < 200; i++) check(futures.get(i), first + i, begun, outcome);
        }
        return next;
    }

    static int task(SharedIntArray begun, int number, int micros) {
        begun.getAndAdd(number, 1);
        long end = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(micros);
        while (System.nanoTime() < end) Thread.onSpinWait();
        return number;
    }

    private void check(
            PoolFuture<Integer> future, int number, SharedIntArray begun, Outcome outcome)
            throws Exception {
        try {
            assertThat(future.get(1, TimeUnit.MINUTES)).isEqualTo(number);
            assertThat(begun.get(number)).as("seed %d, task %d", seed, number).isPositive();
            outcome.succeeded++;
        } catch (ExecutionException e) {
            assertThat(e).as("seed %d", seed).hasCauseInstanceOf(ProcessDiedException.class);
            outcome.failed++;
        }
    }

    private static void count(SharedIntArray begun, int tasks, Outcome outcome) {
        for (int i = 0; i < tasks; i++) {
            if (begun.get(i) > 1) outcome.ranTwice++;
        }
    }

    private void killWorkers(ProcessPool pool) {
        Random random = new Random(seed + 1);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10 + random.nextInt(300)));
            boolean alsoStarting =
                    random.nextInt(5) == 0; // seldom: on a busy machine they start slowly
            List<Long> pids =
                    pool.statistics().workers().stream()
                            .filter(worker -> alsoStarting || worker.state() != State.STARTING)
                            .map(worker -> worker.pid())
                            .filter(pid -> pid > 0)
                            .toList();
            if (pids.isEmpty()) continue;
            long victim = pids.get(random.nextInt(pids.size()));
            for (ChildProcess<?> child : ChildProcess.active()) {
                if (child.pid() != victim) continue;
                child.kill();
                killed++;
            }
        }
    }

    private static void assertNothingIsLeft(long descriptors) throws Exception {
        assertThat(ChildProcess.active()).isEmpty();
        Await.until(
                "no child is left, not even as a zombie",
                () -> ProcessHandle.current().children().findAny().isEmpty());
        Await.until("all descriptors are closed", () -> descriptors() <= descriptors);
        Await.until(
                "all threads have ended",
                () ->
                        Thread.getAllStackTraces().keySet().stream()
                                .map(Thread::getName)
                                .noneMatch(name ->
                                        name.contains("mortal") || name.contains("patient")));
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
