package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JDK closes a file channel under an interrupted thread; none of that may reach a region. */
class RegionInterruptTest {
    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private RegionOptions here;

    @BeforeEach
    void interrupt() {
        here = RegionOptions.defaults().directory(directory).maxBytes(4 << 20);
        Thread.currentThread().interrupt();
    }

    @AfterEach
    void clear() {
        Thread.interrupted();
    }

    @Test
    void anInterruptedThread_opensUsesAndClosesARegion_andStaysInterrupted() {
        try (Region region = Region.open("r", here)) {
            region.lock("l").lock();
            region.lock("l").unlock();
            assertThat(region.longArray("a", 100_000).length())
                    .isEqualTo(100_000); // which grows the file
            assertThat(region.block("b", 1000).segment().byteSize()).isEqualTo(1000);
            assertThat(region.processes()).hasSize(1);
        }
        try (Region region = Region.attach("r", here)) {
            assertThat(region.objects()).hasSize(3);
            region.unlink();
        }
        assertThat(Region.list(directory)).isEmpty();
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }

    @Test
    void anInterruptedThread_makesATemporaryRegion_thatOthersUse() throws Exception {
        try (Region region = Region.temporary(here)) {
            SharedLong value = region.longValue("n", 1);
            Thread.interrupted();
            Concurrently.run(2, _ -> value.incrementAndGet());
            assertThat(region.longValue("n", 0).get()).isEqualTo(3);
            assertThat(region.intValue("more", 4).get()).isEqualTo(4);
        }
    }

    @Test
    void anInterruptedThread_doesNotDisturbAnotherOpening() throws Exception {
        Thread.interrupted();
        try (Region mine = Region.open("r", here)) {
            mine.intValue("n", 1);
            Thread.currentThread().interrupt();
            Region.open("r", here).close();
            assertThat(Thread.interrupted()).isTrue();

            assertThat(mine.longArray("later", 50_000).length()).isEqualTo(50_000);
            assertThat(mine.processes()).hasSize(1);
        }
    }
}
