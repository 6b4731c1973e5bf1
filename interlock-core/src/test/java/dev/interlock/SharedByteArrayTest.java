package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class SharedByteArrayTest extends SharedArrayContract<SharedByteArray, byte[]> {
    @Override
    SharedByteArray make(String name, long length) {
        return region.byteArray(name, length);
    }

    @Override
    SharedByteArray makeUnnamed(long length) {
        return region.byteArray(length);
    }

    @Override
    byte[] javaArray(int... elements) {
        byte[] array = new byte[elements.length];
        for (int i = 0; i < array.length; i++) array[i] = (byte) elements[i];
        return array;
    }

    @Override
    int elementBytes() {
        return Byte.BYTES;
    }

    @Override
    long length(SharedByteArray array) {
        return array.length();
    }

    @Override
    double get(SharedByteArray array, long index) {
        return array.get(index);
    }

    @Override
    void set(SharedByteArray array, long index, int value) {
        array.set(index, (byte) value);
    }

    @Override
    double getAndAdd(SharedByteArray array, long index, int delta) {
        return array.getAndAdd(index, (byte) delta);
    }

    @Override
    double addAndGet(SharedByteArray array, long index, int delta) {
        return array.addAndGet(index, (byte) delta);
    }

    @Override
    boolean compareAndSet(SharedByteArray array, long index, int expected, int value) {
        return array.compareAndSet(index, (byte) expected, (byte) value);
    }

    @Override
    byte[] toArray(SharedByteArray array) {
        return array.toArray();
    }

    @Override
    void copyFrom(SharedByteArray array, byte[] source) {
        array.copyFrom(source);
    }

    @Override
    void copyFrom(SharedByteArray array, byte[] source, int sourceIndex, long index, int count) {
        array.copyFrom(source, sourceIndex, index, count);
    }

    @Override
    void copyTo(SharedByteArray array, byte[] target) {
        array.copyTo(target);
    }

    @Override
    void copyTo(SharedByteArray array, long index, byte[] target, int targetIndex, int count) {
        array.copyTo(index, target, targetIndex, count);
    }

    @Override
    MemorySegment segment(SharedByteArray array) {
        return array.segment();
    }

    @Override
    double get(MemorySegment segment, long index) {
        return segment.get(ValueLayout.JAVA_BYTE, index);
    }

    @Override
    Buffer buffer(SharedByteArray array) {
        return array.buffer();
    }

    @Override
    void put(Buffer buffer, int index, int value) {
        ((ByteBuffer) buffer).put(index, (byte) value);
    }

    @Override
    SharedLock lock(SharedByteArray array) {
        return array.lock();
    }

    @Test
    void overflow_wrapsAround() {
        SharedByteArray array = region.byteArray(2);
        array.set(1, Byte.MAX_VALUE);
        assertThat(array.addAndGet(1, (byte) 1)).isEqualTo(Byte.MIN_VALUE);
        assertThat(array.getAndAdd(1, (byte) -1)).isEqualTo(Byte.MIN_VALUE);
        assertThat(array.toArray()).containsExactly(0, Byte.MAX_VALUE);
    }
}
