package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.internal.region.ObjectType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamConstants;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandleSerializationTest {
    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private RegionOptions here;
    private Region region;

    @BeforeEach
    void open() {
        here = RegionOptions.defaults().directory(directory).maxBytes(1 << 20);
        region = Region.open("sent", here);
    }

    /*
     * What arrives shares one opening that stays until the end of the process; here it must not outlive its directory.
     */
    @AfterEach
    void close() throws Exception {
        if (region.isClosed()) return;
        Region arrived = roundTrip(region);
        arrived.close();
        region.close();
    }

    private static byte[] bytesOf(Object object) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        return bytes.toByteArray();
    }

    private static Object read(byte[] bytes) throws IOException, ClassNotFoundException {
        try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return in.readObject();
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> T roundTrip(T object) throws IOException, ClassNotFoundException {
        return (T) object.getClass().cast(read(bytesOf(object)));
    }

    private record Pair(int left, int right) {}

    @Test
    void aRegion_arrivesAsAnOpeningOfItsOwn() throws Exception {
        Region arrived = roundTrip(region);
        region.intValue("n", 1).set(5);
        assertThat(arrived).isNotSameAs(region);
        assertThat(arrived.path()).isEqualTo(region.path());
        assertThat(arrived.intValue("n", 1).get()).isEqualTo(5);
        assertThat(roundTrip(region)).isSameAs(arrived);
        arrived.close();
        assertThat(region.intValue("n", 1).get()).isEqualTo(5);
        assertThat(roundTrip(region).isClosed()).isFalse();
    }

    @Test
    void aLock_arrives() throws Exception {
        SharedLock lock = region.lock("l", LockOptions.onOwnerDeath(OwnerDeathPolicy.THROW));
        SharedLock arrived = roundTrip(lock);
        assertThat(arrived).isEqualTo(lock).hasSameHashCodeAs(lock).hasToString(lock.toString());
        lock.lock();
        assertThat(arrived.isLocked()).isTrue();
        assertThat(arrived.isHeldByCurrentThread()).isTrue();
        arrived.unlock();
        assertThat(lock.isLocked()).isFalse();
    }

    @Test
    void theLockOfAnotherObject_arrives() throws Exception {
        SharedLock lock = region.longArray("a", 3).lock();
        SharedLock arrived = roundTrip(lock);
        assertThat(arrived).isEqualTo(lock).isNotEqualTo(region.longArray("a", 3));
        try (var held = arrived.acquire()) {
            assertThat(held).isNotNull();
            assertThat(region.longArray("a", 3).lock().isLocked()).isTrue();
        }
        SharedLock ofValue = region.doubleValue("d", 1).lock();
        assertThat(roundTrip(ofValue)).isEqualTo(ofValue);
    }

    @Test
    void values_arrive() throws Exception {
        SharedInt i = region.intValue("i", 1);
        assertThat(roundTrip(i).incrementAndGet()).isEqualTo(2);
        SharedLong l = region.longValue(5);
        assertThat(roundTrip(l).incrementAndGet()).isEqualTo(6);
        SharedDouble d = region.doubleValue("d", 0.5);
        roundTrip(d).set(1.5);
        SharedBoolean b = region.booleanValue("b", false);
        roundTrip(b).set(true);

        assertThat(i.get()).isEqualTo(2);
        assertThat(l.get()).isEqualTo(6);
        assertThat(d.get()).isEqualTo(1.5);
        assertThat(b.get()).isTrue();
        assertThat(roundTrip(l)).isEqualTo(l).isNotEqualTo(i);
    }

    @Test
    void arrays_arrive() throws Exception {
        SharedByteArray bytes = region.byteArray("bytes", 3);
        roundTrip(bytes).set(2, (byte) 1);
        SharedShortArray shorts = region.shortArray("shorts", 3);
        roundTrip(shorts).set(2, (short) 2);
        SharedIntArray ints = region.intArray("ints", 3);
        roundTrip(ints).set(2, 3);
        SharedLongArray longs = region.longArray("longs", 3);
        roundTrip(longs).set(2, 4);
        SharedFloatArray floats = region.floatArray("floats", 3);
        roundTrip(floats).set(2, 5);
        SharedDoubleArray doubles = region.doubleArray(3);
        roundTrip(doubles).set(2, 6);

        assertThat(bytes.toArray()).containsExactly(0, 0, 1);
        assertThat(shorts.toArray()).containsExactly(0, 0, 2);
        assertThat(ints.toArray()).containsExactly(0, 0, 3);
        assertThat(longs.toArray()).containsExactly(0, 0, 4);
        assertThat(floats.toArray()).containsExactly(0, 0, 5);
        assertThat(doubles.toArray()).containsExactly(0, 0, 6);
        assertThat(roundTrip(doubles)).isEqualTo(doubles);
    }

    @Test
    void recordsAndBlocks_arrive() throws Exception {
        SharedRecord<Pair> pair = region.record("p", Pair.class);
        roundTrip(pair).set(new Pair(1, -2));
        SharedBlock block = region.block("b", 10);
        roundTrip(block).byteBuffer().put(9, (byte) 7);

        assertThat(pair.get()).isEqualTo(new Pair(1, -2));
        assertThat(block.byteBuffer().get(9)).isEqualTo((byte) 7);
        assertThat(roundTrip(block)).isEqualTo(block);
        assertThat(roundTrip(pair)).isEqualTo(pair);
    }

    @Test
    void severalHandlesInOneMessage_arriveWithOneOpening() throws Exception {
        Object[] sent = {region.intValue("n", 1), region.intValue("n", 1).lock(), region};
        Object[] arrived = (Object[]) read(bytesOf(sent));
        assertThat(arrived[0]).isEqualTo(sent[0]);
        assertThat(arrived[1]).isEqualTo(sent[1]);
        assertThat(region.processes()).hasSize(1);
    }

    @Test
    void aHandleOfAClosedRegion_cannotBeSent() {
        SharedInt value = region.intValue("n", 1);
        region.close();
        assertThatThrownBy(() -> bytesOf(value))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'sent' is closed");
        assertThatThrownBy(() -> bytesOf(region)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aHandleOfARegionThatIsGone_doesNotArrive_norDoesItReachItsSuccessor() throws Exception {
        byte[] bytes = bytesOf(region.intValue("n", 1));
        region.unlink();
        region.close();
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(RegionNotFoundException.class)
                .hasMessageContaining("does not exist");
        try (Region successor = Region.create("sent", here)) {
            successor.intValue("n", 2);
            assertThatThrownBy(() -> read(bytes))
                    .isInstanceOf(RegionNotFoundException.class)
                    .hasMessageContaining("another one has its name");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -64, 64, 135_168, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE})
    void aReferenceToNoObject_isRefused(long payload) throws Exception {
        region.intValue("n", 1);
        byte[] bytes = bytesOf(Handle.of(region, payload, "n", ObjectType.INT));
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(InvalidObjectException.class)
                .hasMessageContaining("no SharedInt at offset " + payload);
    }

    @Test
    void aReferenceToAnObjectOfAnotherType_isRefused() throws Exception {
        long payload = region.intValue("n", 1).handle.payload();
        byte[] bytes = bytesOf(Handle.of(region, payload, "n", ObjectType.LONG_ARRAY));
        assertThatThrownBy(() -> read(bytes)).isInstanceOf(InvalidObjectException.class);
        byte[] noLock = bytesOf(region.intValue("n", 1).handle.lockWithin(8));
        assertThatThrownBy(() -> read(noLock)).isInstanceOf(InvalidObjectException.class);
    }

    private record Triple(int left, int right, int more) {}

    @Test
    void aRecordWhoseClassChanged_isRefused() throws Exception {
        long payload = region.record("p", Pair.class).handle.payload();
        byte[] bytes = bytesOf(Handle.ofRecord(region, payload, "p", Triple.class));
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(ObjectMismatchException.class)
                .hasMessageContaining("Pair(int left, int right), not a SharedRecord Triple(");
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                Region.class,
                SharedLock.class,
                SharedInt.class,
                SharedByteArray.class,
                SharedRecord.class,
                SharedBlock.class
            })
    void aStreamThatClaimsToHoldTheHandleItself_isRefused(Class<?> type) throws Exception {
        byte[] bytes = forged(type);
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(InvalidObjectException.class)
                .hasMessageContaining("not written by this library");
    }

    @Test
    void aReferenceWithNothingInIt_isRefused() throws Exception {
        assertThatThrownBy(() -> read(forged(Handle.class)))
                .isInstanceOf(InvalidObjectException.class);
        assertThatThrownBy(() -> read(forged(RegionReference.class)))
                .isInstanceOf(InvalidObjectException.class);
    }

    /* An object of that class, without any fields or superclass. */
    private static byte[] forged(Class<?> type) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeShort(ObjectStreamConstants.STREAM_MAGIC);
            out.writeShort(ObjectStreamConstants.STREAM_VERSION);
            out.writeByte(ObjectStreamConstants.TC_OBJECT);
            out.writeByte(ObjectStreamConstants.TC_CLASSDESC);
            out.writeUTF(type.getName());
            out.writeLong(ObjectStreamClass.lookup(type).getSerialVersionUID());
            out.writeByte(ObjectStreamConstants.SC_SERIALIZABLE);
            out.writeShort(0);
            out.writeByte(ObjectStreamConstants.TC_ENDBLOCKDATA);
            out.writeByte(ObjectStreamConstants.TC_NULL);
        }
        return bytes.toByteArray();
    }
}
