package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What {@code ExecutorService} promises, after the cases of the JDK's own tests for {@code AbstractExecutorService},
 * {@code ThreadPoolExecutor} and {@code ExecutorCompletionService}; and what a task sees. All cases share one pool unless they end it.
 */
@Timeout(120)
@SuppressWarnings({"NullAway", "UndefinedEquals"}) // what these cases are about
class ProcessPoolTest {
    private static ProcessPool pool;
    private static Region region;

    @BeforeAll
    static void startPool() {
        pool = ProcessPool.builder().workers(2).name("shared").start();
        region = Region.temporary();
    }

    @AfterAll
    static void endPool() {
        pool.close();
        region.close();
    }

    static long pid() {
        return ProcessHandle.current().pid();
    }

    static int square(int number) {
        return number * number;
    }

    /** Runs in a worker until the latch is open. */
    static long awaitLatch(SharedCountDownLatch latch) throws InterruptedException {
        latch.await();
        return pid();
    }

    // ---- submit, execute ----

    @Test
    void submit_runsTheTaskInAnotherProcess() throws Exception {
        assertThat(pool.submit(() -> pid()).get()).isNotEqualTo(pid());
    }

    @Test
    void submit_takesLambdasMethodReferencesAndTaskObjects() throws Exception {
        record Sum(int a, int b) implements Task<Integer> {
            @Override
            public Integer call() {
                return a + b;
            }
        }
        String text = "text";
        assertThat(pool.submit(() -> text + 1).get()).isEqualTo("text1");
        assertThat(pool.submit(ProcessPoolTest::pid).get()).isPositive();
        assertThat(pool.submit(text::length).get()).isEqualTo(4);
        assertThat(pool.submit(new Sum(2, 3)).get()).isEqualTo(5);
    }

    @Test
    void submit_givesNullForARunnable_andForNull() throws Exception {
        SharedInt done = region.intValue(0);
        assertThat(pool.submit(() -> done.set(5)).get()).isNull();
        assertThat(done.get()).isEqualTo(5);
        assertThat(pool.submit(() -> null).get()).isNull();
    }

    @Test
    void submit_ofARunnableAndAResult_givesThatVeryResult() throws Exception {
        Object result = new Object(); // not serializable
        RunnableTask task = () -> {};
        assertThat(pool.submit((Runnable) task, result).get()).isSameAs(result);
    }

    @Test
    void submit_refusesWhatCannotBeSent_andNamesIt() {
        Object secret = new Object();
        Callable<Integer> plain = () -> 1; // not serializable
        assertThatThrownBy(() -> pool.submit(() -> secret.toString()))
                .isInstanceOf(TaskNotSerializableException.class)
                .hasMessageContaining("captured argument 1 (java.lang.Object)");
        assertThatThrownBy(() -> pool.submit(plain))
                .isInstanceOf(TaskNotSerializableException.class);
        assertThatThrownBy(() -> pool.execute((Runnable) () -> {}))
                .isInstanceOf(TaskNotSerializableException.class);
    }

