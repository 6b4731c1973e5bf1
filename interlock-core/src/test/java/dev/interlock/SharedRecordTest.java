package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SharedRecordTest {
    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private Region region;
    private Region again;

    @BeforeEach
    void openTwice() {
        RegionOptions here = RegionOptions.defaults().directory(directory).maxBytes(1 << 20);
        region = Region.open("records", here);
        again = Region.open("records", here);
    }

    @AfterEach
    void close() {
        region.close();
        again.close();
    }

    public record Everything(
            boolean z, byte b, short s, char c, int i, long l, float f, double d) {}

    private record Pair(long left, long right) {}

    private record Nothing() {}

    @Test
    void aNewRecord_isZeroAndFalse() {
        assertThat(region.record("e", Everything.class).get())
                .isEqualTo(new Everything(false, (byte) 0, (short) 0, '\0', 0, 0, 0, 0));
    }

    @Test
    void aFirstValue_isWrittenByWhoMakesIt() {
        SharedRecord<Pair> one = region.record("p", Pair.class, new Pair(1, -1));
        SharedRecord<Pair> two = again.record("p", Pair.class, new Pair(2, -2));
        assertThat(two.get()).isEqualTo(new Pair(1, -1));
        assertThat(two).isEqualTo(one);
        assertThat(region.record(Pair.class, new Pair(3, 4)).get()).isEqualTo(new Pair(3, 4));
        assertThat(region.record(Pair.class).get()).isEqualTo(new Pair(0, 0));
    }

    @Test
    void allEightPrimitives_comeBackAsTheyWere() {
        SharedRecord<Everything> one = region.record("e", Everything.class);
        SharedRecord<Everything> two = again.record("e", Everything.class);
        var extremes =
                new Everything(
                        true,
                        Byte.MIN_VALUE,
                        Short.MIN_VALUE,
                        '\uffff',
                        Integer.MIN_VALUE,
                        Long.MIN_VALUE,
                        -Float.MIN_VALUE,
                        Double.NEGATIVE_INFINITY);
        one.set(extremes);
        assertThat(two.get()).isEqualTo(extremes);
        var others =
                new Everything(false, (byte) -1, (short) -1, 'é', -1, -1, Float.NaN, Double.NaN);
        two.set(others);
        assertThat(one.get()).isEqualTo(others);
        one.set(new Everything(true, (byte) 127, (short) 1, 'x', 1, 1, -0.0f, -0.0));
        assertThat(two.get().d()).isEqualTo(-0.0);
    }

    @Test
    void aRecordWithoutComponents_works() {
        SharedRecord<Nothing> nothing = region.record("n", Nothing.class);
        nothing.set(new Nothing());
        assertThat(nothing.get()).isEqualTo(new Nothing());
    }

    @Test
    void aLocalRecordClass_works() {
        record Local(int n, char c) {}
        SharedRecord<Local> local = region.record("l", Local.class);
        local.set(new Local(-5, 'x'));
        assertThat(again.record("l", Local.class).get()).isEqualTo(new Local(-5, 'x'));
    }

    private record Valid(int percent) {
        Valid {
            if (percent < 1) throw new IllegalArgumentException("percent: " + percent);
        }
    }

    @Test
    void whatTheConstructorThrows_reachesTheCaller_andAFirstValuePreventsIt() {
        SharedRecord<Valid> zero = region.record("zero", Valid.class);
        assertThatThrownBy(zero::get)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("percent: 0");
        zero.set(new Valid(5));
        assertThat(zero.get()).isEqualTo(new Valid(5));
        assertThat(region.record("one", Valid.class, new Valid(1)).get()).isEqualTo(new Valid(1));
    }

    private record Named(int id, String name) {}

    private record Boxed(Integer id) {}

    @Test
    void aComponentThatIsNoPrimitive_isRefusedByName() {
        assertThatThrownBy(() -> region.record("n", Named.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'name'")
                .hasMessageContaining("java.lang.String")
                .hasMessageContaining("primitives only");
        assertThatThrownBy(() -> region.record("n", Boxed.class))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(region.objects()).isEmpty();
    }

    @Test
    void theClassOfAllRecords_isRefused() {
        assertThatThrownBy(() -> region.record("r", Record.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no record class");
    }

    @Test
    void null_isRefused_andNothingIsHeldThen() {
        SharedRecord<Pair> pair = region.record("p", Pair.class);
        assertThatNullPointerException().isThrownBy(() -> pair.set(nothing()));
        assertThatNullPointerException().isThrownBy(() -> pair.update(_ -> nothing()));
        pair.set(new Pair(1, 2));
        assertThat(pair.get()).isEqualTo(new Pair(1, 2));
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // what a careless caller passes
    private static <T> T nothing() {
        return null;
    }

    @Test
    void update_answersTheNewRecord_andWhatTheFunctionThrowsChangesNothing() {
        SharedRecord<Pair> pair = region.record("p", Pair.class, new Pair(1, 2));
        assertThat(pair.update(p -> new Pair(p.left() + 1, p.right()))).isEqualTo(new Pair(2, 2));
        assertThatThrownBy(() ->
                        pair.update(_ -> {
                            throw new UnsupportedOperationException("no");
                        }))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThat(pair.get()).isEqualTo(new Pair(2, 2));
    }

    @Test
    void update_mayUseTheRecordItself() {
        SharedRecord<Pair> pair = region.record("p", Pair.class, new Pair(1, 2));
        var once = new AtomicBoolean(true);
        Pair result =
                pair.update(p -> {
                    if (once.getAndSet(false)) pair.set(new Pair(10, pair.get().right()));
                    return new Pair(p.left() + 1, p.right());
                });
        assertThat(result).isEqualTo(new Pair(11, 2));
    }

    @Test
    void updatesOfFourThreads_throughTwoHandles_allCount() throws Exception {
        SharedRecord<Pair> one = region.record("p", Pair.class);
        SharedRecord<Pair> two = again.record("p", Pair.class);
        Concurrently.run(
                4,
                thread -> {
                    SharedRecord<Pair> mine = thread % 2 == 0 ? one : two;
                    for (int i = 0; i < 2_000; i++) {
                        Pair unused = mine.update(p -> new Pair(p.left() + 1, p.right() - 2));
                        assertThat(unused.right()).isEqualTo(-2 * unused.left());
                    }
                });
        assertThat(two.get()).isEqualTo(new Pair(8_000, -16_000));
    }

    @Test
    void aReader_neverSeesPartsOfTwoRecords() throws Exception {
        SharedRecord<Pair> one = region.record("p", Pair.class);
        SharedRecord<Pair> two = again.record("p", Pair.class);
        var writing = new AtomicInteger(2);
        Concurrently.run(
                4,
                thread -> {
                    SharedRecord<Pair> mine = thread % 2 == 0 ? one : two;
                    if (thread < 2) {
                        for (long i = 1; i <= 20_000; i++) {
                            long value = i * (thread + 1);
                            mine.set(new Pair(value, ~value));
                        }
                        writing.decrementAndGet();
                    } else {
                        do {
                            Pair seen = mine.get();
                            long expected =
                                    seen.left() == 0 && seen.right() == 0 ? 0 : ~seen.left();
                            assertThat(seen.right()).as("with %s", seen).isEqualTo(expected);
                        } while (writing.get() > 0);
                    }
                });
    }

    @Test
    void anInterruptedThread_writesAllTheSame_andStaysInterrupted() {
        SharedRecord<Pair> pair = region.record("p", Pair.class);
        Thread.currentThread().interrupt();
        try {
            pair.set(new Pair(1, 2));
            assertThat(pair.get()).isEqualTo(new Pair(1, 2));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    record Positive(int value) {
        Positive {
            if (value <= 0) throw new IllegalArgumentException("value is " + value);
        }
    }

    @Test
    void aRecordThatRefusesZeros_canBePrintedBeforeItIsSet() {
        SharedRecord<Positive> record = region.record("positive", Positive.class);
        assertThat(record.toString()).contains("'positive'", "refuses");
        record.set(new Positive(1));
        assertThat(record.toString()).endsWith("Positive[value=1]");
    }

    @Test
    void itsLock_doesNotHinderItsOwnMethods() {
        SharedRecord<Pair> one = region.record("p", Pair.class);
        SharedRecord<Pair> two = again.record("p", Pair.class);
        try (var held = one.lock().acquire()) {
            assertThat(held).isNotNull();
            two.set(new Pair(1, 2));
            assertThat(two.lock().isLocked()).isTrue();
        }
        assertThat(one.get()).isEqualTo(new Pair(1, 2));
        assertThat(one).hasToString("SharedRecord 'p' in region 'records': Pair[left=1, right=2]");
    }
}
