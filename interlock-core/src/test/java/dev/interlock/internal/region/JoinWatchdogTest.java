package dev.interlock.internal.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JoinWatchdogTest {
    private static final long WATCHDOG_MILLIS = 60_000;
    private static final int ANYWHERE = 5;

    @TempDir Path directory;

    private RandomAccessFile open() throws IOException {
        return new RandomAccessFile(directory.resolve("lock").toFile(), "rw");
    }

    @Test
    void anOwnerThatHangs_endsTheWait() throws Exception {
        try (RandomAccessFile waiting = open()) {
            var watchdog = new JoinWatchdog(waiting, Duration.ofMillis(50).toNanos());
            watchdog.start();
            watchdog.join(WATCHDOG_MILLIS);
            assertThat(watchdog.isAlive()).isFalse();
            assertThat(waiting.getChannel().isOpen()).isFalse();
        }
    }

    @Test
    void aQueueThatGetsOn_isWaitedFor_howeverLongItIs() throws Exception {
        long patience = Duration.ofSeconds(2).toNanos();
        try (RandomAccessFile owner = open();
                RandomAccessFile waiting = open()) {
            var watchdog = new JoinWatchdog(waiting, patience);
            watchdog.start();
            long end = System.nanoTime() + 3 * patience;
            while (System.nanoTime() < end) {
                JoinLock.tellProgress(owner);
                Thread.sleep(10);
            }
            assertThat(waiting.getChannel().isOpen()).isTrue();
            watchdog.dismiss();
            watchdog.join(WATCHDOG_MILLIS);
        }
    }

    /* The owner writes into the file, where its position is. */
    @Test
    void oneThatWasDismissedBeforeItRuns_doesNotTouchTheFile() throws Exception {
        try (RandomAccessFile file = open()) {
            var watchdog = new JoinWatchdog(file, Duration.ofMinutes(1).toNanos());
            file.seek(ANYWHERE);
            watchdog.dismiss();
            watchdog.start();
            watchdog.join(WATCHDOG_MILLIS);
            assertThat(file.getFilePointer()).isEqualTo(ANYWHERE);
        }
    }

    @Test
    void anInterrupt_isKept_ifTheThreadCannotBeStarted() throws Exception {
        try (RandomAccessFile file = open()) {
            var watchdog = new JoinWatchdog(file, Duration.ofMinutes(1).toNanos());
            watchdog.dismiss();
            watchdog.start();
            watchdog.join(WATCHDOG_MILLIS);
            Thread.currentThread().interrupt();
            assertThatThrownBy(watchdog::waitForLock)
                    .isInstanceOf(IllegalThreadStateException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
