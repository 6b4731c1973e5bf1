package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.interlock.internal.sync.Cpus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A thread that may run on one CPU only, in a process that may run on several. */
@Timeout(120)
class PinnedThreadTest {
    static final class Program {
        public static void main(String[] arguments) throws Exception {
            try (Region region = Region.temporary()) {
                Thread pinned = Thread.ofPlatform().start(() -> useAnEvent(region));
                pinned.join();
                System.out.println("seen by the process: " + (Cpus.isOne() ? "one" : "several"));
            }
        }

        private static void useAnEvent(Region region) {
            try {
                System.out.println("seen by the thread: " + pin());
                region.event().await(Duration.ofMillis(1));
            } catch (Exception e) {
                System.out.println(e);
            }
        }

        private static int pin() throws Exception {
            String self =
                    Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName().toString();
            new ProcessBuilder("taskset", "-cp", "0", self)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            return Runtime.getRuntime().availableProcessors();
        }
    }

    @Test
    void aPinnedThread_thatIsTheFirstToWait_doesNotKeepTheOthersFromSpinning() throws Exception {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1);

        List<String> lines;
        try (JavaProgram program = JavaProgram.run(Program.class)) {
            lines = program.readAll();
        }

        assumeTrue(lines.contains("seen by the thread: 1"), "no taskset: " + lines);
        assertThat(lines).contains("seen by the process: several");
    }
}
