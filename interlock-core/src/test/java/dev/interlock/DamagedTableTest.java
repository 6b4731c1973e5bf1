package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the process table says of a dead process is damaged, so that it is not known to be dead: nobody waits for it in vain. */
@Timeout(120)
class DamagedTableTest {
    private static final int TABLE = 4096; // in the file
    private static final int PID = 16; // in a slot; here and below
    private static final int START = 24;
    private static final int NAMESPACE = 32;

    @TempDir(factory = InSharedMemory.class)
    Path directory;

    @BeforeEach
    void aProcessDiesWithTheLockInHand() throws Exception {
        Casualty.happens(directory, "r");
    }

    private Region open() {
        return Region.open("r", RegionOptions.defaults().directory(directory));
    }

    private void flip(long at, int bit) throws IOException {
        Bits.flip(directory.resolve("r"), at, bit);
    }

    private void requireFreeLock() {
        try (Region region = open()) {
            SharedLock lock = region.lock(Casualty.LOCK);
            assertThat(lock.tryLock()).isTrue();
            assertThat(lock.isAbandoned()).isTrue();
            lock.unlock();
            region.unlink();
        }
    }

    @Test
    void sound_theLockIsFree() {
        requireFreeLock();
    }

    @Test
    void state_isToldToWhoOpens() throws IOException {
        for (int bit = 2; bit < 32; bit++) {
            flip(TABLE, bit);
            assertThatThrownBy(this::open)
                    .isInstanceOf(RegionCorruptException.class)
                    .hasMessageContaining("slot 0 of its process table has the state");
            flip(TABLE, bit);
        }
        requireFreeLock();
    }

    @Test
    void damagedRegion_canBeUnlinked() throws IOException {
        flip(TABLE + NAMESPACE, 0);
        try (Region region = open()) {
            assertThatThrownBy(() -> region.lock(Casualty.LOCK))
                    .isInstanceOf(RegionCorruptException.class);
            region.unlink();
        }
        try (Region region = open()) {
            assertThat(region.lock(Casualty.LOCK).tryLock()).isTrue();
            region.unlink();
        }
    }

    /* Where another process seems to have been there, it is seen to be gone: then the lock is free, too. */
    @ParameterizedTest
    @ValueSource(ints = {PID, START, NAMESPACE})
    void identity_theLockIsFree_orWhoUsesAnObjectIsTold(int word) throws IOException {
        for (int bit = 0; bit < 64; bit += 5) {
            flip(TABLE + word, bit);
            try (Region region = open()) {
                assertThat(region.lock(Casualty.LOCK).tryLock()).as("bit " + bit).isTrue();
                return; // it is swept
            } catch (RegionCorruptException told) {
                assertThat(told).hasMessageContaining("slot 0 of its process table");
            }
            flip(TABLE + word, bit);
        }
        requireFreeLock();
    }
}
