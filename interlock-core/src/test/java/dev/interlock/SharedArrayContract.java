package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.nio.Buffer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What all six kinds of arrays have in common.
 *
 * @param <S> the shared array
 * @param <A> the Java array
 */
abstract class SharedArrayContract<S extends SharedObject, A> {
    private static final int ROUNDS = 20_000;

    final Region region = Region.temporary(RegionOptions.defaults().maxBytes(4 << 20));

    @AfterEach
    void close() {
        region.close();
    }

    abstract S make(String name, long length);

    abstract S makeUnnamed(long length);

    abstract A javaArray(int... elements);

    abstract int elementBytes();

    abstract long length(S array);

    abstract double get(S array, long index);

    abstract void set(S array, long index, int value);

    abstract double getAndAdd(S array, long index, int delta);

    abstract double addAndGet(S array, long index, int delta);

    abstract boolean compareAndSet(S array, long index, int expected, int value);

    abstract A toArray(S array);

    abstract void copyFrom(S array, A source);

    abstract void copyFrom(S array, A source, int sourceIndex, long index, int count);

    abstract void copyTo(S array, A target);

    abstract void copyTo(S array, long index, A target, int targetIndex, int count);

    abstract MemorySegment segment(S array);

    abstract double get(MemorySegment segment, long index);

    abstract Buffer buffer(S array);

    abstract void put(Buffer buffer, int index, int value);

    abstract SharedLock lock(S array);

    private S filled(int... elements) {
        S array = makeUnnamed(elements.length);
        for (int i = 0; i < elements.length; i++) set(array, i, elements[i]);
        return array;
    }

    private static void assertOutOfBounds(ThrowingCallable call) {
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(call);
    }

    @Test
    void aNewArray_isZero_andKnowsItsLength() {
        S array = make("a", 7);
        assertThat(length(array)).isEqualTo(7);
        assertThat(toArray(array)).isEqualTo(javaArray(0, 0, 0, 0, 0, 0, 0));
        assertThat(segment(array).byteSize()).isEqualTo(7L * elementBytes());
    }

    @Test
    void twoHandles_shareTheElements() {
        S one = make("a", 3);
        S two = make("a", 3);
        set(one, 0, 1);
        set(one, 2, -3);
        assertThat(toArray(two)).isEqualTo(javaArray(1, 0, -3));
        assertThat(two).isEqualTo(one).isNotSameAs(one);
    }

