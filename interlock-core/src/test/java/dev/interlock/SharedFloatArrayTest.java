package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.Buffer;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

class SharedFloatArrayTest extends SharedArrayContract<SharedFloatArray, float[]> {
    @Override
    SharedFloatArray make(String name, long length) {
        return region.floatArray(name, length);
    }

    @Override
    SharedFloatArray makeUnnamed(long length) {
        return region.floatArray(length);
    }

    @Override
    float[] javaArray(int... elements) {
        float[] array = new float[elements.length];
        for (int i = 0; i < array.length; i++) array[i] = elements[i];
        return array;
    }

    @Override
    int elementBytes() {
        return Float.BYTES;
    }

    @Override
    long length(SharedFloatArray array) {
        return array.length();
    }

    @Override
    double get(SharedFloatArray array, long index) {
        return array.get(index);
    }

    @Override
    void set(SharedFloatArray array, long index, int value) {
        array.set(index, value);
    }

    @Override
    double getAndAdd(SharedFloatArray array, long index, int delta) {
        return array.getAndAdd(index, delta);
    }

    @Override
    double addAndGet(SharedFloatArray array, long index, int delta) {
        return array.addAndGet(index, delta);
    }

    @Override
    boolean compareAndSet(SharedFloatArray array, long index, int expected, int value) {
        return array.compareAndSet(index, expected, value);
    }

    @Override
    float[] toArray(SharedFloatArray array) {
        return array.toArray();
    }

    @Override
    void copyFrom(SharedFloatArray array, float[] source) {
        array.copyFrom(source);
    }

    @Override
    void copyFrom(SharedFloatArray array, float[] source, int sourceIndex, long index, int count) {
        array.copyFrom(source, sourceIndex, index, count);
    }

    @Override
    void copyTo(SharedFloatArray array, float[] target) {
        array.copyTo(target);
    }

    @Override
    void copyTo(SharedFloatArray array, long index, float[] target, int targetIndex, int count) {
        array.copyTo(index, target, targetIndex, count);
    }

    @Override
    MemorySegment segment(SharedFloatArray array) {
        return array.segment();
    }

    @Override
    double get(MemorySegment segment, long index) {
        return segment.getAtIndex(ValueLayout.JAVA_FLOAT, index);
    }

    @Override
    Buffer buffer(SharedFloatArray array) {
        return array.buffer();
    }

    @Override
    void put(Buffer buffer, int index, int value) {
        ((FloatBuffer) buffer).put(index, value);
    }

    @Override
    SharedLock lock(SharedFloatArray array) {
        return array.lock();
    }

    @Test
    void compareAndSet_comparesBits_soThatNoSumIsLostToNaN() {
        SharedFloatArray array = region.floatArray(1);
        assertThat(array.compareAndSet(0, -0.0f, 1)).isFalse();
        array.set(0, Float.NaN);
        assertThat(array.addAndGet(0, 1)).isNaN();
        assertThat(array.compareAndSet(0, Float.NaN, 0.5f)).isTrue();
        assertThat(array.toArray()).containsExactly(0.5f);
    }
}
