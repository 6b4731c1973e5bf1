package dev.interlock.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.ChildProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A JVM that starts before its task is known becomes one child, or ends. */
@Timeout(60)
class EarlyJvmTest {
    private static EarlyJvm start(String name) {
        return Objects.requireNonNull(EarlyJvm.start(name));
    }

    private static Stream<ProcessHandle> listedAs(String name) {
        return ProcessHandle.current()
                .children()
                .filter(child ->
                        child.info()
                                .commandLine()
                                .filter(line -> line.contains("interlock.process.name=" + name))
                                .isPresent());
    }

    @Test
    void itBecomesTheChild() throws Exception {
        EarlyJvm early = start("listed");
        ChildProcess<String> child =
                Launch.of(() ->
                                ChildProcess.current().name()
                                        + Files.readString(Path.of("/proc/self/cmdline")))
                        .name("named")
                        .in(early)
                        .start();
        assertThat(child.get()).startsWith("named").contains("interlock.process.name=listed");
        child.join();
        assertThat(early.take()).as("taken").isNull();
        early.giveUp(); // does nothing now
    }

    @Test
    void aChildWithOptionsOfItsOwn_hasItsOwn() throws Exception {
        EarlyJvm early = start("unused");
        ChildProcess<String> child =
                Launch.of(() -> System.getProperty("own", "no"))
                        .jvmOptions("-Down=yes")
                        .in(early)
                        .start();
        assertThat(child.get()).isEqualTo("yes");
        child.join();
        Spare spare = Objects.requireNonNull(early.take());
        assertThat(spare.isAlive()).isTrue();
        spare.end();
        assertThat(spare.process().waitFor()).isNotZero();
    }

    @Test
    void oneThatDiedMeanwhile_isReplaced() throws Exception {
        EarlyJvm early = start("dead");
        while (listedAs("dead").findAny().isEmpty()) TimeUnit.MILLISECONDS.sleep(1);
        ProcessHandle jvm = listedAs("dead").findAny().orElseThrow();
        jvm.destroyForcibly();
        jvm.onExit().join();
        ChildProcess<Integer> child = Launch.of(() -> 1).in(early).start();
        assertThat(child.get()).isEqualTo(1);
        child.join();
    }

    @Test
    void givenUp_itEnds() throws Exception {
        EarlyJvm early = start("given-up");
        while (listedAs("given-up").findAny().isEmpty()) TimeUnit.MILLISECONDS.sleep(1);
        early.giveUp();
        assertThat(early.take()).isNull();
        while (listedAs("given-up").findAny().isPresent()) TimeUnit.MILLISECONDS.sleep(1);
    }
}
