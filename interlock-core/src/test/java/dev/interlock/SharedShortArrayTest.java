package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.Buffer;
import java.nio.ShortBuffer;
import org.junit.jupiter.api.Test;

class SharedShortArrayTest extends SharedArrayContract<SharedShortArray, short[]> {
    @Override
    SharedShortArray make(String name, long length) {
        return region.shortArray(name, length);
    }

    @Override
    SharedShortArray makeUnnamed(long length) {
        return region.shortArray(length);
    }

    @Override
    short[] javaArray(int... elements) {
        short[] array = new short[elements.length];
        for (int i = 0; i < array.length; i++) array[i] = (short) elements[i];
        return array;
    }

    @Override
    int elementBytes() {
        return Short.BYTES;
    }

    @Override
    long length(SharedShortArray array) {
        return array.length();
    }

    @Override
    double get(SharedShortArray array, long index) {
        return array.get(index);
    }

    @Override
    void set(SharedShortArray array, long index, int value) {
        array.set(index, (short) value);
    }

    @Override
    double getAndAdd(SharedShortArray array, long index, int delta) {
        return array.getAndAdd(index, (short) delta);
    }

    @Override
    double addAndGet(SharedShortArray array, long index, int delta) {
        return array.addAndGet(index, (short) delta);
    }

    @Override
    boolean compareAndSet(SharedShortArray array, long index, int expected, int value) {
        return array.compareAndSet(index, (short) expected, (short) value);
    }

    @Override
    short[] toArray(SharedShortArray array) {
        return array.toArray();
    }

    @Override
    void copyFrom(SharedShortArray array, short[] source) {
        array.copyFrom(source);
    }

    @Override
    void copyFrom(SharedShortArray array, short[] source, int sourceIndex, long index, int count) {
        array.copyFrom(source, sourceIndex, index, count);
    }

    @Override
    void copyTo(SharedShortArray array, short[] target) {
        array.copyTo(target);
    }

    @Override
    void copyTo(SharedShortArray array, long index, short[] target, int targetIndex, int count) {
        array.copyTo(index, target, targetIndex, count);
    }

    @Override
    MemorySegment segment(SharedShortArray array) {
        return array.segment();
    }

    @Override
    double get(MemorySegment segment, long index) {
        return segment.getAtIndex(ValueLayout.JAVA_SHORT, index);
    }

    @Override
    Buffer buffer(SharedShortArray array) {
        return array.buffer();
    }

    @Override
    void put(Buffer buffer, int index, int value) {
        ((ShortBuffer) buffer).put(index, (short) value);
    }

    @Override
    SharedLock lock(SharedShortArray array) {
        return array.lock();
    }

    @Test
    void overflow_wrapsAround() {
        SharedShortArray array = region.shortArray(2);
        array.set(1, Short.MAX_VALUE);
        assertThat(array.addAndGet(1, (short) 1)).isEqualTo(Short.MIN_VALUE);
        assertThat(array.toArray()).containsExactly(0, Short.MIN_VALUE);
    }
}
