package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is told about a map on its way. */
@Timeout(120)
class MapProgressTest {
    private static final List<Integer> ITEMS = IntStream.range(0, 300).boxed().toList();

    private static ProcessPool pool;

    private final List<Progress> told = Collections.synchronizedList(new ArrayList<>());

    @BeforeAll
    static void start() {
        pool = ProcessPool.of(1);
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    private static PoolMapOptions telling(Consumer<Progress> listener) {
        return PoolMapOptions.defaults().chunkSize(1).onProgress(listener);
    }

    static int failAt(int bad, int item) {
        if (item == bad) throw new IllegalStateException("at " + item);
        return item;
    }

    @Test
    void theLastCall_hasTheEnd_andComesBeforeTheStreamEnds() {
        assertThat(pool.map(item -> item, ITEMS, telling(told::add)).count()).isEqualTo(300);
        Progress last = told.getLast();
        assertThat(last.hasEnded()).isTrue();
        assertThat(last.done()).isEqualTo(300);
        assertThat(last.failed()).isZero();
        assertThat(last.total()).isEqualTo(300);
        assertThat(told).filteredOn(Progress::hasEnded).hasSize(1);
        assertThat(told).extracting(Progress::done).isSorted();
    }

    @Test
    void nothingIsTold_untilResultsAreAskedFor() {
        try (Stream<Integer> stream = pool.map(item -> item, ITEMS, telling(told::add))) {
            assertThat(stream).isNotNull();
        }
        assertThat(told).isEmpty();
    }

    @Test
    void aFailure_isCounted_andEndsIt() {
        Stream<Integer> stream =
                pool.map(
                        item -> failAt(5, item),
                        ITEMS.stream().filter(_ -> true),
                        telling(told::add));
        assertThatThrownBy(stream::count).isInstanceOf(CompletionException.class);
        Progress last = told.getLast();
        assertThat(last.hasEnded()).isTrue();
        assertThat(last.done()).isGreaterThanOrEqualTo(5);
        assertThat(last.failed()).isEqualTo(1);
        assertThat(last.total()).isEqualTo(-1);
    }

    @Test
    void closing_endsIt() {
        try (Stream<Integer> stream = pool.map(item -> item, ITEMS, telling(told::add))) {
            Iterator<Integer> results = stream.iterator();
            assertThat(results.next()).isZero();
        }
        assertThat(told.getLast().hasEnded()).isTrue();
    }

    @Test
    void calls_areNeverConcurrent_norOnTheReadersThread_norMoreThanTenPerSecond() {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger wrong = new AtomicInteger();
        List<Long> times = Collections.synchronizedList(new ArrayList<>());
        Thread reader = Thread.currentThread();
        Consumer<Progress> listener =
                progress -> {
                    if (inside.incrementAndGet() > 1 || Thread.currentThread() == reader)
                        wrong.incrementAndGet();
                    if (!progress.hasEnded()) times.add(System.nanoTime());
                    inside.decrementAndGet();
                };
        TaskFunction<Integer, Integer> slow =
                item -> {
                    Thread.sleep(3);
                    return item;
                };
        assertThat(pool.map(slow, ITEMS, telling(listener)).count()).isEqualTo(300);
        assertThat(wrong).hasValue(0);
        assertThat(times).hasSizeGreaterThan(1);
        for (int i = 1; i < times.size(); i++)
            assertThat(times.get(i) - times.get(i - 1)).isGreaterThanOrEqualTo(100_000_000);
    }

    @Test
    void whatAListenerThrows_doesNotHurtTheMap() {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        List<Throwable> caught = Collections.synchronizedList(new ArrayList<>());
        Thread.setDefaultUncaughtExceptionHandler((_, problem) -> caught.add(problem));
        try {
            PoolMapOptions options =
                    telling(progress -> {
                        throw new IllegalStateException("at " + progress.done());
                    });
            assertThat(pool.map(item -> item, ITEMS, options)).isEqualTo(ITEMS);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        assertThat(caught).isNotEmpty().allMatch(IllegalStateException.class::isInstance);
    }
}
