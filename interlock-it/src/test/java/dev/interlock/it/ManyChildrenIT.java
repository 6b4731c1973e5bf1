package dev.interlock.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.ChildProcess;
import dev.interlock.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many children at once: all run, and afterwards this process is as it was. */
@Timeout(300)
class ManyChildrenIT {
    private static final int CHILDREN = 200;

    @Test
    void twoHundredAtOnce_allRun_andLeaveNothing() throws Exception {
        ChildProcess.start(() -> 0).join(); // what is opened once, is open
        long descriptors = descriptors();
        List<ChildProcess<Integer>> children = new ArrayList<>();
        for (int i = 0; i < CHILDREN; i++) {
            int number = i;
            children.add(ChildProcess.start(() -> number * number));
        }
        for (int i = 0; i < CHILDREN; i++) {
            assertThat(children.get(i).get()).isEqualTo(i * i);
            assertThat(children.get(i).exitStatus()).isEqualTo(ExitStatus.exited(0));
        }
        assertThat(ChildProcess.active()).isEmpty();
        Await.until(
                "no child is left, not even as a zombie",
                () -> ProcessHandle.current().children().findAny().isEmpty());
        Await.until("all descriptors are closed", () -> descriptors() <= descriptors);
        Await.until("all threads have ended", () -> threads().isEmpty());
        assertThat(files()).isEmpty();
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.contains("Process-"))
                .toList();
    }

    /* Reports have the pid in their names. */
    private static List<String> files() throws IOException {
        Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        Path directory = Path.of("/dev/shm/interlock-" + user);
        if (!Files.exists(directory)) return List.of();
        String own = "~report-" + ProcessHandle.current().pid() + "-";
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(own))
                    .toList();
        }
    }
}
