package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.Buffer;
import java.nio.IntBuffer;
import org.junit.jupiter.api.Test;

class SharedIntArrayTest extends SharedArrayContract<SharedIntArray, int[]> {
    @Override
    SharedIntArray make(String name, long length) {
        return region.intArray(name, length);
    }

    @Override
    SharedIntArray makeUnnamed(long length) {
        return region.intArray(length);
    }

    @Override
    int[] javaArray(int... elements) {
        return elements.clone();
    }

    @Override
    int elementBytes() {
        return Integer.BYTES;
    }

    @Override
    long length(SharedIntArray array) {
        return array.length();
    }

    @Override
    double get(SharedIntArray array, long index) {
        return array.get(index);
    }

    @Override
    void set(SharedIntArray array, long index, int value) {
        array.set(index, value);
    }

    @Override
    double getAndAdd(SharedIntArray array, long index, int delta) {
        return array.getAndAdd(index, delta);
    }

    @Override
    double addAndGet(SharedIntArray array, long index, int delta) {
        return array.addAndGet(index, delta);
    }

    @Override
    boolean compareAndSet(SharedIntArray array, long index, int expected, int value) {
        return array.compareAndSet(index, expected, value);
    }

    @Override
    int[] toArray(SharedIntArray array) {
        return array.toArray();
    }

    @Override
    void copyFrom(SharedIntArray array, int[] source) {
        array.copyFrom(source);
    }

    @Override
    void copyFrom(SharedIntArray array, int[] source, int sourceIndex, long index, int count) {
        array.copyFrom(source, sourceIndex, index, count);
    }

    @Override
    void copyTo(SharedIntArray array, int[] target) {
        array.copyTo(target);
    }

    @Override
    void copyTo(SharedIntArray array, long index, int[] target, int targetIndex, int count) {
        array.copyTo(index, target, targetIndex, count);
    }

    @Override
    MemorySegment segment(SharedIntArray array) {
        return array.segment();
    }

    @Override
    double get(MemorySegment segment, long index) {
        return segment.getAtIndex(ValueLayout.JAVA_INT, index);
    }

    @Override
    Buffer buffer(SharedIntArray array) {
        return array.buffer();
    }

    @Override
    void put(Buffer buffer, int index, int value) {
        ((IntBuffer) buffer).put(index, value);
    }

    @Override
    SharedLock lock(SharedIntArray array) {
        return array.lock();
    }

    @Test
    void overflow_wrapsAround() {
        SharedIntArray array = region.intArray(2);
        array.set(1, Integer.MAX_VALUE);
        assertThat(array.addAndGet(1, 1)).isEqualTo(Integer.MIN_VALUE);
    }

    @Test
    void updates_changeOneElement() {
        SharedIntArray array = region.intArray(3);
        array.set(1, 5);
        assertThat(array.getAndUpdate(1, value -> value * 3)).isEqualTo(5);
        assertThat(array.updateAndGet(1, value -> value - 1)).isEqualTo(14);
        assertThat(array.accumulateAndGet(1, 20, Math::max)).isEqualTo(20);
        assertThat(array.toArray()).containsExactly(0, 20, 0);
    }
}
