package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.Buffer;
import java.nio.DoubleBuffer;
import org.junit.jupiter.api.Test;

class SharedDoubleArrayTest extends SharedArrayContract<SharedDoubleArray, double[]> {
    @Override
    SharedDoubleArray make(String name, long length) {
        return region.doubleArray(name, length);
    }

    @Override
    SharedDoubleArray makeUnnamed(long length) {
        return region.doubleArray(length);
    }

    @Override
    double[] javaArray(int... elements) {
        double[] array = new double[elements.length];
        for (int i = 0; i < array.length; i++) array[i] = elements[i];
        return array;
    }

    @Override
    int elementBytes() {
        return Double.BYTES;
    }

    @Override
    long length(SharedDoubleArray array) {
        return array.length();
    }

    @Override
    double get(SharedDoubleArray array, long index) {
        return array.get(index);
    }

    @Override
    void set(SharedDoubleArray array, long index, int value) {
        array.set(index, value);
    }

    @Override
    double getAndAdd(SharedDoubleArray array, long index, int delta) {
        return array.getAndAdd(index, delta);
    }

    @Override
    double addAndGet(SharedDoubleArray array, long index, int delta) {
        return array.addAndGet(index, delta);
    }

    @Override
    boolean compareAndSet(SharedDoubleArray array, long index, int expected, int value) {
        return array.compareAndSet(index, expected, value);
    }

    @Override
    double[] toArray(SharedDoubleArray array) {
        return array.toArray();
    }

    @Override
    void copyFrom(SharedDoubleArray array, double[] source) {
        array.copyFrom(source);
    }

    @Override
    void copyFrom(
            SharedDoubleArray array, double[] source, int sourceIndex, long index, int count) {
        array.copyFrom(source, sourceIndex, index, count);
    }

    @Override
    void copyTo(SharedDoubleArray array, double[] target) {
        array.copyTo(target);
    }

    @Override
    void copyTo(SharedDoubleArray array, long index, double[] target, int targetIndex, int count) {
        array.copyTo(index, target, targetIndex, count);
    }

    @Override
    MemorySegment segment(SharedDoubleArray array) {
        return array.segment();
    }

    @Override
    double get(MemorySegment segment, long index) {
        return segment.getAtIndex(ValueLayout.JAVA_DOUBLE, index);
    }

    @Override
    Buffer buffer(SharedDoubleArray array) {
        return array.buffer();
    }

    @Override
    void put(Buffer buffer, int index, int value) {
        ((DoubleBuffer) buffer).put(index, value);
    }

    @Override
    SharedLock lock(SharedDoubleArray array) {
        return array.lock();
    }

    @Test
    void compareAndSet_comparesBits_soThatNoSumIsLostToNaN() {
        SharedDoubleArray array = region.doubleArray(1);
        assertThat(array.compareAndSet(0, -0.0, 1)).isFalse();
        array.set(0, Double.NaN);
        assertThat(array.addAndGet(0, 1)).isNaN();
        assertThat(array.compareAndSet(0, Double.NaN, 0.5)).isTrue();
        assertThat(array.toArray()).containsExactly(0.5);
    }

    @Test
    void updates_changeOneElement() {
        SharedDoubleArray array = region.doubleArray(3);
        array.set(1, 5);
        assertThat(array.getAndUpdate(1, value -> value * 3)).isEqualTo(5);
        assertThat(array.updateAndGet(1, value -> value - 1)).isEqualTo(14);
        assertThat(array.accumulateAndGet(1, 20, Math::max)).isEqualTo(20);
        assertThat(array.toArray()).containsExactly(0, 20, 0);
    }
}
