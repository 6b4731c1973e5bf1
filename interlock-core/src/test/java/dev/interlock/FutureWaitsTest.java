package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waiting for futures of all kinds, as in the cases for Python's as_completed and wait. */
@Timeout(120)
class FutureWaitsTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(20);

    private static ProcessPool pool;

    @BeforeAll
    static void start() {
        pool = ProcessPool.of(1);
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    private static PoolFuture<String> afterEvent(SharedEvent event) {
        return pool.submit(() -> {
            event.await();
            return "task";
        });
    }

    private static Thread run(Runnable action) {
        return Thread.ofPlatform().daemon().start(action);
    }

    @Test
    void asCompleted_givesFuturesOfAllKinds_inTheOrderInWhichTheyGetDone() throws Exception {
        try (Region region = Region.temporary()) {
            SharedEvent forTask = region.event("task");
            SharedEvent forProcess = region.event("process");
            PoolFuture<String> task = afterEvent(forTask);
            ChildProcess<Void> process =
                    ChildProcess.start(() -> {
                        forProcess.await();
                    });
            CompletableFuture<String> completable = new CompletableFuture<>();
            FutureTask<String> plain = new FutureTask<>(() -> "plain");
            CompletableFuture<String> done = CompletableFuture.completedFuture("done");

            List<Future<?>> order = new ArrayList<>();
            List<Future<?>> futures = List.of(task, plain, process, done, completable, done);
            try (Stream<Future<?>> stream = ProcessPool.asCompleted(futures)) {
                Iterator<Future<?>> completed = stream.iterator();
                order.add(completed.next());
                var _ = run(plain);
                order.add(completed.next());
                forTask.set();
                order.add(completed.next());
                completable.completeExceptionally(new IllegalStateException());
                order.add(completed.next());
                forProcess.set();
                order.add(completed.next());
                assertThat(completed.hasNext()).isFalse();
            }
            assertThat(order).containsExactly(done, plain, task, completable, process);
        }
    }

    @Test
    void asCompleted_givesWhatIsDoneFirst_inTheOrderGiven_alsoWithoutAnyTime() {
        List<CompletableFuture<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < 5; i++) futures.add(CompletableFuture.completedFuture(i));
        assertThat(ProcessPool.asCompleted(futures, Duration.ZERO)).isEqualTo(futures);
        assertThat(ProcessPool.asCompleted(List.<Future<?>>of())).isEmpty();
    }

    @Test
    void asCompleted_throwsWhenTheTimeIsOver_afterThoseThatAreDone() {
        CompletableFuture<String> done = CompletableFuture.completedFuture("done");
        CompletableFuture<String> never = new CompletableFuture<>();
        List<Future<?>> order = new ArrayList<>();
        long start = System.nanoTime();
        assertThatThrownBy(() ->
                        ProcessPool.asCompleted(List.of(never, done), SHORT).forEach(order::add))
                .isInstanceOf(FuturesTimeoutException.class)
                .hasMessageStartingWith("1 of 2 futures");
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SHORT.toNanos());
        assertThat(order).containsExactly(done);
        assertThat(never).isNotDone();
    }

    @Test
    void asCompleted_throwsWhenInterrupted_andTheThreadStaysInterrupted() {
        Iterator<CompletableFuture<Object>> completed =
                ProcessPool.asCompleted(List.of(new CompletableFuture<>())).iterator();
        Thread.currentThread().interrupt();
        assertThatThrownBy(completed::hasNext).isInstanceOf(CancellationException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void waitAny_returnsWhenOneIsDone() throws Exception {
        try (Region region = Region.temporary()) {
            SharedEvent event = region.event("event");
            PoolFuture<String> task = afterEvent(event);
            CompletableFuture<String> never = new CompletableFuture<>();
            List<Future<String>> futures = List.of(never, task);
            DoneAndNotDone<Future<String>> early = ProcessPool.waitAny(futures, SHORT);
            assertThat(early.done()).isEmpty();
            assertThat(early.notDone()).containsExactly(never, task);

            event.set();
            DoneAndNotDone<Future<String>> later = ProcessPool.waitAny(futures, LONG);
            assertThat(later.done()).containsExactly(task);
            assertThat(later.notDone()).containsExactly(never);
        }
    }

    @Test
    void waitAll_returnsWhenAllAreDone_orTheTimeIsOver() throws Exception {
        CompletableFuture<String> failed = new CompletableFuture<>();
        failed.completeExceptionally(new IllegalStateException());
        CompletableFuture<String> last = new CompletableFuture<>();
        PoolFuture<String> task = pool.submit(() -> "done");
        List<Future<String>> futures = List.of(last, failed, task);
        assertThat(ProcessPool.waitAll(futures, SHORT).notDone()).contains(last);

        assertThat(task.get()).isEqualTo("done");
        var _ = run(() -> last.complete("last"));
        DoneAndNotDone<Future<String>> all = ProcessPool.waitAll(futures, LONG);
        assertThat(all.done()).containsExactly(last, failed, task);
        assertThat(all.notDone()).isEmpty();
    }

    @Test
    void waitAllOrFailure_returnsAtTheFirstFailure_butNotAtACancellation() throws Exception {
        CompletableFuture<String> cancelled = new CompletableFuture<>();
        cancelled.cancel(false);
        CompletableFuture<String> never = new CompletableFuture<>();
        List<Future<String>> futures = new ArrayList<>(List.of(cancelled, never));
        assertThat(ProcessPool.waitAllOrFailure(futures, SHORT).done()).containsExactly(cancelled);

        futures.add(pool.submit(() -> Integer.toString(Integer.parseInt("x"))));
        DoneAndNotDone<Future<String>> result = ProcessPool.waitAllOrFailure(futures, LONG);
        assertThat(result.done()).containsExactly(cancelled, futures.getLast());
        assertThat(result.notDone()).containsExactly(never);
    }

    @Test
    void aWaitThatIsOver_leavesNoThreadBehind() throws Exception {
        FutureTask<String> never = new FutureTask<>(() -> "never");
        List<Thread> waiting = new ArrayList<>();
        FutureTask<String> watched =
                new FutureTask<>(() -> "never") {
                    @Override
                    public String get() throws InterruptedException {
                        waiting.add(Thread.currentThread());
                        never.run();
                        new java.util.concurrent.CountDownLatch(1).await();
                        return "";
                    }
                };
        assertThat(ProcessPool.waitAny(List.of(watched, never), LONG).done())
                .containsExactly(never);
        for (Thread thread : waiting) Watchdog.join(thread);
    }

    @Test
    void waits_endWhenInterrupted() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> ProcessPool.waitAll(List.of(new CompletableFuture<>()), LONG))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void waitSet_takesTasksAndAllOtherFutures_togetherWithAnEvent() throws Exception {
        try (Region region = Region.temporary()) {
            SharedEvent gate = region.event("gate");
            SharedEvent event = region.event("event");
            PoolFuture<String> task = afterEvent(gate);
            CompletableFuture<String> completable = new CompletableFuture<>();
            FutureTask<String> plain = new FutureTask<>(() -> "plain");
            Waitable end = Waitable.of(completable);
            Waitable plainEnd = Waitable.of(plain);
            List<Waitable> all = List.of(event, task, end, plainEnd);
            assertThat(WaitSet.any(SHORT, all)).isEmpty();
            assertThat(Waitable.of(task)).isSameAs(task);

            var _ = run(plain);
            assertThat(WaitSet.any(all)).containsExactly(plainEnd);
            var _ = run(() -> completable.complete("done"));
            assertThat(WaitSet.any(event, task, end)).containsExactly(Waitable.of(completable));
            gate.set();
            assertThat(WaitSet.any(event, task)).containsExactly(task);
            assertThat(task.get(60, TimeUnit.SECONDS)).isEqualTo("task");
        }
    }
}
