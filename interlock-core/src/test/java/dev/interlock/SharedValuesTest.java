package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedValuesTest {
    private static final int ROUNDS = 20_000;

    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private Region region;
    private Region again;

    @BeforeEach
    void openTwice() {
        RegionOptions here = RegionOptions.defaults().directory(directory).maxBytes(1 << 20);
        region = Region.open("values", here);
        again = Region.open("values", here);
    }

    @AfterEach
    void close() {
        region.close();
        again.close();
    }

    @Nested
    class OfInt {
        private SharedInt value;
        private SharedInt other;

        @BeforeEach
        void make() {
            value = region.intValue("n", 10);
            other = again.intValue("n", -1);
        }

        @Test
        void theFirstValue_isTheOneOfWhoMadeIt() {
            assertThat(other.get()).isEqualTo(10);
            assertThat(region.intValue(-7).get()).isEqualTo(-7);
        }

        @Test
        void everyMethod_answersAndChangesWhatItSays() {
            value.set(Integer.MIN_VALUE);
            assertThat(other.get()).isEqualTo(Integer.MIN_VALUE);
            value.setPlain(5);
            assertThat(other.getPlain()).isEqualTo(5);
            assertThat(value.getAndSet(6)).isEqualTo(5);
            assertThat(value.compareAndSet(5, 7)).isFalse();
            assertThat(value.compareAndSet(6, 7)).isTrue();
            assertThat(value.getAndUpdate(x -> x * 2)).isEqualTo(7);
            assertThat(value.updateAndGet(x -> x + 1)).isEqualTo(15);
            assertThat(value.getAndAdd(5)).isEqualTo(15);
            assertThat(value.addAndGet(-10)).isEqualTo(10);
            assertThat(value.incrementAndGet()).isEqualTo(11);
            assertThat(value.getAndIncrement()).isEqualTo(11);
            assertThat(value.decrementAndGet()).isEqualTo(11);
            assertThat(value.getAndDecrement()).isEqualTo(11);
            assertThat(value.accumulateAndGet(3, Math::max)).isEqualTo(10);
            assertThat(value.getAndAccumulate(30, Math::max)).isEqualTo(10);
            assertThat(other.get()).isEqualTo(30);
        }

        @Test
        void overflow_wrapsAround() {
            value.set(Integer.MAX_VALUE);
            assertThat(value.incrementAndGet()).isEqualTo(Integer.MIN_VALUE);
            assertThat(value.addAndGet(-1)).isEqualTo(Integer.MAX_VALUE);
        }

        @Test
        void aFunctionThatThrows_changesNothing() {
            assertThatThrownBy(() ->
                            value.updateAndGet(_ -> {
                                throw new UnsupportedOperationException("no");
                            }))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThat(value.get()).isEqualTo(10);
        }

        @Test
        void additionsOfFourThreads_throughTwoHandles_allCount() throws Exception {
            Concurrently.run(
                    4,
                    thread -> {
                        SharedInt mine = thread % 2 == 0 ? value : other;
                        for (int i = 0; i < ROUNDS; i++) {
                            if (i % 2 == 0) mine.getAndAdd(3);
                            else mine.updateAndGet(x -> x - 1);
                        }
                    });
            assertThat(value.get()).isEqualTo(10 + 4 * ROUNDS);
        }

        @Test
        void itsLock_isOneForAllHandles_andLeavesTheValueAlone() {
            try (var held = value.lock().acquire()) {
                assertThat(held).isNotNull();
                assertThat(other.lock().isLocked()).isTrue();
                assertThat(other.incrementAndGet()).isEqualTo(11);
            }
            assertThat(other.lock()).isEqualTo(value.lock()).isNotEqualTo(value);
            assertThat(other.lock().isLocked()).isFalse();
        }

        @Test
        void toString_showsNameRegionAndValue() {
            assertThat(value).hasToString("SharedInt 'n' in region 'values': 10");
            assertThat(region.intValue(3))
                    .hasToString("SharedInt without a name in region 'values': 3");
            assertThat(value.lock().toString())
                    .startsWith("Lock of SharedInt 'n' in region 'values'")
                    .endsWith("free");
        }
    }

    @Nested
    class OfLong {
        private SharedLong value;
        private SharedLong other;

        @BeforeEach
        void make() {
            value = region.longValue("n", 1L << 40);
            other = again.longValue("n", -1);
        }

        @Test
        void theFirstValue_isTheOneOfWhoMadeIt() {
            assertThat(other.get()).isEqualTo(1L << 40);
            assertThat(region.longValue(-7).get()).isEqualTo(-7);
        }

        @Test
        void everyMethod_answersAndChangesWhatItSays() {
            value.set(Long.MIN_VALUE);
            assertThat(other.get()).isEqualTo(Long.MIN_VALUE);
            value.setPlain(5);
            assertThat(other.getPlain()).isEqualTo(5);
            assertThat(value.getAndSet(6)).isEqualTo(5);
            assertThat(value.compareAndSet(5, 7)).isFalse();
            assertThat(value.compareAndSet(6, 7)).isTrue();
            assertThat(value.getAndUpdate(x -> x * 2)).isEqualTo(7);
            assertThat(value.updateAndGet(x -> x + 1)).isEqualTo(15);
            assertThat(value.getAndAdd(1L << 33)).isEqualTo(15);
            assertThat(value.addAndGet(-(1L << 33))).isEqualTo(15);
            assertThat(value.incrementAndGet()).isEqualTo(16);
            assertThat(value.getAndIncrement()).isEqualTo(16);
            assertThat(value.decrementAndGet()).isEqualTo(16);
            assertThat(value.getAndDecrement()).isEqualTo(16);
            assertThat(value.accumulateAndGet(3, Math::min)).isEqualTo(3);
            assertThat(value.getAndAccumulate(30, Math::max)).isEqualTo(3);
            assertThat(other.get()).isEqualTo(30);
        }

        @Test
        void overflow_wrapsAround() {
            value.set(Long.MAX_VALUE);
            assertThat(value.incrementAndGet()).isEqualTo(Long.MIN_VALUE);
        }

        @Test
        void additionsOfFourThreads_throughTwoHandles_allCount() throws Exception {
            value.set(0);
            Concurrently.run(
                    4,
                    thread -> {
                        SharedLong mine = thread % 2 == 0 ? value : other;
                        for (int i = 0; i < ROUNDS; i++) {
                            if (i % 2 == 0) mine.getAndAdd(1L << 32);
                            else mine.accumulateAndGet(1, Long::sum);
                        }
                    });
            assertThat(value.get()).isEqualTo(2L * ROUNDS * ((1L << 32) + 1));
        }

        @Test
        void toString_showsNameRegionAndValue() {
            assertThat(value).hasToString("SharedLong 'n' in region 'values': 1099511627776");
        }
    }

    @Nested
    class OfDouble {
        private SharedDouble value;
        private SharedDouble other;

        @BeforeEach
        void make() {
            value = region.doubleValue("n", -0.5);
            other = again.doubleValue("n", 9);
        }

        @Test
        void theFirstValue_isTheOneOfWhoMadeIt() {
            assertThat(other.get()).isEqualTo(-0.5);
            assertThat(region.doubleValue(Double.NaN).get()).isNaN();
        }

        @Test
        void everyMethod_answersAndChangesWhatItSays() {
            value.set(Double.MIN_VALUE);
            assertThat(other.get()).isEqualTo(Double.MIN_VALUE);
            value.setPlain(5);
            assertThat(other.getPlain()).isEqualTo(5);
            assertThat(value.getAndSet(6)).isEqualTo(5);
            assertThat(value.compareAndSet(5, 7)).isFalse();
            assertThat(value.compareAndSet(6, 7)).isTrue();
            assertThat(value.getAndUpdate(x -> x / 2)).isEqualTo(7);
            assertThat(value.updateAndGet(x -> x * 2)).isEqualTo(7);
            assertThat(value.getAndAdd(0.25)).isEqualTo(7);
            assertThat(value.addAndGet(-0.25)).isEqualTo(7);
            assertThat(value.accumulateAndGet(3, Math::min)).isEqualTo(3);
            assertThat(value.getAndAccumulate(30, Math::max)).isEqualTo(3);
            assertThat(other.get()).isEqualTo(30);
        }

        @Test
        void compareAndSet_comparesBits() {
            value.set(0.0);
            assertThat(value.compareAndSet(-0.0, 1)).isFalse();
            value.set(Double.NaN);
            assertThat(value.compareAndSet(Double.NaN, 1)).isTrue();
        }

        @Test
        void updates_endThoughTheValueIsNotANumber() {
            value.set(Double.NaN);
            assertThat(value.addAndGet(1)).isNaN();
            assertThat(value.updateAndGet(x -> x + 1)).isNaN();
        }

        @Test
        void additionsOfFourThreads_throughTwoHandles_allCount() throws Exception {
            value.set(0);
            Concurrently.run(
                    4,
                    thread -> {
                        SharedDouble mine = thread % 2 == 0 ? value : other;
                        for (int i = 0; i < ROUNDS; i++) mine.getAndAdd(0.5);
                    });
            assertThat(value.get()).isEqualTo(2.0 * ROUNDS);
        }

        @Test
        void toString_showsNameRegionAndValue() {
            assertThat(value).hasToString("SharedDouble 'n' in region 'values': -0.5");
        }
    }

    @Nested
    class OfBoolean {
        private SharedBoolean value;
        private SharedBoolean other;

        @BeforeEach
        void make() {
            value = region.booleanValue("n", true);
            other = again.booleanValue("n", false);
        }

        @Test
        void theFirstValue_isTheOneOfWhoMadeIt() {
            assertThat(other.get()).isTrue();
            assertThat(region.booleanValue(false).get()).isFalse();
        }

        @Test
        void everyMethod_answersAndChangesWhatItSays() {
            value.set(false);
            assertThat(other.get()).isFalse();
            value.setPlain(true);
            assertThat(other.getPlain()).isTrue();
            assertThat(value.getAndSet(false)).isTrue();
            assertThat(value.compareAndSet(true, true)).isFalse();
            assertThat(value.compareAndSet(false, true)).isTrue();
            assertThat(value.getAndUpdate(x -> !x)).isTrue();
            assertThat(value.updateAndGet(x -> !x)).isTrue();
            assertThat(other.get()).isTrue();
        }

        @Test
        void flipsOfFourThreads_throughTwoHandles_allCount() throws Exception {
            Concurrently.run(
                    4,
                    thread -> {
                        SharedBoolean mine = thread % 2 == 0 ? value : other;
                        int rounds = thread == 0 ? ROUNDS + 1 : ROUNDS;
                        for (int i = 0; i < rounds; i++) mine.updateAndGet(x -> !x);
                    });
            assertThat(value.get()).isFalse();
        }

        @Test
        void compareAndSet_letsOneOfFourThreadsWin() throws Exception {
            value.set(false);
            var wins =
                    Concurrently.call(
                            4,
                            thread -> (thread % 2 == 0 ? value : other).compareAndSet(false, true));
            assertThat(wins).containsOnlyOnce(true);
        }

        @Test
        void toString_showsNameRegionAndValue() {
            assertThat(value).hasToString("SharedBoolean 'n' in region 'values': true");
        }
    }
}
