package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A caller that is alone with its task reads the report itself: what it promises is the same, whatever comes in between. */
@Timeout(120)
class ProcessPoolLookTest {
    private static final int TIMES = 2000;
    private static final int FEW_TIMES = 100;
    private static final int DEEP_TIMES = 1000;
    private static final int MOST_FRAMES_LEFT = 60;
    private static final long SMALL_STACK_BYTES = 256 << 10;
    private static final long NEW_NANOS = TimeUnit.MILLISECONDS.toNanos(300); // nobody looks before

    private static ProcessPool pool;

    @BeforeAll
    static void startPool() throws Exception {
        pool = warm(ProcessPool.builder().workers(2).name("looked-for"));
    }

    @AfterAll
    static void endPool() {
        pool.close();
    }

    private static ProcessPool warm(ProcessPool.Builder builder) throws Exception {
        ProcessPool pool = builder.start();
        long began = System.nanoTime();
        do {
            assertThat(pool.submit(() -> 1).get()).isOne();
        } while (System.nanoTime() - began < NEW_NANOS);
        return pool;
    }

    private static PoolFuture<Integer> submit(int number) {
        return pool.submit(() -> number);
    }

    @Test
    void eachTask_givesItsOwnResult_oneAfterTheOther() throws Exception {
        for (int i = 0; i < 2 * TIMES; i++) assertThat(submit(i).get()).isEqualTo(i);
    }

