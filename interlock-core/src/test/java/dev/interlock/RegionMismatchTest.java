package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RegionMismatchTest {
    private final Region region = Region.temporary();

    @AfterEach
    void close() {
        region.close();
    }

    private static AbstractThrowableAssert<?, ?> assertMismatch(ThrowingCallable call) {
        return assertThatThrownBy(call)
                .isInstanceOf(ObjectMismatchException.class)
                .hasMessageEndingWith("Open it as what it is, or choose another name.");
    }

    @Test
    void anotherType_isNamed() {
        region.longValue("x", 1);
        assertMismatch(() -> region.lock("x"))
                .hasMessageStartingWith(
                        "'x' in region '" + region.name() + "' is a SharedLong, not a SharedLock.");
        assertMismatch(() -> region.intValue("x", 1))
                .hasMessageContaining("is a SharedLong, not a SharedInt.");
        assertMismatch(() -> region.longArray("x", 3))
                .hasMessageContaining("is a SharedLong, not a SharedLongArray of length 3.");
        assertThat(region.longValue("x", 2).get()).isEqualTo(1);
    }

    @Test
    void anotherLength_isNamed() {
        region.byteArray("a", 10);
        region.block("b", 10);
        assertMismatch(() -> region.byteArray("a", 11))
                .hasMessageContaining(
                        "is a SharedByteArray of length 10, not a SharedByteArray of length 11.");
        assertMismatch(() -> region.block("b", 9))
                .hasMessageContaining(
                        "is a SharedBlock of length 10, not a SharedBlock of length 9.");
    }

    @Test
    void anotherOption_isNamed() {
        region.lock("l", LockOptions.onOwnerDeath(OwnerDeathPolicy.THROW));
        assertMismatch(() -> region.lock("l", LockOptions.onOwnerDeath(OwnerDeathPolicy.IGNORE)))
                .hasMessageContaining(
                        "is a SharedLock with ownerDeath THROW, not a SharedLock with ownerDeath IGNORE.");
        assertMismatch(() -> region.lock("l", LockOptions.defaults()))
                .hasMessageContaining("REPORT");
        assertThat(region.lock("l"))
                .isEqualTo(region.lock("l", LockOptions.onOwnerDeath(OwnerDeathPolicy.THROW)));
    }

    @Test
    void aLockThatWasMadeWithoutOptions_hasTheDefaultOnes() {
        SharedLock lock = region.lock("l");
        assertThat(region.lock("l", LockOptions.defaults())).isEqualTo(lock);
        assertMismatch(() -> region.lock("l", LockOptions.onOwnerDeath(OwnerDeathPolicy.THROW)))
                .hasMessageContaining("is a SharedLock with ownerDeath REPORT, not");
    }

    private record Place(int x, int y) {}

    private record Moved(long x, int y) {}

    private record Swapped(int y, int x) {}

    private record Renamed(int x, int y) {}

    private record Larger(int x, int y, double z) {}

    @Test
    void anotherLayoutOfARecord_isNamed() {
        region.record("p", Place.class);
        assertMismatch(() -> region.record("p", Moved.class))
                .hasMessageContaining(
                        "is a SharedRecord Place(int x, int y), not a SharedRecord Moved(long x, int y).");
        assertMismatch(() -> region.record("p", Swapped.class))
                .hasMessageContaining("not a SharedRecord Swapped(int y, int x).");
        assertMismatch(() -> region.record("p", Larger.class))
                .hasMessageContaining("Larger(int x, int y, double z)");
        assertMismatch(() -> region.intValue("p", 1))
                .hasMessageContaining("is a SharedRecord, not a SharedInt.");
    }

    @Test
    void aRecordOfAnotherName_withTheSameComponents_isTheSame() {
        SharedRecord<Place> place = region.record("p", Place.class);
        place.set(new Place(1, 2));
        assertThat(region.record("p", Renamed.class).get()).isEqualTo(new Renamed(1, 2));
    }
}
