package dev.interlock.internal.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MembershipTest {
    @TempDir private Path directory;

    @Test
    void aLivenessFileThatCannotBeLocked_isNotLeftOpen() throws Exception {
        Path path = directory.resolve("liveness");
        try (var holder = new RandomAccessFile(path.toFile(), "rw")) {
            var _ = holder.getChannel().lock();
            assertThatThrownBy(() -> Membership.locked(path))
                    .isInstanceOf(OverlappingFileLockException.class);
            assertThat(timesOpen(path)).isOne();
        }
    }

    private static int timesOpen(Path path) throws IOException {
        int times = 0;
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path file : open) if (isLinkTo(file, path)) times++;
        }
        return times;
    }

    private static boolean isLinkTo(Path file, Path target) {
        try {
            return Files.readSymbolicLink(file).equals(target);
        } catch (IOException e) {
            return false; // it was closed meanwhile
        }
    }
}