    @Test
    void failures_areThrownAsEver() throws Exception {
        for (int i = 0; i < FEW_TIMES; i++) {
            PoolFuture<Integer> future =
                    pool.submit(() -> {
                        throw new IllegalArgumentException("no");
                    });
            assertThatThrownBy(future::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void severalThatWaitForOneTask_allGetItsResult() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            for (int i = 0; i < TIMES; i++) {
                PoolFuture<Integer> future = submit(i);
                List<Future<Integer>> others = new ArrayList<>();
                for (int j = 0; j < 3; j++) others.add(threads.submit(() -> future.get()));
                assertThat(future.get()).isEqualTo(i);
                for (Future<Integer> other : others) assertThat(other.get()).isEqualTo(i);
            }
        }
    }

    @Test
    void severalCallers_eachGetTheirOwnResults() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            List<Future<?>> callers = new ArrayList<>();
            for (int j = 0; j < 3; j++) {
                int first = j * TIMES;
                callers.add(
                        threads.submit(() -> {
                            for (int i = first; i < first + TIMES; i++)
                                assertThat(submit(i).get()).isEqualTo(i);
                            return null;
                        }));
            }
            for (Future<?> caller : callers) caller.get();
        }
    }

    @Test
    void aTimeout_endsTheWait_andTheResultComesLater() throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < TIMES; i++) {
            PoolFuture<Integer> future = submit(i);
            try {
                assertThat(future.get(random.nextInt(100_000), TimeUnit.NANOSECONDS)).isEqualTo(i);
            } catch (TimeoutException e) {
                assertThat(future.get()).isEqualTo(i);
            }
        }
    }

    @Test
    void aZeroOrNegativeTimeout_waitsForNothing() {
        PoolFuture<Integer> future =
                pool.submit(() -> {
                    Thread.sleep(50);
                    return 1;
                });
        for (long timeout : new long[] {0, -1, Long.MIN_VALUE})
            assertThatThrownBy(() -> future.get(timeout, TimeUnit.NANOSECONDS))
                    .isInstanceOf(TimeoutException.class);
    }

    @Test
    void interrupts_endTheWait_andTheResultComesLater() throws Exception {
        Thread caller = Thread.currentThread();
        AtomicBoolean isOver = new AtomicBoolean();
        Thread other =
                Thread.ofPlatform()
                        .start(() -> {
                            while (!isOver.get()) {
                                caller.interrupt();
                                LockSupport.parkNanos(50_000);
                            }
                        });
        try {
            for (int i = 0; i < TIMES; i++) {
                PoolFuture<Integer> future = submit(i);
                assertThat(getThoughInterrupted(future)).isEqualTo(i);
            }
        } finally {
            isOver.set(true);
            while (other.isAlive()) Thread.onSpinWait(); // until the last interrupt was sent
            boolean _ = Thread.interrupted();
        }
    }

    private static int getThoughInterrupted(PoolFuture<Integer> future) throws ExecutionException {
        while (true) { // until it was not interrupted
            try {
                return future.get();
            } catch (InterruptedException e) {
                // once more
            }
        }
    }

    @Test
    void cancelling_endsTheWait_orComesTooLate() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
            for (int i = 0; i < TIMES; i++) {
                PoolFuture<Integer> future = submit(i);
                Future<Boolean> cancelled = threads.submit(() -> future.cancel(true));
                try {
                    assertThat(future.get()).isEqualTo(i);
                    assertThat(cancelled.get()).isFalse();
                } catch (CancellationException e) {
                    assertThat(cancelled.get()).isTrue();
                }
            }
        }
    }

    @Test
    void stages_runOnAThreadOfTheirOwn_whoeverReadsTheReport() throws Exception {
        try (Region region = Region.temporary()) {
            for (int i = 0; i < FEW_TIMES; i++) {
                SharedCountDownLatch latch = region.countDownLatch(1);
                PoolFuture<Integer> future =
                        pool.submit(() -> {
                            latch.await();
                            return 1;
                        });
                CompletableFuture<String> stage =
                        future.toCompletableFuture()
                                .thenApply(_ -> Thread.currentThread().getName());
                latch.countDown();
                assertThat(future.get()).isOne();
                assertThat(stage.get()).isEqualTo("interlock-callback");
            }
        }
    }

    @Test
    void theRetryPolicy_isNotAskedOnTheCallersThread() throws Exception {
        List<Thread> asked = new ArrayList<>();
        RetryPolicy policy =
                (_, _) -> {
                    asked.add(Thread.currentThread());
                    return false;
                };
        try (ProcessPool own = warm(ProcessPool.builder().workers(1).retryPolicy(policy))) {
            for (int i = 0; i < FEW_TIMES; i++)
                assertThatThrownBy(own.submit(() -> Integer.parseInt("no"))::get)
                        .isInstanceOf(ExecutionException.class);
        }
        assertThat(asked).hasSize(FEW_TIMES).doesNotContain(Thread.currentThread());
    }

    @Test
    void deathsOfWorkers_failTheirTask_andNoOther() throws Exception {
        try (ProcessPool own = warm(ProcessPool.builder().workers(2).name("killed"))) {
            long deaths = 0;
            for (int round = 0; round < 6; round++) {
                ProcessHandle victim = workerOf(own);
                int killAt = 100 * round + 20;
                for (int i = 0; i < 600; i++) {
                    int number = i;
                    PoolFuture<Integer> future = own.submit(() -> number);
                    if (i == killAt) victim.destroyForcibly();
                    try {
                        assertThat(future.get()).isEqualTo(i);
                    } catch (ExecutionException e) {
                        assertThat(e).hasCauseInstanceOf(ProcessDiedException.class);
                        deaths++;
                    }
                }
            }
            assertThat(deaths).isBetween(0L, 6L);
            assertThat(own.submit(() -> 5).get()).isEqualTo(5);
        }
    }

    private static ProcessHandle workerOf(ProcessPool pool) {
        while (true) { // until one has started
            for (PoolStatistics.Worker worker : pool.statistics().workers()) {
                if (worker.state() != PoolStatistics.State.IDLE) continue;
                Optional<ProcessHandle> process = ProcessHandle.of(worker.pid());
                if (process.isPresent()) return process.get();
            }
            Thread.onSpinWait();
        }
    }

    @Test
    void timeLimit_holds_whileTheRetryPolicyThinks() throws Exception {
        var thinking = new CountDownLatch(1);
        var decide = new CountDownLatch(1);
        ProcessPool.Builder builder =
                ProcessPool.builder()
                        .retryPolicy((_, _) -> {
                            thinking.countDown();
                            awaitUnchecked(decide);
                            return false;
                        });
        try (ProcessPool pool = warm(builder.workers(2))) {
            PoolFuture<Integer> failing = pool.submit(() -> Integer.parseInt("none"));
            PoolFuture<Integer> other = pool.submit(() -> 1);
            thinking.await();
            assertThatThrownBy(() -> failing.get(10, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            decide.countDown();
            assertThat(other.get()).isOne();
            assertThatThrownBy(failing::get).isInstanceOf(ExecutionException.class);
        } finally {
            decide.countDown();
        }
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /* A report that such a caller had in hand when its stack was full would be lost, and the task never done. */
    @Test
    void callersAtTheEndOfTheirStack_loseNoResult() throws Exception {
        var random = new Random(Long.getLong("interlock.seed", 1));
        for (int i = 0; i < DEEP_TIMES; i++) {
            PoolFuture<Integer> future = submit(i);
            int height = random.nextInt(MOST_FRAMES_LEFT);
            Runnable deep = () -> getFromDeepDown(future, new AtomicInteger(height));
            Thread caller = new Thread(null, deep, "deep", SMALL_STACK_BYTES);
            caller.setUncaughtExceptionHandler((_, _) -> {}); // the stack was full
            caller.start();
            caller.join(); // before anybody else looks
            assertThat(future.get(20, TimeUnit.SECONDS)).isEqualTo(i);
        }
    }

    /* Asks for the result in a frame that has about so many below it. */
    @SuppressWarnings("InfiniteRecursion") // it is to fill the stack
    private static void getFromDeepDown(PoolFuture<Integer> future, AtomicInteger height) {
        try {
            getFromDeepDown(future, height);
        } catch (StackOverflowError full) {
            if (height.getAndDecrement() != 0) throw full;
            getUnchecked(future);
        }
    }

    private static void getUnchecked(PoolFuture<Integer> future) {
        try {
            future.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }
}
