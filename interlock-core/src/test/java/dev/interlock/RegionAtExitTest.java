package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Regions of a JVM that ends. */
@Timeout(120)
class RegionAtExitTest {
    @TempDir(factory = InSharedMemory.class)
    Path directory;

    static final class Program {
        public static void main(String[] arguments) {
            RegionOptions options = RegionOptions.defaults().directory(Path.of(arguments[0]));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> use(options)));
        }

        private static void use(RegionOptions options) {
            try (Region region = Region.temporary(options)) {
                region.longValue("value", 1);
                System.out.println("used");
            }
            System.out.println("closed");
        }
    }

    @Test
    void aTemporaryRegion_canBeMadeByAShutdownHook_alsoAsTheFirst() throws Exception {
        try (JavaProgram program = JavaProgram.run(Program.class, directory.toString())) {
            assertThat(program.readAll()).containsSubsequence("used", "closed");
        }
        assertThat(directory.toFile().list()).isNullOrEmpty();
    }
}
