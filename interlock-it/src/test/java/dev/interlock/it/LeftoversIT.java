package dev.interlock.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Runs last and alone, in the last module: of all that the tests of this build made, in any module, nothing is left, running or in shared
 * memory.
 */
class LeftoversIT {
    @BeforeEach
    void needsMark() {
        assumeTrue(TempRegionDirectory.SUITE != null, "what tests make is marked by Maven");
    }

    @Test
    void noProcessIsLeft() throws Exception {
        Await.until("no process of the tests runs: " + processes(), () -> processes().isEmpty());
    }

    @Test
    void noTestDirectoryIsLeft() throws Exception {
        try (Stream<Path> files = Files.list(TempRegionDirectory.PARENT)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .noneMatch(name ->
                            name.startsWith(TempRegionDirectory.prefix(TempRegionDirectory.SUITE)));
        }
    }

    /** Those with the mark in their environment, but for this one and its forefathers. */
    private static List<String> processes() throws IOException {
        String mark = "INTERLOCK_SUITE=" + TempRegionDirectory.SUITE + "\0";
        List<Long> own = new ArrayList<>();
        for (var each = ProcessHandle.current(); each != null; each = each.parent().orElse(null))
            own.add(each.pid());
        List<String> found = new ArrayList<>();
        ProcessHandle.allProcesses()
                .filter(process -> !own.contains(process.pid()))
                .forEach(process -> {
                    if (environment(process.pid()).contains(mark))
                        found.add(process.pid() + " " + process.info().commandLine().orElse(""));
                });
        return found;
    }

    /** Empty for a process that ends, is a zombie, or belongs to somebody else. */
    private static String environment(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/environ"), ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
