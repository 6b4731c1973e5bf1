package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What map, starmap and apply of a pool answer, as in the cases for Python's Pool.map, imap, imap_unordered, starmap and apply. */
@Timeout(120)
class MapTest {
    private static ProcessPool pool;

    @BeforeAll
    static void start() {
        pool = ProcessPool.of(2);
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    static int square(int number) {
        return number * number;
    }

    record Options(String name, PoolMapOptions options) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Options> options() {
        PoolMapOptions defaults = PoolMapOptions.defaults();
        return Stream.of(
                new Options("defaults", defaults),
                new Options("unordered", defaults.unordered()),
                new Options("chunks of 1", defaults.chunkSize(1)),
                new Options("chunks of 7", defaults.chunkSize(7)),
                new Options("one chunk", defaults.chunkSize(100_000)),
                new Options("look-ahead of 1", defaults.lookAhead(1)),
                new Options("look-ahead of 20", defaults.lookAhead(20)),
                new Options("chunks of 3, look-ahead of 10", defaults.chunkSize(3).lookAhead(10)),
                new Options(
                        "unordered, chunks of 5, fail-fast",
                        defaults.unordered().chunkSize(5).failFast()));
    }

    @ParameterizedTest
    @MethodSource("options")
    void map_answersTheResultOfEachItemOnce_inOrderIfAsked(Options row) {
        for (int size : new int[] {0, 1, 2, 3, 10, 1000}) {
            List<Integer> items = IntStream.range(0, size).boxed().toList();
            List<Integer> wanted = items.stream().map(MapTest::square).toList();
            List<Integer> fromList = pool.map(MapTest::square, items, row.options()).toList();
            List<Integer> fromStream =
                    pool.map(MapTest::square, items.stream().filter(_ -> true), row.options())
                            .toList();
            if (row.options().isOrdered()) {
                assertThat(fromList).isEqualTo(wanted);
                assertThat(fromStream).isEqualTo(wanted);
            } else {
                assertThat(fromList).containsExactlyInAnyOrderElementsOf(wanted);
                assertThat(fromStream).containsExactlyInAnyOrderElementsOf(wanted);
            }
        }
    }

    record Point(int x, String name) implements Serializable {}

    static @Nullable Object same(@Nullable Object item) {
        return item;
    }

    static Stream<List<?>> values() {
        return Stream.of(
                List.of(1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE),
                List.of(1L, -1L, Long.MIN_VALUE, Long.MAX_VALUE),
                List.of(0.0, -0.0, Double.NaN, Double.MIN_VALUE, Double.NEGATIVE_INFINITY),
                List.of(true, false, true),
                List.of("", "plain", "ünïcödé €", "\uD83D\uDE00", "x".repeat(100_000)),
                List.of("a lone surrogate", "\uD83D", "after it"),
                Arrays.asList(null, null, null),
                Arrays.asList(1, null, 2L, "three", 'c', (byte) 1, (short) 2, 1.5f),
                List.of(new Point(1, "one"), new Point(2, "two")),
                Arrays.asList(1, 2, new Point(3, "three"), null));
    }

    @ParameterizedTest
    @MethodSource("values")
    @SuppressWarnings("NullAway") // which the function's type cannot say here
    void itemsAndResults_mayBeNull_orOfAnyKind(List<?> values) {
        for (int size : new int[] {1, 2, 100}) {
            PoolMapOptions options = PoolMapOptions.defaults().chunkSize(size);
            assertThat(pool.map(MapTest::same, values, options).toList())
                    .isEqualTo(new ArrayList<>(values));
        }
    }

    @Test
    void aFunctionThatIsCalledVeryOften_answersTheSame() {
        int size = 120_000; // more than calls by reflection are made
        List<Integer> items = IntStream.range(0, size).boxed().toList();
        int offset = 3;
        List<Integer> results = pool.map(x -> x + offset, items).toList();
        assertThat(results).isEqualTo(IntStream.range(offset, size + offset).boxed().toList());
    }

    @Test
    void whatAFunctionCaptured_isSentWithEachChunk_andAChangeIsNotSeenByTheNext() {
        List<Integer> seen = new ArrayList<>();
        TaskFunction<Integer, Integer> function =
                item -> {
                    seen.add(item);
                    return seen.size();
                };
        assertThat(pool.map(function, List.of(1, 2, 3, 4), PoolMapOptions.defaults().chunkSize(2)))
                .containsExactly(1, 2, 1, 2);
        assertThat(seen).isEmpty();
    }

    @Test
    void endlessInput_isTakenByTheReaderOnly_andNotFarAhead() {
        Thread reader = Thread.currentThread();
        AtomicInteger taken = new AtomicInteger();
        Set<Thread> takers = new HashSet<>();
        Stream<Integer> endless =
                Stream.generate(() -> {
                    takers.add(Thread.currentThread());
                    return taken.getAndIncrement();
                });
        PoolMapOptions options = PoolMapOptions.defaults().lookAhead(30);
        int delivered = 0;
        try (Stream<Integer> results = pool.map(MapTest::square, endless, options)) {
            assertThat(taken).hasValue(0);
            Iterator<Integer> all = results.iterator();
            while (delivered < 5_000) {
                assertThat(all.next()).isEqualTo(delivered * delivered);
                delivered++;
                assertThat(taken.get() - delivered).isLessThanOrEqualTo(30);
            }
        }
        assertThat(takers).containsExactly(reader);
    }

    @Test
    void withALookAheadOfOne_anItemIsTakenWhenTheOneBeforeWasDelivered() {
        List<String> events = new ArrayList<>();
        Iterable<Integer> items =
                () ->
                        IntStream.range(0, 3)
                                .peek(item -> events.add("take " + item))
                                .boxed()
                                .iterator();
        pool.map(MapTest::square, items, PoolMapOptions.defaults().lookAhead(1))
                .forEach(result -> events.add("got " + result));
        assertThat(events).containsExactly("take 0", "got 0", "take 1", "got 1", "take 2", "got 4");
    }

    @Test
    void severalThreads_mapAtOnce() throws Exception {
        Concurrently.run(
                4,
                thread -> {
                    for (int round = 0; round < 5; round++) {
                        int offset = 1000 * thread + round;
                        List<Integer> items =
                                IntStream.range(offset, offset + 500).boxed().toList();
                        assertThat(pool.map(MapTest::square, items).toList())
                                .isEqualTo(items.stream().map(MapTest::square).toList());
                    }
                });
    }

    @Test
    void aSourceStream_isClosedWithTheResults() {
        AtomicInteger closed = new AtomicInteger();
        Stream<Integer> source = Stream.of(1, 2).onClose(closed::incrementAndGet);
        try (Stream<Integer> results = pool.map(MapTest::square, source)) {
            assertThat(results).containsExactly(1, 4);
        }
        assertThat(closed).hasValue(1);
    }

    @Test
    void count_runsTheFunction() {
        assertThat(pool.map(MapTest::square, List.of(1, 2, 3)).count()).isEqualTo(3);
        assertThatThrownBy(
                        () -> {
                            long _ = pool.map(MapTest::parse, List.of("1", "x")).count();
                        })
                .hasCauseInstanceOf(NumberFormatException.class);
    }

    static int parse(String text) {
        return Integer.parseInt(text);
    }

    record Pair(int first, String second) {}

    record Triple(int a, int b, int c) {}

    static String repeat(int times, String text) {
        return text.repeat(times);
    }

    @Test
    void starmap_spreadsTheComponentsOfRecords() {
        List<Pair> pairs = List.of(new Pair(1, "a"), new Pair(2, "b"), new Pair(0, "c"));
        assertThat(pool.starmap(MapTest::repeat, pairs)).containsExactly("a", "bb", "");
        assertThat(pool.starmap(MapTest::repeat, pairs.stream())).containsExactly("a", "bb", "");
        assertThat(
                        pool.starmap(
                                (Integer a, String b) -> a + b,
                                pairs,
                                PoolMapOptions.defaults().chunkSize(1)))
                .containsExactly("1a", "2b", "0c");
    }

    @Test
    void starmap_refusesWhatHasNotTwoComponents() {
        List<Record> items = List.of(new Pair(1, "a"), new Triple(1, 2, 3));
        List<String> results = new ArrayList<>();
        assertThatThrownBy(() -> pool.starmap(MapTest::repeat, items).forEach(results::add))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Triple has 3 components");
        assertThat(results).containsExactly("a");
    }

    @Test
    void apply_answersTheResult_orThrowsWhatTheFunctionThrew() throws Exception {
        assertThat(pool.apply(MapTest::square, 7)).isEqualTo(49);
        assertThatThrownBy(() -> pool.apply(MapTest::parse, "x"))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(NumberFormatException.class);
    }

    @Test
    @SuppressWarnings("NullAway") // which its type cannot say here
    void apply_takesNull_andAnswersNull() throws Exception {
        assertThat(pool.apply(MapTest::same, null)).isNull();
    }

    @Test
    void options_refuseWhatIsNotPossible() {
        PoolMapOptions defaults = PoolMapOptions.defaults();
        assertThatThrownBy(() -> defaults.chunkSize(0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> defaults.lookAhead(-1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> defaults.chunkSize(5).lookAhead(4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("5 items is more than the look-ahead of 4");
    }
}
