package dev.interlock.internal.region;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessIdentityTest {
    @TempDir Path directory;

    /* The groups of a user stand in front of what we look for, and there may be thousands. */
    @Test
    void files_areReadAsAWhole() throws Exception {
        for (int length : new int[] {1, 4095, 4096, 4097, 100_000}) {
            Path file = Files.writeString(directory.resolve("status"), "x".repeat(length));
            assertThat(ProcessIdentity.read(file.toString())).hasSize(length);
        }
    }

    @Test
    void whatIsEmptyOrAbsent_isNotRead() throws Exception {
        assertThat(ProcessIdentity.read(directory.resolve("absent").toString())).isNull();
        Path empty = Files.createFile(directory.resolve("empty"));
        assertThat(ProcessIdentity.read(empty.toString())).isNull();
    }

    @Test
    void thePidsOfAllNamespaces_areFound() {
        assertThat(ProcessIdentity.namespacePids("Name:\tjava\nNSpid:\t4711\t1\nThreads:\t9\n"))
                .isEqualTo("4711\t1");
    }

    @Test
    void aLineThatIsAbsentOrCutOff_isNotUsed() {
        assertThat(ProcessIdentity.namespacePids("Name:\tjava\n")).isNull();
        assertThat(ProcessIdentity.namespacePids("Name:\tjava\nNSpid:\t47")).isNull();
    }
}
