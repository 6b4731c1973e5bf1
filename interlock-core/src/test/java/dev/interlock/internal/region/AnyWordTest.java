package dev.interlock.internal.region;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.internal.region.AnyWord.Watched;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Waiting for several words where a thread may not sleep in the kernel. */
class AnyWordTest {
    @TempDir Path directory;

    /* What hindered it from sleeping may be over by then. */
    @Test
    void aWaitThatPolls_returnsSoon_soThatItsCallerDecidesAnew() throws Exception {
        Path path = directory.resolve("words");
        try (var file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(4096);
            try (Mapping ofNoMember = new Mapping(path, file, 4096, null)) {
                List<Watched> unchanged = List.of(new Watched(ofNoMember, 0, 0));
                Thread waiting =
                        Thread.ofPlatform()
                                .daemon()
                                .start(() -> new AnyWord().await(unchanged, Long.MAX_VALUE));
                boolean returned = waiting.join(Duration.ofSeconds(30));
                waiting.interrupt();
                waiting.join();
                assertThat(returned).isTrue();
            }
        }
    }
}
