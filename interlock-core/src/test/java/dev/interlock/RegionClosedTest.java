package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is left of a region's handles when the region is closed. */
class RegionClosedTest {
    private record Point(int x, int y) {}

    private final Region region = Region.temporary();
    private final List<SharedObject> handles = new ArrayList<>();

    @BeforeEach
    void closeARegionWithEverythingInIt() {
        handles.add(region.lock("lock"));
        handles.add(region.intValue("int", 1));
        handles.add(region.longValue("long", 1));
        handles.add(region.doubleValue("double", 1));
        handles.add(region.booleanValue("boolean", true));
        handles.add(region.byteArray("bytes", 4));
        handles.add(region.shortArray("shorts", 4));
        handles.add(region.intArray("ints", 4));
        handles.add(region.longArray("longs", 4));
        handles.add(region.floatArray("floats", 4));
        handles.add(region.doubleArray("doubles", 4));
        handles.add(region.record("record", Point.class));
        handles.add(region.block("block", 4));
        handles.add(region.longValue("with a lock", 1).lock());
        region.close();
    }

    private static void assertClosed(ThrowingCallable call) {
        assertThatIllegalStateException().isThrownBy(call);
    }

    @Test
    void handles_throw() {
        for (SharedObject handle : handles) {
            switch (handle) {
                case SharedLock lock -> {
                    assertClosed(lock::lock);
                    assertClosed(lock::tryLock);
                    assertClosed(lock::acquire);
                    assertClosed(lock::isLocked);
                    assertClosed(lock::owner);
                    assertClosed(lock::token);
                }
                case SharedInt value -> {
                    assertClosed(value::get);
                    assertClosed(() -> value.set(1));
                    assertClosed(value::getPlain);
                    assertClosed(value::incrementAndGet);
                    assertClosed(() -> value.compareAndSet(1, 2));
                    assertClosed(() -> value.updateAndGet(x -> x));
                    assertClosed(value::lock);
                }
                case SharedLong value -> {
                    assertClosed(value::get);
                    assertClosed(() -> value.getAndAdd(1));
                    assertClosed(value::lock);
                }
                case SharedDouble value -> {
                    assertClosed(value::get);
                    assertClosed(() -> value.getAndAdd(1));
                    assertClosed(value::lock);
                }
                case SharedBoolean value -> {
                    assertClosed(value::get);
                    assertClosed(() -> value.set(false));
                    assertClosed(value::lock);
                }
                case SharedRecord<?> value -> {
                    assertClosed(value::get);
                    assertClosed(() -> value.update(x -> x));
                    assertClosed(value::lock);
                }
                case SharedByteArray array -> {
                    assertClosed(() -> array.get(0));
                    assertClosed(() -> array.compareAndSet(0, (byte) 0, (byte) 1));
                    assertClosed(array::toArray);
                    assertClosed(array::segment);
                    assertClosed(array::buffer);
                    assertClosed(array::lock);
                }
                case SharedShortArray array -> {
                    assertClosed(() -> array.get(0));
                    assertClosed(array::toArray);
                    assertClosed(array::segment);
                    assertClosed(array::buffer);
                    assertClosed(array::lock);
                }
                case SharedIntArray array -> {
                    assertClosed(() -> array.set(0, 1));
                    assertClosed(() -> array.copyFrom(new int[1]));
                    assertClosed(array::segment);
                    assertClosed(array::buffer);
                    assertClosed(array::lock);
                }
                case SharedLongArray array -> {
                    assertClosed(() -> array.getAndAdd(0, 1));
                    assertClosed(() -> array.copyTo(new long[1]));
                    assertClosed(array::segment);
                    assertClosed(array::buffer);
                    assertClosed(array::lock);
                }
                case SharedFloatArray array -> {
                    assertClosed(() -> array.get(0));
                    assertClosed(array::segment);
                    assertClosed(array::buffer);
                    assertClosed(array::lock);
                }
                case SharedDoubleArray array -> {
                    assertClosed(() -> array.get(0));
                    assertClosed(array::segment);
                    assertClosed(array::buffer);
                    assertClosed(array::lock);
                }
                case SharedBlock block -> {
                    assertClosed(block::segment);
                    assertClosed(block::byteBuffer);
                    assertClosed(block::path);
                }
                default -> throw new AssertionError(handle);
            }
        }
    }

    @Test
    void toString_name_equalsAndHashCode_remain() {
        assertThat(handles)
                .allSatisfy(handle -> {
                    assertThat(handle.toString())
                            .contains("'" + handle.name() + "'", region.name())
                            .endsWith(", closed");
                    assertThat(handle).isEqualTo(handle).hasSameHashCodeAs(handle);
                });
    }

    @Test
    void theRegionItself_throwsToo_andSaysWhatToDo() {
        assertThatThrownBy(() -> region.lock("lock"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'" + region.name() + "' is closed")
                .hasMessageContaining("Open it again");
        assertClosed(() -> region.intValue(1));
        assertClosed(() -> region.byteArray("new", 1));
        assertClosed(() -> region.record("record", Point.class));
        assertClosed(() -> region.record("record", Point.class, new Point(1, 2)));
        assertClosed(() -> region.block(1));
        assertClosed(region::objects);
        assertClosed(region::processes);
        assertClosed(region::unlink);
    }

    @Test
    void segmentsAndBuffersFromBefore_throwAtEveryAccess() {
        MemorySegment segment;
        MemorySegment raw;
        ByteBuffer buffer;
        try (Region open = Region.temporary()) {
            SharedIntArray array = open.intArray("a", 4);
            segment = array.segment();
            raw = open.block("b", 8).segment();
            buffer = open.byteArray("c", 4).buffer();
            segment.setAtIndex(ValueLayout.JAVA_INT, 3, 9);
        }
        assertClosed(() -> segment.getAtIndex(ValueLayout.JAVA_INT, 3));
        assertClosed(() -> segment.asSlice(4).fill((byte) 0));
        assertClosed(() -> raw.get(ValueLayout.JAVA_LONG, 0));
        assertClosed(() -> buffer.get(0));
    }
}
