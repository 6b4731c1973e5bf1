package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of a pool whose program ends without closing it: its workers end, one in a busy loop and one asleep, and its memory goes. */
@Timeout(120)
class ProcessPoolParentTest {
    private static final int WORKERS = 2;

    private final List<ProcessHandle> workers = new ArrayList<>();
    private @Nullable JavaProgram started;

    /** Keeps all workers busy for ever. */
    static final class Program {
        public static void main(String[] arguments) throws Exception {
            ProcessPool pool = ProcessPool.of(WORKERS);
            pool.execute(() -> spin());
            pool.execute(() -> sleep());
            for (int i = 0; i < 100; i++) pool.execute(() -> System.out.println("never"));
            new CountDownLatch(1).await();
        }
    }

    static void spin() {
        System.out.println(ProcessHandle.current().pid());
        while (true) Thread.onSpinWait();
    }

    static void sleep() {
        System.out.println(ProcessHandle.current().pid());
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private JavaProgram start() throws Exception {
        JavaProgram program =
                JavaProgram.launch(
                        Path.of("").toAbsolutePath(),
                        "--enable-native-access=ALL-UNNAMED", // so that nothing else is printed
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName());
        started = program;
        for (int i = 0; i < WORKERS; i++) workers.add(program.readProcess());
        return program;
    }

    @AfterEach
    void endAll() {
        if (started != null) started.close();
        workers.forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void aKilledParent_takesWorkersAndMemoryAlong() throws Exception {
        try (JavaProgram program = start()) {
            program.process().destroyForcibly();
            assertAllIsGone(program);
        }
    }

    @Test
    void controlC_endsAllQuietly_withStatus130() throws Exception {
        assumeFalse(
                IgnoredSignals.has(IgnoredSignals.INT),
                "this JVM was started where control-C is ignored, by all");
        try (JavaProgram program = start()) {
            List<String> kill = new ArrayList<>(List.of("kill", "-INT"));
            kill.add(Long.toString(program.process().pid()));
            for (ProcessHandle worker : workers) kill.add(Long.toString(worker.pid()));
            assertThat(new ProcessBuilder(kill).inheritIO().start().waitFor()).isZero();
            assertThat(program.readAll()).isEmpty();
            assertThat(program.exitCode()).isEqualTo(130);
            assertAllIsGone(program);
        }
    }

    private void assertAllIsGone(JavaProgram program) throws Exception {
        for (ProcessHandle worker : workers) JavaProgram.awaitEnd(worker);
        long parent = program.process().pid();
        Watchdog.await("no file of the parent is left", () -> filesOf(parent).isEmpty());
        for (ProcessHandle worker : workers)
            Watchdog.await("no file of a worker is left", () -> filesOf(worker.pid()).isEmpty());
    }

    /* All that belongs to a process has its pid in its name. */
    private static List<String> filesOf(long pid) {
        try {
            Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            Path directory = Path.of("/dev/shm/interlock-" + user);
            if (!Files.exists(directory)) return List.of();
            try (Stream<Path> files = Files.list(directory)) {
                return files.map(file -> file.getFileName().toString())
                        .filter(name -> name.contains("-" + pid + "-"))
                        .toList();
            }
        } catch (IOException e) {
            return List.of(); // it was removed just now
        }
    }
}
