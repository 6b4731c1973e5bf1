package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The first worker of a pool, whose JVM starts before the rest of the pool is made. */
@Timeout(60)
class FirstWorkerTest {
    @Test
    void processListingsShowItsName() throws Exception {
        try (ProcessPool pool = ProcessPool.builder().workers(1).name("listed").start()) {
            assertThat(pool.submit(() -> Files.readString(Path.of("/proc/self/cmdline"))).get())
                    .contains("interlock.process.name=listed-worker-1");
        }
    }

    @Test
    void itHasTheOptionsAndTheEnvironmentOfThePool() throws Exception {
        try (ProcessPool pool =
                ProcessPool.builder()
                        .workers(1)
                        .jvmOptions("-Down=property")
                        .environment("OWN", "variable")
                        .start()) {
            assertThat(pool.submit(() -> System.getProperty("own") + System.getenv("OWN")).get())
                    .isEqualTo("propertyvariable");
        }
    }

    @Test
    void ofAPoolThatIsClosedAtOnce_nothingIsLeft() throws Exception {
        ProcessPool.builder().workers(1).name("closed").start().close();
        while (ProcessHandle.current()
                .children()
                .anyMatch(
                        child -> child.info().commandLine().orElse("").contains("closed-worker-1")))
            TimeUnit.MILLISECONDS.sleep(1);
    }
}
