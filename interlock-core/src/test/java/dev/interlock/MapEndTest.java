package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a map ends before its end: by failures, closing, interrupts, deaths and the end of the pool. */
@Timeout(120)
class MapEndTest {
    private static final PoolMapOptions ONE_BY_ONE = PoolMapOptions.defaults().chunkSize(1);

    private static ProcessPool pool; // two workers
    private static ProcessPool single; // one, so that what is behind something waits for it

    private Region region;
    private SharedLong runs;
    private SharedEvent gate;

    @BeforeAll
    static void start() {
        pool = ProcessPool.of(2);
        single = ProcessPool.of(1);
    }

    @AfterAll
    static void close() {
        pool.close();
        single.close();
    }

    @BeforeEach
    void open() {
        region = Region.temporary();
        runs = region.longValue("runs", 0);
        gate = region.event("gate");
    }

    @AfterEach
    void closeRegion() {
        region.close();
    }

    private static List<Integer> items(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    static int failAt(int bad, int item) {
        if (item == bad) throw new IllegalStateException("at " + item);
        return item;
    }

    /** Says that it runs, and waits at the gate if it is item 0. */
    private static int waitAtGate(SharedLong runs, SharedEvent gate, int item) throws Exception {
        runs.getAndAdd(1);
        if (item == 0) gate.await();
        return item;
    }

    private TaskFunction<Integer, Integer> waitingAtGate() {
        SharedLong counter = runs;
        SharedEvent event = gate;
        return item -> waitAtGate(counter, event, item);
    }

    // ---- failures ----

    @Test
    void aFailure_comesAfterTheResultsBeforeIt_whateverTheChunks() {
        for (int chunk : new int[] {1, 3, 10, 100}) {
            List<Integer> results = new ArrayList<>();
            Stream<Integer> stream =
                    pool.map(
                            item -> failAt(17, item),
                            items(100),
                            PoolMapOptions.defaults().chunkSize(chunk));
            assertThatThrownBy(() -> stream.forEach(results::add))
                    .isInstanceOf(CompletionException.class)
                    .hasMessage("at 17")
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .satisfies(cause ->
                            assertThat(cause.getSuppressed())
                                    .hasAtLeastOneElementOfType(RemoteException.class));
            assertThat(results).isEqualTo(items(17));
        }
    }

    @Test
    void aFailure_isThrownAgain_byWhoeverReadsOn() {
        Iterator<Integer> results = pool.map(item -> failAt(0, item), items(3)).iterator();
        assertThatThrownBy(results::hasNext).isInstanceOf(CompletionException.class);
        assertThatThrownBy(results::hasNext).isInstanceOf(CompletionException.class);
    }

    @Test
    void failFast_throwsAheadOfAnItemThatStillRuns() {
        SharedEvent event = gate;
        TaskFunction<Integer, Integer> function =
                item -> {
                    if (item == 0) event.await(); // until the failure of the other interrupts it
                    return failAt(1, item);
                };
        assertThatThrownBy(() -> pool.map(function, items(2), ONE_BY_ONE.failFast()).toList())
                .isInstanceOf(CompletionException.class)
                .hasMessage("at 1");
    }

    @Test
    void afterAFailure_whatWaitedIsNotRun() throws Exception {
        SharedLong counter = runs;
        SharedEvent event = gate;
        TaskFunction<Integer, Integer> function =
                item -> {
                    if (item == 1) event.await(); // interrupted
                    if (item > 1) counter.incrementAndGet();
                    return failAt(0, item);
                };
        assertThatThrownBy(() -> single.map(function, items(50), ONE_BY_ONE).toList())
                .hasMessage("at 0");
        assertThat(single.submit(() -> "next").get()).isEqualTo("next");
        assertThat(runs.get()).isZero();
    }

    @Test
    void whatTheSourceThrows_comesAsItIs_afterTheResultsBeforeIt() {
        IllegalStateException problem = new IllegalStateException("source");
        Stream<Integer> source =
                items(10).stream()
                        .peek(item -> {
                            if (item == 6) throw problem;
                        });
        List<Integer> results = new ArrayList<>();
        assertThatThrownBy(() -> pool.map(item -> item, source).forEach(results::add))
                .isSameAs(problem);
        assertThat(results).isEqualTo(items(6));
    }

    @Test
    void anItemThatCannotBeSent_isToldAfterTheResultsBeforeIt() {
        List<Object> items = List.of(1, 2, new Thread("unsendable"), 3);
        for (int chunk : new int[] {1, 2, 4}) {
            List<Object> results = new ArrayList<>();
            Stream<Object> stream =
                    pool.map(item -> item, items, PoolMapOptions.defaults().chunkSize(chunk));
            assertThatThrownBy(() -> stream.forEach(results::add))
                    .isInstanceOf(TaskNotSerializableException.class)
                    .hasMessageContaining("java.lang.Thread");
            assertThat(results).containsExactly(1, 2);
        }
    }

    @Test
    void aResultThatCannotBeSent_isAFailureOfItsItem() {
        List<Object> results = new ArrayList<>();
        TaskFunction<Integer, Object> function = item -> item == 2 ? new Thread() : item;
        Stream<Object> stream =
                pool.map(function, items(5), PoolMapOptions.defaults().chunkSize(5));
        assertThatThrownBy(() -> stream.forEach(results::add))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(TaskNotSerializableException.class);
        assertThat(results).containsExactly(0, 1);
    }

    @Test
    void aFunctionThatCannotBeSent_isToldAtOnce() {
        Thread thread = new Thread();
        assertThatThrownBy(() -> pool.map(_ -> thread.getName(), items(1)))
                .isInstanceOf(TaskNotSerializableException.class);
    }

    // ---- deaths ----

    static int dieAt(int bad, int item) {
        if (item == bad) Runtime.getRuntime().halt(9);
        return item;
    }

    @Test
    void aDeath_failsTheChunkInHand_andNoOther() throws Exception {
        List<Integer> results = new ArrayList<>();
        Stream<Integer> stream =
                pool.map(item -> dieAt(5, item), items(40), PoolMapOptions.defaults().chunkSize(4));
        assertThatThrownBy(() -> stream.forEach(results::add))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(ProcessDiedException.class);
        assertThat(results).isEqualTo(items(4));
        assertThat(pool.map(item -> item, items(40)).toList()).isEqualTo(items(40));
    }

    @Test
    void aDeath_isNoFailure_ifThePoolRunsTheChunkAgain() {
        SharedLong counter = runs;
        TaskFunction<Integer, Integer> function =
                item -> {
                    if (item == 3 && counter.getAndAdd(1) == 0) Runtime.getRuntime().halt(9);
                    return item;
                };
        try (ProcessPool retrying =
                ProcessPool.builder().workers(1).retryPolicy(RetryPolicy.onDeath(1)).start()) {
            assertThat(retrying.map(function, items(20)).toList()).isEqualTo(items(20));
        }
        assertThat(runs.get()).isEqualTo(2);
    }

    // ---- giving up ----

    @Test
    void closing_cancelsWhatWaits_interruptsWhatRuns_andTellsTheReader() throws Exception {
        Stream<Integer> stream = single.map(waitingAtGate(), items(100), ONE_BY_ONE);
        FutureTask<List<Integer>> reading = new FutureTask<>(stream::toList);
        Thread reader = Thread.ofPlatform().daemon().start(reading);
        Watchdog.await("item 0 runs", () -> runs.get() == 1);
        stream.close();
        assertThatThrownBy(() -> reading.get(60, TimeUnit.SECONDS))
                .hasCauseInstanceOf(CancellationException.class);
        Watchdog.join(reader);
        assertThat(single.submit(() -> "next").get()).isEqualTo("next");
        assertThat(runs.get()).isEqualTo(1);
    }

    @Test
    void aLimitedStream_leavesNothingBehindWhenItIsClosed() throws Exception {
        SharedLong counter = runs;
        SharedEvent event = gate;
        TaskFunction<Integer, Integer> function =
                item -> {
                    if (item == 3) event.await(); // interrupted
                    counter.incrementAndGet();
                    return item;
                };
        try (Stream<Integer> stream =
                single.map(function, Stream.iterate(0, item -> item + 1), ONE_BY_ONE)) {
            assertThat(stream.limit(2).toList()).containsExactly(0, 1);
        }
        assertThat(single.submit(() -> "next").get()).isEqualTo("next");
        assertThat(runs.get()).isLessThanOrEqualTo(3);
    }

    @Test
    void aStreamThatNobodyHasAnyMore_isClosed() throws Exception {
        startAndForget();
        PoolFuture<String> probe = single.submit(() -> "behind it");
        Watchdog.await(
                "the map is given up",
                () -> {
                    System.gc();
                    return isDoneSoon(probe);
                });
        assertThat(runs.get()).isEqualTo(2);
    }

    private static boolean isDoneSoon(PoolFuture<?> future) {
        try {
            Object _ = future.get(100, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private void startAndForget() {
        SharedLong counter = runs;
        SharedEvent event = gate;
        TaskFunction<Integer, Integer> function =
                item -> {
                    counter.incrementAndGet();
                    if (item == 1) event.await();
                    return item;
                };
        Iterator<Integer> results = single.map(function, items(100), ONE_BY_ONE).iterator();
        assertThat(results.next()).isZero();
        Watchdog.await("item 1 runs", () -> runs.get() == 2);
    }

    @Test
    void anInterruptedReader_givesUp_andStaysInterrupted() throws Exception {
        Stream<Integer> stream = single.map(waitingAtGate(), items(10), ONE_BY_ONE);
        boolean[] interrupted = new boolean[1];
        FutureTask<List<Integer>> reading =
                new FutureTask<>(() -> {
                    try {
                        return stream.toList();
                    } finally {
                        interrupted[0] = Thread.interrupted();
                    }
                });
        Thread reader = Thread.ofPlatform().daemon().start(reading);
        Watchdog.await("item 0 runs", () -> runs.get() == 1);
        reader.interrupt();
        assertThatThrownBy(() -> reading.get(60, TimeUnit.SECONDS))
                .hasCauseInstanceOf(CancellationException.class);
        assertThat(interrupted[0]).isTrue();
        assertThat(single.submit(() -> "next").get()).isEqualTo("next");
        assertThat(runs.get()).isEqualTo(1);
    }

    // ---- the end of the pool ----

    @Test
    void afterShutdown_whatThePoolHasIsDelivered_andThenTheStreamIsRefused() {
        ProcessPool ending = ProcessPool.of(1);
        List<Integer> results = new ArrayList<>();
        PoolMapOptions options = ONE_BY_ONE.lookAhead(5);
        Iterator<Integer> stream = ending.map(item -> item, items(100), options).iterator();
        results.add(stream.next());
        ending.shutdown();
        assertThatThrownBy(() -> stream.forEachRemaining(results::add))
                .isInstanceOf(RejectedExecutionException.class);
        assertThat(results).isEqualTo(items(results.size())).hasSizeLessThan(100);
        assertThatThrownBy(() -> ending.map(item -> item, items(1)))
                .isInstanceOf(RejectedExecutionException.class);
        ending.close();
    }

    @Test
    void shutdownNow_cancelsTheStream_andListsNoneOfItsChunks() throws Exception {
        ProcessPool ending = ProcessPool.of(1);
        Stream<Integer> stream = ending.map(waitingAtGate(), items(10), ONE_BY_ONE);
        FutureTask<List<Integer>> reading = new FutureTask<>(stream::toList);
        Thread.ofPlatform().daemon().start(reading);
        Watchdog.await("item 0 runs", () -> runs.get() == 1);
        assertThat(ending.shutdownNow()).isEmpty();
        assertThatThrownBy(() -> reading.get(60, TimeUnit.SECONDS))
                .hasCauseInstanceOf(CancellationException.class);
        assertThat(ending.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        assertThat(runs.get()).isEqualTo(1);
    }
}
