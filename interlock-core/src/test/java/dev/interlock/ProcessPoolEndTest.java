package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a pool ends, and how its workers come and go. Each case has a pool of its own. */
@Timeout(120)
@SuppressWarnings({
    "NullAway",
    "ReturnValueIgnored",
    "FutureReturnValueIgnored"
}) // what these cases are about
class ProcessPoolEndTest {
    private final Region region = Region.temporary();

    @AfterEach
    void closeRegion() {
        region.close();
        assertThat(ChildProcess.active()).as("workers left").isEmpty();
    }

    private static long pid() {
        return ProcessHandle.current().pid();
    }

    private static boolean isGone(long pid) {
        return ProcessHandle.of(pid).isEmpty();
    }

    // ---- the end ----

    @Test
    void close_letsAllTasksFinish_andEndsTheWorkers() throws Exception {
        SharedInt done = region.intValue(0);
        ProcessPool pool = ProcessPool.of(2);
        PoolFuture<Long> worker = pool.submit(() -> pid());
        for (int i = 0; i < 50; i++) pool.execute(() -> done.getAndAdd(1));
        pool.close();
        assertThat(done.get()).isEqualTo(50);
        assertThat(pool.isShutdown()).isTrue();
        assertThat(pool.isTerminated()).isTrue();
        assertThat(isGone(worker.get())).isTrue();
        pool.close(); // once more does nothing
        pool.shutdown();
        assertThat(pool.shutdownNow()).isEmpty();
        assertThat(pool.awaitTermination(0, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aPoolThatWasShutDown_takesNoMoreTasks() throws Exception {
        ProcessPool pool = ProcessPool.of(1);
        assertThat(pool.isShutdown()).isFalse();
        pool.shutdown();
        assertThat(pool.isShutdown()).isTrue();
        assertThatThrownBy(() -> pool.submit(() -> 1))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("was shut down");
        assertThatThrownBy(() -> pool.execute(() -> {}))
                .isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> pool.invokeAll(List.<Task<Integer>>of(() -> 1)))
                .isInstanceOf(RejectedExecutionException.class);
        assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    void whatACompletionServiceHasGiven_isDoneAfterAShutdown_andInOrder() throws Exception {
        SharedIntArray seen = region.intArray(100);
        SharedInt next = region.intValue(0);
        ProcessPool pool = ProcessPool.of(1);
        var service = new java.util.concurrent.ExecutorCompletionService<Integer>(pool);
        List<java.util.concurrent.Future<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int number = i;
            Task<Integer> task =
                    () -> {
                        seen.set(next.getAndAdd(1), number);
                        return number;
                    };
            futures.add(service.submit(task));
        }
        pool.shutdown();
        assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        for (int i = 0; i < 100; i++) {
            assertThat(futures.get(i).get()).isEqualTo(i);
            assertThat(seen.get(i)).isEqualTo(i);
        }
    }

    @Test
    void spares_areTold_whateverIsSooner() throws Exception {
        ChildProcess.prestart(2).join();
        try {
            for (int i = 0; i < 3; i++) {
                try (ProcessPool pool = ProcessPool.builder().workers(1).spares(1).start()) {
                    assertThatThrownBy(pool.submit(() -> Runtime.getRuntime().halt(1))::get)
                            .hasCauseInstanceOf(ProcessDiedException.class);
                    assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
                }
            }
        } finally {
            ChildProcess.prestart(0).join();
        }
    }

    @Test
    void awaitTermination_waitsForRunningTasks() throws Exception {
        SharedCountDownLatch latch = region.countDownLatch(1);
        ProcessPool pool = ProcessPool.of(1);
        PoolFuture<?> future =
                pool.submit(() -> {
                    latch.await();
                    return null;
                });
        pool.shutdown();
        assertThat(pool.awaitTermination(100, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(pool.isTerminated()).isFalse();
        latch.countDown();
        assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        assertThat(future.get()).isNull();
    }

    @Test
    void shutdownNow_givesWhatNeverRan_andInterruptsWhatRuns() throws Exception {
        SharedCountDownLatch began = region.countDownLatch(1);
        SharedInt interrupted = region.intValue(0);
        SharedInt ran = region.intValue(0);
        ProcessPool pool = ProcessPool.of(1);
        PoolFuture<?> running =
                pool.submit(() -> {
                    began.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.set(1);
                    }
                });
        began.await();
        List<PoolFuture<?>> waiting = new ArrayList<>();
        for (int i = 0; i < 2000; i++) waiting.add(pool.submit(() -> ran.getAndAdd(1)));
        RunnableTask plain = () -> ran.getAndAdd(1);
        pool.execute(plain);
        List<Runnable> neverRan = pool.shutdownNow();
        assertThat(neverRan).hasSize(2001).contains(plain);
        assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        assertThat(interrupted.get()).isEqualTo(1);
        assertThat(running.get()).isNull(); // it had caught the interrupt, and ended
        assertThat(ran.get()).isZero();
        assertThat(waiting).allMatch(PoolFuture::isCancelled);
        neverRan.forEach(Runnable::run); // here
        assertThat(ran.get()).isEqualTo(2001);
    }

    @Test
    void terminate_endsWorkersThatIgnoreInterrupts() throws Exception {
        SharedCountDownLatch began = region.countDownLatch(1);
        ProcessPool pool = ProcessPool.of(1);
        PoolFuture<?> future =
                pool.submit(() -> {
                    began.countDown();
                    while (true) Thread.onSpinWait();
                });
        began.await();
        pool.terminate();
        assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        assertThatThrownBy(future::get).hasCauseInstanceOf(ProcessDiedException.class);
    }

    @Test
    void close_whenInterrupted_stopsWhatRuns() throws Exception {
        SharedCountDownLatch began = region.countDownLatch(1);
        ProcessPool pool = ProcessPool.of(1);
        PoolFuture<?> future =
                pool.submit(() -> {
                    began.countDown();
                    Thread.sleep(Duration.ofHours(1));
                    return null;
                });
        began.await();
        Thread.currentThread().interrupt();
        pool.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThatThrownBy(future::get).hasCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void aWorkerEnds_thoughATasksThreadRunsOn() throws Exception {
        ProcessPool pool = ProcessPool.of(1);
        pool.submit(
                        () -> {
                            Thread thread =
                                    new Thread(() -> {
                                        while (true) Thread.onSpinWait();
                                    });
                            thread.start();
                        })
                .get();
        pool.close();
    }

    // ---- options ----

    @Test
    void options_areChecked() {
        ProcessPool.Builder builder = ProcessPool.builder();
        assertThatThrownBy(() -> ProcessPool.of(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("workers is 0. Give 1 to 499.");
        assertThatThrownBy(() -> builder.workers(500)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.tasksPerWorker(0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.idleTimeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.taskTimeLimit(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.memoryLimit(5))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.name("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ProcessPool.builder().workers(2).minWorkers(3).start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("minWorkers is 3. Give no more than workers, 2.");
        assertThatThrownBy(() -> builder.initializer(null))
                .isInstanceOf(NullPointerException.class);
    }

    @Test
    void workers_haveTheirOptionsNameAndEnvironment() throws Exception {
        try (ProcessPool pool =
                ProcessPool.builder()
                        .workers(1)
                        .name("painters")
                        .jvmOptions("-Dcolour=blue")
                        .environment("BRUSH", "wide")
                        .start()) {
            String seen =
                    pool.submit(() ->
                                    System.getProperty("colour")
                                            + System.getenv("BRUSH")
                                            + ChildProcess.current().name())
                            .get();
            assertThat(seen).isEqualTo("bluewidepainters-worker-1");
        }
    }

    static int prepared;

    @Test
    void theInitializer_runsInEachWorkerBeforeItsFirstTask() throws Exception {
        SharedInt initialized = region.intValue(0);
        Action initializer =
                () -> {
                    prepared = 7;
                    initialized.getAndAdd(1);
                };
        try (ProcessPool pool = ProcessPool.builder().workers(2).initializer(initializer).start()) {
            for (int i = 0; i < 20; i++) assertThat(pool.submit(() -> prepared).get()).isEqualTo(7);
            Watchdog.await("both are initialized", () -> initialized.get() == 2);
        }
    }

    /** Workers start in turn, but none waits for another's initializer: here each waits for all. */
    @Test
    void initializersMayWaitForEachOther() throws Exception {
        int workers = 2 + Runtime.getRuntime().availableProcessors() / 2;
        SharedCountDownLatch latch = region.countDownLatch(workers);
        try (ProcessPool pool =
                ProcessPool.builder()
                        .workers(workers)
                        .initializer(() -> {
                            latch.countDown();
                            latch.await();
                        })
                        .start()) {
            assertThat(pool.submit(() -> latch.getCount()).get()).isZero();
        }
    }

    @Test
    void close_doesNotWaitForWorkersThatNobodyNeeds() throws Exception {
        ProcessPool pool = ProcessPool.of(50);
        PoolFuture<Long> worker = pool.submit(() -> pid());
        pool.close();
        assertThat(pool.isTerminated()).isTrue();
        assertThat(isGone(worker.get())).isTrue();
        assertThat(pool.statistics().workers()).isEmpty();
    }

    @Test
    void anInitializerThatCannotBeSent_isRefused() {
        Object secret = new Object();
        assertThatThrownBy(() -> ProcessPool.builder().initializer(() -> secret.hashCode()).start())
                .isInstanceOf(TaskNotSerializableException.class);
    }

    @Test
    void tasksPerWorker_isExact() throws Exception {
        try (ProcessPool pool = ProcessPool.builder().workers(1).tasksPerWorker(3).start()) {
            List<PoolFuture<Long>> futures = new ArrayList<>();
            for (int i = 0; i < 7; i++) futures.add(pool.submit(() -> pid()));
            List<Long> pids = new ArrayList<>();
            for (PoolFuture<Long> future : futures) pids.add(future.get());
            assertThat(pids.subList(0, 3)).containsOnly(pids.get(0));
            assertThat(pids.subList(3, 6)).containsOnly(pids.get(3));
            assertThat(new java.util.HashSet<>(pids)).hasSize(3);
        }
    }

    @Test
    void workers_areStartedOnDemand_andLeaveWhenIdle() throws Exception {
        try (ProcessPool pool =
                ProcessPool.builder()
                        .workers(2)
                        .minWorkers(0)
                        .idleTimeout(Duration.ofMillis(100))
                        .start()) {
            assertThat(ChildProcess.active()).isEmpty();
            long first = pool.submit(() -> pid()).get();
            assertThat(first).isPositive();
            Watchdog.await("the worker leaves", () -> ChildProcess.active().isEmpty());
            SharedCountDownLatch both = region.countDownLatch(2);
            List<PoolFuture<Long>> futures = new ArrayList<>();
            for (int i = 0; i < 2; i++)
                futures.add(
                        pool.submit(() -> {
                            both.countDown();
                            both.await();
                            return pid();
                        }));
            assertThat(futures.get(0).get()).isNotEqualTo(futures.get(1).get());
            Watchdog.await("both leave", () -> ChildProcess.active().isEmpty());
            assertThat(pool.submit(() -> 5).get()).isEqualTo(5);
        }
    }

    @Test
    void aSpare_takesThePlaceOfADeadWorker() throws Exception {
        SharedInt initialized = region.intValue(0);
        try (ProcessPool pool =
                ProcessPool.builder()
                        .workers(1)
                        .spares(1)
                        .initializer(() -> initialized.getAndAdd(1))
                        .start()) {
            Watchdog.await("worker and spare are ready", () -> initialized.get() == 2);
            pool.submit(() -> Runtime.getRuntime().halt(1));
            assertThat(pool.submit(() -> ChildProcess.current().name()).get())
                    .endsWith("-worker-2");
            Watchdog.await("another spare comes", () -> initialized.get() == 3);
        }
    }

    @Test
    void aTaskMayMakeAPoolOfItsOwn() throws Exception {
        try (ProcessPool pool = ProcessPool.of(1)) {
            int answer =
                    pool.submit(
                                    () -> {
                                        try (ProcessPool inner = ProcessPool.of(1)) {
                                            return inner.submit(() -> 6 * 7).get();
                                        }
                                    })
                            .get();
            assertThat(answer).isEqualTo(42);
        }
    }

    @Test
    void statistics_tellOfTasksAndWorkers() throws Exception {
        SharedCountDownLatch began = region.countDownLatch(1);
        SharedCountDownLatch end = region.countDownLatch(1);
        try (ProcessPool pool = ProcessPool.of(1)) {
            pool.submit(() -> 1).get();
            assertThatThrownBy(pool.submit(() -> Integer.parseInt("x"))::get)
                    .hasCauseInstanceOf(NumberFormatException.class);
            PoolFuture<?> running =
                    pool.submit(() -> {
                        began.countDown();
                        end.await();
                        return null;
                    });
            PoolFuture<?> waiting = pool.submit(() -> 2);
            PoolFuture<?> cancelled = pool.submit(() -> 3);
            assertThat(cancelled.cancel(false)).isTrue();
            began.await();
            PoolStatistics seen = pool.statistics();
            assertThat(seen.queued()).isEqualTo(1);
            assertThat(seen.running()).isEqualTo(1);
            assertThat(seen.submitted()).isEqualTo(5);
            assertThat(seen.done()).isEqualTo(2);
            assertThat(seen.failed()).isEqualTo(1);
            assertThat(seen.cancelled()).isEqualTo(1);
            assertThat(seen.retried()).isZero();
            PoolStatistics.Worker worker = seen.workers().getFirst();
            assertThat(worker.state()).isEqualTo(PoolStatistics.State.RUNNING);
            assertThat(worker.done()).isEqualTo(2);
            assertThat(worker.failed()).isEqualTo(1);
            assertThat(worker.pid()).isPositive();
            end.countDown();
            assertThat(running.get()).isNull();
            assertThat(waiting.get()).isEqualTo(2);
            assertThat(pool.statistics().workers().getFirst().state())
                    .isEqualTo(PoolStatistics.State.IDLE);
        }
    }

    @Test
    void flightRecorder_isToldOfTasksAndWorkers() throws Exception {
        var file = java.nio.file.Files.createTempFile("interlock", ".jfr");
        try (var recording = new jdk.jfr.Recording()) {
            recording.enable("dev.interlock.PoolTask");
            recording.enable("dev.interlock.PoolWorker");
            recording.start();
            try (ProcessPool pool = ProcessPool.builder().workers(1).name("recorded").start()) {
                pool.submit(() -> pid()).get();
            }
            recording.stop();
            recording.dump(file);
            var events = jdk.jfr.consumer.RecordingFile.readAllEvents(file);
            assertThat(events)
                    .filteredOn(event -> event.getEventType().getName().endsWith("PoolTask"))
                    .singleElement()
                    .satisfies(event -> {
                        assertThat(event.getString("outcome")).isEqualTo("RESULT");
                        assertThat(event.getString("pool")).isEqualTo("recorded");
                        assertThat(event.getLong("pid")).isPositive();
                    });
            assertThat(events)
                    .filteredOn(event -> event.getEventType().getName().endsWith("PoolWorker"))
                    .extracting(event -> event.getString("what"))
                    .containsExactly("READY", "exited(0)");
        } finally {
            java.nio.file.Files.delete(file);
        }
    }

    /* It would take a fresh JVM a quarter of a second. */
    @Test
    void flightRecorder_isToldNothing_beforeSomebodyRecords() throws Exception {
        assertThat(ChildProcess.start(ProcessPoolEndTest::isRecorderToldByAPool).get()).isFalse();
    }

    private static boolean isRecorderToldByAPool() throws Exception {
        try (ProcessPool pool = ProcessPool.of(1)) {
            pool.submit(() -> pid()).get();
        }
        return jdk.jfr.FlightRecorder.getFlightRecorder().getEventTypes().stream()
                .anyMatch(type -> type.getName().startsWith("dev.interlock."));
    }

    @Test
    void whatWaitsForAPool_isToldWhenItEnds() throws Exception {
        ProcessPool pool = ProcessPool.of(1);
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        Thread waiter =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                ended.complete(pool.awaitTermination(1, TimeUnit.MINUTES));
                            } catch (InterruptedException e) {
                                ended.completeExceptionally(e);
                            }
                        });
        pool.shutdown();
        assertThat(ended.get()).isTrue();
        Watchdog.join(waiter);
    }
}