    @Test
    void submit_refusesNull() {
        assertThatThrownBy(() -> pool.submit((Task<Integer>) null))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> pool.submit((Callable<Integer>) null))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> pool.submit((Runnable) null))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> pool.submit((RunnableTask) null))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> pool.execute((Runnable) null))
                .isInstanceOf(NullPointerException.class);
    }

    @Test
    void get_throwsTheTasksExceptionWithItsRemoteStackTrace() {
        PoolFuture<Integer> future = pool.submit(() -> Integer.parseInt("many"));
        assertThatThrownBy(future::get)
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("shared-worker-")
                .cause()
                .isInstanceOf(NumberFormatException.class)
                .hasMessageContaining("many")
                .satisfies(cause ->
                        assertThat(cause.getSuppressed()[0].getMessage())
                                .contains("ProcessPoolTest"));
        assertThat(future.state()).isEqualTo(Future.State.FAILED);
    }

    @Test
    void get_withATimeout_throwsWhenTheTimeIsOver_andTheTaskGoesOn() throws Exception {
        SharedCountDownLatch latch = region.countDownLatch(1);
        PoolFuture<Long> future = pool.submit(() -> awaitLatch(latch));
        assertThatThrownBy(() -> future.get(20, TimeUnit.MILLISECONDS))
                .isInstanceOf(TimeoutException.class);
        assertThat(future.isDone()).isFalse();
        latch.countDown();
        assertThat(future.get(1, TimeUnit.MINUTES)).isPositive();
        assertThat(future.attempts()).isEqualTo(1);
    }

    @Test
    void get_isInterrupted_andTheTaskGoesOn() throws Exception {
        SharedCountDownLatch latch = region.countDownLatch(1);
        PoolFuture<Long> future = pool.submit(() -> awaitLatch(latch));
        Thread.currentThread().interrupt();
        assertThatThrownBy(future::get).isInstanceOf(InterruptedException.class);
        latch.countDown();
        assertThat(future.get()).isPositive();
    }

    @Test
    void execute_runsTheTask_andGivesItsFailureToTheUncaughtExceptionHandler() throws Exception {
        SharedCountDownLatch ran = region.countDownLatch(1);
        pool.execute(() -> ran.countDown());
        ran.await();
        var before = Thread.getDefaultUncaughtExceptionHandler();
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        Thread.setDefaultUncaughtExceptionHandler((_, failure) -> told.complete(failure));
        try {
            pool.execute(() -> {
                throw new IllegalStateException("nobody asks");
            });
            assertThat(told.get()).isInstanceOf(IllegalStateException.class);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    @Test
    void tasks_areBegunInTheOrderOfTheirSubmission() throws Exception {
        try (ProcessPool one = ProcessPool.of(1)) {
            SharedIntArray seen = region.intArray(100);
            SharedInt next = region.intValue(0);
            for (int i = 0; i < 100; i++) {
                int number = i;
                one.execute(() -> seen.set(next.getAndAdd(1), number));
            }
            one.shutdown();
            assertThat(one.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
            for (int i = 0; i < 100; i++) assertThat(seen.get(i)).isEqualTo(i);
        }
    }

    @Test
    void aTask_seesSharedMemoryAsItself_andItsChangesAreSeenHere() throws Exception {
        SharedDoubleArray array = region.doubleArray(1000);
        array.set(3, 1.5);
        assertThat(pool.submit(() -> array.getAndAdd(3, 1)).get()).isEqualTo(1.5);
        assertThat(array.get(3)).isEqualTo(2.5);
    }

    @Test
    void largeArgumentsAndResults_arrive() throws Exception {
        double[] numbers = new double[1_000_000];
        numbers[999_999] = 7;
        double[] back =
                pool.submit(
                                () -> {
                                    numbers[0] = numbers[999_999] + 1;
                                    return numbers;
                                })
                        .get();
        assertThat(back).hasSize(1_000_000);
        assertThat(back[0]).isEqualTo(8);
        assertThat(numbers[0]).isZero(); // the worker has a copy
    }

    @Test
    void moreTasksThanThereIsRoomFor_allRun() throws Exception {
        List<PoolFuture<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            int number = i;
            futures.add(pool.submit(() -> square(number)));
        }
        for (int i = 0; i < 5000; i++) assertThat(futures.get(i).get()).isEqualTo(i * i);
    }

    /* Now and then there is a slot and no place in the queue, as a worker has been slow to take the oldest message out. */
    @Test
    void manyMoreTasksThanThereIsRoomFor_allRun_howeverOftenTheQueueIsFull() throws Exception {
        int count = 50_000;
        List<PoolFuture<Integer>> futures = new ArrayList<>(count);
        for (int i = 0; i < count; i++) futures.add(pool.submit(() -> 1));
        for (PoolFuture<Integer> future : futures) assertThat(future.get()).isOne();
    }

    @Test
    void manyThreads_submitAtOnce_virtualOnesToo() throws Exception {
        List<Future<Integer>> sums = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                int number = i;
                sums.add(threads.submit(() -> pool.submit(() -> square(number)).get()));
            }
        }
        for (int i = 0; i < 200; i++) assertThat(sums.get(i).get()).isEqualTo(i * i);
    }

    // ---- cancel ----

    @Test
    void cancel_ofATaskThatWaits_keepsItFromRunning() throws Exception {
        SharedCountDownLatch latch = region.countDownLatch(1);
        SharedInt ran = region.intValue(0);
        List<PoolFuture<Long>> busy =
                List.of(pool.submit(() -> awaitLatch(latch)), pool.submit(() -> awaitLatch(latch)));
        List<PoolFuture<?>> waiting = new ArrayList<>();
        for (int i = 0; i < 3000; i++) waiting.add(pool.submit(() -> ran.set(1)));
        for (PoolFuture<?> future : waiting) assertThat(future.cancel(false)).isTrue();
        latch.countDown();
        for (PoolFuture<Long> future : busy) future.get();
        assertThat(pool.submit(() -> square(3)).get()).isEqualTo(9); // which came after all of them
        assertThat(ran.get()).isZero();
        assertThat(waiting.getFirst().cancel(true)).isFalse();
        assertThat(waiting.getFirst().state()).isEqualTo(Future.State.CANCELLED);
        assertThatThrownBy(waiting.getLast()::get).isInstanceOf(CancellationException.class);
    }

    @Test
    void cancel_interruptsATaskThatRuns_andNoOther() throws Exception {
        SharedInt state = region.intValue(0);
        SharedCountDownLatch began = region.countDownLatch(1);
        PoolFuture<?> future =
                pool.submit(() -> {
                    began.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        state.set(1);
                    }
                });
        began.await();
        assertThat(future.cancel(true)).isTrue();
        assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
        Watchdog.await("the task ends", () -> state.get() == 1);
        for (int i = 0; i < 20; i++)
            assertThat(pool.submit(() -> Thread.currentThread().isInterrupted()).get()).isFalse();
    }

    @Test
    void cancel_withoutInterrupt_letsATaskFinish() throws Exception {
        SharedCountDownLatch began = region.countDownLatch(1);
        SharedCountDownLatch latch = region.countDownLatch(1);
        SharedInt state = region.intValue(0);
        PoolFuture<?> future =
                pool.submit(() -> {
                    began.countDown();
                    latch.await();
                    state.set(1);
                    return null;
                });
        began.await();
        assertThat(future.cancel(false)).isTrue();
        latch.countDown();
        Watchdog.await("the task ends", () -> state.get() == 1);
    }

    @Test
    void kill_endsTheWorkerOfATaskThatIgnoresInterrupts() throws Exception {
        SharedLong worker = region.longValue(0);
        PoolFuture<?> future =
                pool.submit(() -> {
                    worker.set(pid());
                    while (true) Thread.onSpinWait();
                });
        Watchdog.await("the task begins", () -> worker.get() != 0);
        ProcessHandle process = ProcessHandle.of(worker.get()).orElseThrow();
        assertThat(future.kill()).isTrue();
        assertThat(future.isCancelled()).isTrue();
        process.onExit().get(1, TimeUnit.MINUTES);
        assertThat(pool.submit(() -> square(4)).get()).isEqualTo(16);
    }

    @Test
    void cancel_ofADoneTask_doesNothing() throws Exception {
        PoolFuture<Integer> future = pool.submit(() -> square(2));
        future.get();
        assertThat(future.cancel(true)).isFalse();
        assertThat(future.kill()).isFalse();
        assertThat(future.resultNow()).isEqualTo(4);
    }

    // ---- invokeAll, invokeAny, completion service ----

    private static List<Task<Integer>> squares(int... numbers) {
        List<Task<Integer>> tasks = new ArrayList<>();
        for (int number : numbers) tasks.add(() -> square(number));
        return tasks;
    }

    @Test
    void invokeAll_givesAllFuturesDone_inOrder() throws Exception {
        List<Future<Integer>> futures = pool.invokeAll(squares(1, 2, 3));
        assertThat(futures)
                .allMatch(Future::isDone)
                .extracting(Future::get)
                .containsExactly(1, 4, 9);
        assertThat(pool.invokeAll(List.<Task<Integer>>of())).isEmpty();
        assertThatThrownBy(() -> pool.invokeAll(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void invokeAll_withATimeout_cancelsWhatIsNotDone() throws Exception {
        SharedCountDownLatch latch = region.countDownLatch(1);
        List<Task<Long>> tasks = List.of(() -> pid(), () -> awaitLatch(latch));
        List<Future<Long>> futures = pool.invokeAll(tasks, 300, TimeUnit.MILLISECONDS);
        assertThat(futures).allMatch(Future::isDone);
        assertThat(futures.get(1).isCancelled()).isTrue();
    }

    @Test
    void invokeAny_givesOneResult_andThrowsIfAllFail() throws Exception {
        List<Task<Integer>> tasks = new ArrayList<>(squares(3));
        tasks.add(() -> Integer.parseInt("x"));
        assertThat(pool.invokeAny(tasks)).isEqualTo(9);
        List<Task<Integer>> bad = List.of(() -> Integer.parseInt("x"), () -> Integer.parseInt("y"));
        assertThatThrownBy(() -> pool.invokeAny(bad))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(NumberFormatException.class);
        assertThatThrownBy(() -> pool.invokeAny(List.<Task<Integer>>of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void invokeAny_withATimeout_throwsIfNoneIsDone() {
        SharedCountDownLatch latch = region.countDownLatch(1);
        List<Task<Long>> tasks = List.of(() -> awaitLatch(latch));
        assertThatThrownBy(() -> pool.invokeAny(tasks, 50, TimeUnit.MILLISECONDS))
                .isInstanceOf(TimeoutException.class);
        latch.countDown();
    }

    @Test
    void anExecutorCompletionService_givesFuturesAsTheyComplete() throws Exception {
        var service = new ExecutorCompletionService<Integer>(pool);
        Set<Future<Integer>> submitted = new HashSet<>();
        for (Task<Integer> task : squares(1, 2, 3, 4)) submitted.add(service.submit(task));
        Set<Integer> results = new HashSet<>();
        for (int i = 0; i < 4; i++) {
            Future<Integer> future = service.take();
            assertThat(future.isDone()).isTrue();
            assertThat(submitted.remove(future)).isTrue();
            results.add(future.get());
        }
        assertThat(results).containsExactlyInAnyOrder(1, 4, 9, 16);
        assertThat(service.poll()).isNull();
    }

    // ---- CompletableFuture ----

    @Test
    void submitAsync_completesOnAThreadOfItsOwn_andFailsWithTheTasksException() throws Exception {
        CompletableFuture<Integer> answer = pool.submitAsync(() -> square(6));
        CompletableFuture<Long> slow =
                answer.thenApply(_ -> {
                    // what hangs on a future may wait for the pool itself
                    return pool.submit(() -> pid()).toCompletableFuture().join();
                });
        assertThat(answer.get()).isEqualTo(36);
        assertThat(slow.get()).isPositive();
        CompletableFuture<Integer> bad = pool.submitAsync(() -> Integer.parseInt("x"));
        assertThatThrownBy(bad::get).hasCauseInstanceOf(NumberFormatException.class);
    }
}
