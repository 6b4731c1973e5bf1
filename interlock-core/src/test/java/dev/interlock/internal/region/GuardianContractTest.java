package dev.interlock.internal.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.interlock.InterlockException;
import dev.interlock.RegionOptions;
import dev.interlock.internal.os.Futex;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Where native code is to be had, the kernel is told to announce this process's death, and threads may sleep in it. */
class GuardianContractTest {
    private static final int ONLY_MEMBER = 0; // its slot

    /* Of 2^46 bytes: more than a process of 48 bits has addresses for. */
    private static final int TOO_MANY = 4;
    private static final RegionOptions AS_LARGE_AS_MAY_BE =
            RegionOptions.defaults().maxBytes(Regions.MAX_BYTES);

    @Test
    void everyRegionIsAnnounced_alsoOneThatIsOpenedLate() {
        assumeFalse(System.getProperty("interlock.wait", "futex").equals("poll"));
        try (OpenRegion early = Opening.temporary(RegionOptions.defaults()).region()) {
            assertThat(isSoon(() -> DeathWatch.isArmed(early.mapping(), ONLY_MEMBER))).isTrue();
            assertThat(isSoon(() -> Guardian.isWatching() == Futex.canWaitForMany()))
                    .as("the guardian has found out what the kernel offers")
                    .isTrue();
            try (OpenRegion late = Opening.temporary(RegionOptions.defaults()).region()) {
                assertThat(isSoon(() -> DeathWatch.isArmed(late.mapping(), ONLY_MEMBER))).isTrue();
            }
        }
    }

    @Test
    void everyRegionIsAnnounced_alsoWhereAnotherCannotBeMapped() {
        assumeFalse(System.getProperty("interlock.wait", "futex").equals("poll"));
        List<OpenRegion> tooLarge = new ArrayList<>();
        try {
            for (int i = 0; i < TOO_MANY; i++)
                tooLarge.add(Opening.temporary(AS_LARGE_AS_MAY_BE).region());
            assertThatThrownBy(() -> tooLarge.forEach(OpenRegion::mapping))
                    .isInstanceOf(InterlockException.class);
            try (OpenRegion region = Opening.temporary(RegionOptions.defaults()).region()) {
                assertThat(isSoon(() -> DeathWatch.isArmed(region.mapping(), ONLY_MEMBER)))
                        .isTrue();
            }
        } finally {
            tooLarge.forEach(OpenRegion::close);
        }
    }

    @Test
    void goesOn_afterAnError() {
        AtomicInteger looks = new AtomicInteger();
        List<Attachment> failing =
                new AbstractList<>() {
                    @Override
                    public int size() {
                        if (looks.incrementAndGet() <= 2) throw new OutOfMemoryError("a test's");
                        return 0;
                    }

                    @Override
                    public Attachment get(int index) {
                        throw new IndexOutOfBoundsException(index);
                    }
                };
        Thread.ofPlatform().daemon().start(new DeathWatch(failing)::run);
        assertThat(isSoon(() -> looks.get() > 2)).isTrue();
    }

    private static boolean isSoon(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) return false;
            LockSupport.parkNanos(1_000_000);
        }
        return true;
    }
}
