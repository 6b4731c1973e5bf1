package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.internal.sync.Words;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who waits with others for what may not be told of looks again, and then sleeps for good. */
class QueueReadinessTest {
    private static final long SETTLED_NANOS = 2_000_000;

    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private Region region;
    private SharedQueue<String> queue;

    @BeforeEach
    void open() {
        region = Region.open("r", RegionOptions.defaults().directory(directory));
        queue = region.queue("q", QueueOptions.capacity(1));
    }

    @AfterEach
    void close() {
        region.close();
    }

    private static void settle(Readiness readiness) {
        assertThat(looksAgain(readiness)).isTrue();
        long until = readiness.until(Words.NEVER);
        Watchdog.await("it is settled", () -> System.nanoTime() >= until);
        assertThat(looksAgain(readiness)).isFalse();
    }

    private static boolean looksAgain(Readiness readiness) {
        assertThat(readiness.isReady()).isFalse();
        return readiness.until(Words.NEVER) != Words.NEVER;
    }

    @Test
    void whoMayGoUntold_looksAgainOnce() {
        queue.add("a");
        try (Readiness room = queue.roomReadiness()) {
            long start = System.nanoTime();
            assertThat(looksAgain(room)).isTrue();
            long until = room.until(Words.NEVER);
            assertThat(until - start).isGreaterThanOrEqualTo(SETTLED_NANOS);
            Watchdog.await("it is settled", () -> System.nanoTime() >= until);
            assertThat(looksAgain(room)).isFalse();
        }
    }

    @Test
    void whoAnnouncesItselfAnew_looksAgain() {
        queue.add("a");
        try (Readiness room = queue.roomReadiness()) {
            settle(room);
            queue.remove(); // tells this one, who is the only one to wait
            queue.add("b");
            assertThat(looksAgain(room)).isTrue();
        }
    }

    @Test
    void anEarlierDeadline_isKept() {
        queue.add("a");
        try (Readiness room = queue.roomReadiness()) {
            assertThat(room.isReady()).isFalse();
            long now = System.nanoTime();
            assertThat(room.until(now)).isEqualTo(now);
        }
    }

    @Test
    void messages_areAlwaysTold() {
        try (Readiness items = queue.readiness()) {
            assertThat(looksAgain(items)).isFalse();
        }
    }

    @Test
    void theEndWhileSomebodyReads_mayGoUntold() throws Exception {
        queue.add("a");
        try (Lease<String> lease = queue.takeLease();
                Readiness items = queue.readiness()) {
            assertThat(looksAgain(items)).isFalse();
            queue.close();
            settle(items);
            lease.ack();
            assertThat(items.isReady()).isTrue();
        }
    }
}
