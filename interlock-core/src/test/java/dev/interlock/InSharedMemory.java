package dev.interlock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/** Directories for regions of one test, which JUnit removes with all that is left in them. */
final class InSharedMemory implements TempDirFactory {
    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test)
            throws IOException {
        Path memory = Path.of("/dev/shm");
        String prefix = "interlock-test-" + System.getenv("INTERLOCK_SUITE") + "-";
        return Files.isWritable(memory)
                ? Files.createTempDirectory(memory, prefix)
                : Files.createTempDirectory(prefix);
    }
}