    @Test
    void singleElements_areReadWrittenAddedToAndCompared() {
        S array = filled(1, 2, 3);
        assertThat(get(array, 1)).isEqualTo(2);
        assertThat(getAndAdd(array, 1, 10)).isEqualTo(2);
        assertThat(addAndGet(array, 1, -20)).isEqualTo(-8);
        assertThat(compareAndSet(array, 1, 5, 6)).isFalse();
        assertThat(compareAndSet(array, 1, -8, 9)).isTrue();
        assertThat(compareAndSet(array, 2, 3, -3)).isTrue();
        assertThat(toArray(array)).isEqualTo(javaArray(1, 9, -3));
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                -1,
                3,
                4,
                Integer.MAX_VALUE,
                1L << 32,
                Long.MAX_VALUE / 8,
                1L << 61,
                Long.MAX_VALUE,
                Long.MIN_VALUE
            })
    void anIndex_outside_isRefused_andTheMessageTellsIt(long index) {
        S array = make("a", 3);
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> get(array, index))
                .withMessageContaining("Index " + index + " of ")
                .withMessageContaining("'a'")
                .withMessageContaining("length 3");
        assertOutOfBounds(() -> set(array, index, 1));
        assertOutOfBounds(() -> getAndAdd(array, index, 1));
        assertOutOfBounds(() -> addAndGet(array, index, 1));
        assertOutOfBounds(() -> compareAndSet(array, index, 0, 1));
        assertOutOfBounds(() -> copyTo(array, index, javaArray(0), 0, 1));
        assertOutOfBounds(() -> copyFrom(array, javaArray(1), 0, index, 1));
        assertThat(toArray(array)).isEqualTo(javaArray(0, 0, 0));
    }

    @Test
    void anArrayOfLengthZero_hasNoElements() {
        S array = make("empty", 0);
        assertThat(length(array)).isZero();
        assertThat(toArray(array)).isEqualTo(javaArray());
        assertThat(segment(array).byteSize()).isZero();
        assertThat(buffer(array).capacity()).isZero();
        copyFrom(array, javaArray());
        copyTo(array, javaArray());
        assertOutOfBounds(() -> get(array, 0));
        assertOutOfBounds(() -> copyFrom(array, javaArray(1)));
    }

    @Test
    void bulkCopies_goWhereTheyAreTold() {
        S array = make("a", 5);
        copyFrom(array, javaArray(1, 2, 3));
        assertThat(toArray(array)).isEqualTo(javaArray(1, 2, 3, 0, 0));
        copyFrom(array, javaArray(7, 8, 9), 1, 3, 2);
        assertThat(toArray(array)).isEqualTo(javaArray(1, 2, 3, 8, 9));

        A some = javaArray(0, 0, 0, 0);
        copyTo(array, 2, some, 1, 3);
        assertThat(some).isEqualTo(javaArray(0, 3, 8, 9));
        A first = javaArray(0, 0);
        copyTo(array, first);
        assertThat(first).isEqualTo(javaArray(1, 2));
        copyTo(array, 5, some, 4, 0);
        copyFrom(array, some, 4, 5, 0);
    }

    @Test
    void bulkCopies_thatDoNotFit_copyNothing() {
        S array = filled(1, 2, 3);
        A java = javaArray(7, 8, 9, 10);
        assertOutOfBounds(() -> copyFrom(array, java));
        assertOutOfBounds(() -> copyFrom(array, java, 0, 1, 3));
        assertOutOfBounds(() -> copyFrom(array, java, 3, 0, 2));
        assertOutOfBounds(() -> copyFrom(array, java, -1, 0, 1));
        assertOutOfBounds(() -> copyFrom(array, java, 0, 0, -1));
        assertOutOfBounds(() -> copyTo(array, java));
        assertOutOfBounds(() -> copyTo(array, 1, java, 0, 3));
        assertOutOfBounds(() -> copyTo(array, 0, java, 3, 2));
        assertOutOfBounds(() -> copyTo(array, 0, java, 0, -1));
        assertThat(toArray(array)).isEqualTo(javaArray(1, 2, 3));
        assertThat(java).isEqualTo(javaArray(7, 8, 9, 10));
    }

    @Test
    void segmentAndBuffer_areViewsOfTheElements() {
        S array = filled(1, 2, 3);
        assertThat(get(segment(array), 2)).isEqualTo(3);
        Buffer buffer = buffer(array);
        assertThat(buffer.capacity()).isEqualTo(3);
        put(buffer, 2, -4);
        assertThat(get(array, 2)).isEqualTo(-4);
        segment(array).asSlice(0, elementBytes()).fill((byte) 0);
        assertThat(toArray(array)).isEqualTo(javaArray(0, 2, -4));
        assertOutOfBounds(() -> get(segment(array), 3));
        assertOutOfBounds(() -> put(buffer, 3, 1));
    }

    @Test
    void neighbours_keepTheirOwnSums_underContention() throws Exception {
        S one = make("a", 5);
        S two = make("a", 5);
        Concurrently.run(
                4,
                thread -> {
                    S mine = thread % 2 == 0 ? one : two;
                    for (int i = 0; i < ROUNDS; i++) {
                        getAndAdd(mine, thread, thread + 1);
                        getAndAdd(mine, 4, i % 2 == 0 ? 1 : -1);
                    }
                });
        A expected =
                javaArray(ROUNDS, 2 * ROUNDS, 3 * ROUNDS, 4 * ROUNDS, 0); // small types wrap around
        assertThat(toArray(one)).isEqualTo(expected);
    }

    @Test
    void compareAndSet_byFourThreads_losesNoStep() throws Exception {
        S array = make("a", 2);
        Concurrently.run(
                4,
                _ -> {
                    for (int i = 0; i < 25; i++) {
                        while (true) { // until this step was ours
                            int seen = (int) get(array, 1);
                            if (compareAndSet(array, 1, seen, seen + 1)) break;
                        }
                    }
                });
        assertThat(toArray(array)).isEqualTo(javaArray(0, 100));
    }

    @Test
    void itsLock_isOneForAllHandles() {
        S one = make("a", 2);
        S two = make("a", 2);
        try (var held = lock(one).acquire()) {
            assertThat(held).isNotNull();
            assertThat(lock(two).isLocked()).isTrue();
            set(two, 1, 5);
        }
        assertThat(lock(two)).isEqualTo(lock(one)).isNotEqualTo(one);
        assertThat(toArray(one)).isEqualTo(javaArray(0, 5));
    }

    @Test
    void neighbouringObjects_areNotTouched() {
        S before = make("before", 3);
        S array = make("a", 3);
        S after = make("after", 3);
        segment(array).fill((byte) 0xFF);
        assertThat(toArray(before)).isEqualTo(javaArray(0, 0, 0));
        assertThat(toArray(after)).isEqualTo(javaArray(0, 0, 0));
        assertThat(region.objects())
                .extracting(ObjectInfo::name)
                .containsExactly("before", "a", "after");
    }

    @Test
    void toString_namesItAndItsLength() {
        String type = make("a", 3).getClass().getSimpleName();
        assertThat(make("a", 3))
                .hasToString(type + " 'a' in region '" + region.name() + "' of length 3");
        assertThat(Array.getLength(toArray(make("a", 3)))).isEqualTo(3);
    }
}
