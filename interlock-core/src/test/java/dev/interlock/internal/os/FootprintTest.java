package dev.interlock.internal.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FootprintTest {
    @Test
    void shrink_letsGoOfFilePages_andAllRunsOn() throws IOException {
        Syscalls.linkNow();
        assumeThat(Syscalls.isReady()).isTrue();
        long before = residentFileKilobytes();
        Footprint.shrink();
        assertThat(residentFileKilobytes()).isLessThan(before);
        assertThat(Integer.toString(42)).isEqualTo("42");
    }

    private static long residentFileKilobytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("RssFile:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }
}
