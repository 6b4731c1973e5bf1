package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A lock whose word names a process that is not there: nobody would ever release it, so who waits is told. */
@Timeout(60)
class DamagedLockTest {
    private static final int HEAP_LOCK = 128; // in the file
    private static final int NOBODYS = 37; // a process slot + 1

    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private Region open() {
        return Region.open("r", RegionOptions.defaults().directory(directory));
    }

    private void write(long at, int value) throws IOException {
        try (var file = new RandomAccessFile(directory.resolve("r").toFile(), "rw")) {
            file.seek(at);
            file.write(value);
        }
    }

    @Test
    void ofTheMemory_whoMakesAnObjectIsTold_andWhatIsThereCanBeRead() throws IOException {
        try (Region region = open()) {
            region.longValue("v", 1);
        }
        write(HEAP_LOCK, NOBODYS);

        try (Region region = open()) {
            assertThat(region.longValue("v", 0).get()).isEqualTo(1);
            assertThatThrownBy(() -> region.longValue("w", 1))
                    .isInstanceOf(RegionCorruptException.class)
                    .hasMessageContaining("owned by process slot 36, which is free");
            region.unlink();
        }
    }

    @Test
    void ofAProgram_whoWaitsIsTold_andTheRegionIsOfUse() throws Exception {
        try (Region region = open()) {
            SharedLock lock = region.lock("l");
            write(lock.handle.payload(), NOBODYS);

            assertThatThrownBy(lock::lock).isInstanceOf(RegionCorruptException.class);
            assertThatThrownBy(() -> lock.tryLock(Duration.ofMillis(50)))
                    .isInstanceOf(RegionCorruptException.class);
            assertThat(lock.tryLock()).isFalse();
            SharedLock other = region.lock("other");
            assertThat(other.tryLock()).isTrue();
            other.unlock();
            region.unlink();
        }
    }
}
