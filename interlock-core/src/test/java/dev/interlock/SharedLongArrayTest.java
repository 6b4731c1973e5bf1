package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.Buffer;
import java.nio.LongBuffer;
import org.junit.jupiter.api.Test;

class SharedLongArrayTest extends SharedArrayContract<SharedLongArray, long[]> {
    @Override
    SharedLongArray make(String name, long length) {
        return region.longArray(name, length);
    }

    @Override
    SharedLongArray makeUnnamed(long length) {
        return region.longArray(length);
    }

    @Override
    long[] javaArray(int... elements) {
        long[] array = new long[elements.length];
        for (int i = 0; i < array.length; i++) array[i] = elements[i];
        return array;
    }

    @Override
    int elementBytes() {
        return Long.BYTES;
    }

    @Override
    long length(SharedLongArray array) {
        return array.length();
    }

    @Override
    double get(SharedLongArray array, long index) {
        return array.get(index);
    }

    @Override
    void set(SharedLongArray array, long index, int value) {
        array.set(index, value);
    }

    @Override
    double getAndAdd(SharedLongArray array, long index, int delta) {
        return array.getAndAdd(index, delta);
    }

    @Override
    double addAndGet(SharedLongArray array, long index, int delta) {
        return array.addAndGet(index, delta);
    }

    @Override
    boolean compareAndSet(SharedLongArray array, long index, int expected, int value) {
        return array.compareAndSet(index, expected, value);
    }

    @Override
    long[] toArray(SharedLongArray array) {
        return array.toArray();
    }

    @Override
    void copyFrom(SharedLongArray array, long[] source) {
        array.copyFrom(source);
    }

    @Override
    void copyFrom(SharedLongArray array, long[] source, int sourceIndex, long index, int count) {
        array.copyFrom(source, sourceIndex, index, count);
    }

    @Override
    void copyTo(SharedLongArray array, long[] target) {
        array.copyTo(target);
    }

    @Override
    void copyTo(SharedLongArray array, long index, long[] target, int targetIndex, int count) {
        array.copyTo(index, target, targetIndex, count);
    }

    @Override
    MemorySegment segment(SharedLongArray array) {
        return array.segment();
    }

    @Override
    double get(MemorySegment segment, long index) {
        return segment.getAtIndex(ValueLayout.JAVA_LONG, index);
    }

    @Override
    Buffer buffer(SharedLongArray array) {
        return array.buffer();
    }

    @Override
    void put(Buffer buffer, int index, int value) {
        ((LongBuffer) buffer).put(index, value);
    }

    @Override
    SharedLock lock(SharedLongArray array) {
        return array.lock();
    }

    @Test
    void overflow_wrapsAround() {
        SharedLongArray array = region.longArray(2);
        array.set(1, Long.MAX_VALUE);
        assertThat(array.addAndGet(1, 1)).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void updates_changeOneElement() {
        SharedLongArray array = region.longArray(3);
        array.set(1, 5);
        assertThat(array.getAndUpdate(1, value -> value * 3)).isEqualTo(5);
        assertThat(array.updateAndGet(1, value -> value - 1)).isEqualTo(14);
        assertThat(array.accumulateAndGet(1, 20, Math::max)).isEqualTo(20);
        assertThat(array.toArray()).containsExactly(0, 20, 0);
    }
}
