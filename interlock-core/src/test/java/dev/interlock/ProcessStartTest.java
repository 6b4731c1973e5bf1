package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a child gets when it starts, and what is said if it does not. */
@Timeout(120)
class ProcessStartTest {
    @TempDir Path directory;

    @Test
    void aMissingDirectory_isNamed() {
        assertThatThrownBy(() ->
                        ChildProcess.of(() -> 1).directory(directory.resolve("absent")).start())
                .isInstanceOf(ProcessStartException.class)
                .hasMessageContaining(directory.resolve("absent").toString())
                .hasMessageContaining("does not exist");
        assertThat(ChildProcess.active()).isEmpty();
    }

    @Test
    void aMissingLauncher_isNamed() {
        String home = System.getProperty("java.home");
        System.setProperty("java.home", directory.toString());
        try {
            assertThatThrownBy(() -> ChildProcess.start(() -> 1))
                    .isInstanceOf(ProcessStartException.class)
                    .hasMessageContaining("there is no program '" + directory.resolve("bin/java"));
        } finally {
            System.setProperty("java.home", home);
        }
    }

    @Test
    void aBadOption_isShownWithWhatTheJvmSaid() {
        var child = ChildProcess.of(() -> 1).jvmOptions("-Xfoo").start();
        assertThatThrownBy(child::get)
                .cause()
                .isInstanceOf(ProcessDiedException.class)
                .hasMessageContaining("exited(1)")
                .hasMessageContaining("[-Xfoo]")
                .hasMessageContaining("Unrecognized option: -Xfoo");
    }

    @Test
    void aJvmThatNeverReadsItsTask_doesNotHangItsParent() {
        byte[] large = new byte[1_000_000];
        var child = ChildProcess.of(() -> large.length).jvmOptions("-Xmx1k").start();
        assertThatThrownBy(child::get).cause().isInstanceOf(ProcessDiedException.class);
    }

    @Test
    void environmentAndOptions_win() throws Exception {
        var child =
                ChildProcess.of(() ->
                                System.getenv("A")
                                        + System.getenv("B")
                                        + System.getProperty("c")
                                        + System.getProperty("user.dir"))
                        .environment("A", "1")
                        .environment(Map.of("B", "2"))
                        .jvmOptions("-Dc=3")
                        .directory(directory)
                        .start();
        assertThat(child.get()).isEqualTo("123" + directory.toRealPath());
    }

    @Test
    void theNameOfAProcess_isVisibleOutside() throws Exception {
        var child =
                ChildProcess.of(() -> Files.readString(Path.of("/proc/self/cmdline")))
                        .name("my worker")
                        .start();
        assertThat(child.get()).contains("-Dinterlock.process.name=my worker");
        assertThatThrownBy(() -> ChildProcess.of(() -> 1).name("two\nlines"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aBuilder_startsSeveral() throws Exception {
        var builder = ChildProcess.of(() -> ProcessHandle.current().pid());
        assertThat(List.of(builder.start().get(), builder.start().get())).doesNotHaveDuplicates();
    }

    /**
     * Loads as few classes as possible before the task: each of these costs 1 ms to 100 ms when first used. What the JVM loads before it
     * comes to us is its own affair, and a class with a lambda names {@code SerializedLambda}.
     */
    @Test
    void beforeTheTask_noExpensiveMachineryIsLoaded() throws Exception {
        Path log = directory.resolve("classes");
        int number = 5;
        String text = "x";
        ChildProcess.of(() -> Marker.here(number, text)).jvmOptions(logTo(log)).start().join();
        List<String> loaded = Files.readAllLines(log);
        int main = indexOf(loaded, "dev.interlock.internal.process.ChildMain ");
        int task = indexOf(loaded, Marker.class.getName());
        assertThat(main).isPositive();
        assertThat(task).isGreaterThan(main);
        assertThat(loaded.subList(main, task))
                .noneMatch(line -> line.startsWith("java.io.ObjectInputStream"))
                .noneMatch(line -> line.startsWith("java.nio.channels."))
                .noneMatch(line -> line.startsWith("jdk.internal.foreign."))
                .noneMatch(line -> line.startsWith("java.lang.foreign."))
                .noneMatch(line -> line.contains("$$Lambda"))
                .noneMatch(line ->
                        line.startsWith("java.lang.invoke.")
                                && !line.startsWith("java.lang.invoke.SerializedLambda "));
    }

    /** Handles are the commonest arguments, and an object stream would take longer than all the rest. */
    @Test
    void aTaskWithHandles_needsNoObjectStream() throws Exception {
        Path log = directory.resolve("classes");
        try (Region region = Region.temporary()) {
            SharedLock lock = region.lock("lock");
            SharedLong value = region.longValue("value", 1);
            ChildProcess.of(() -> Marker.use(region, lock, value))
                    .jvmOptions(logTo(log))
                    .start()
                    .get();
            assertThat(value.get()).isEqualTo(2);
            assertThat(lock.isLocked()).isFalse();
        }
        List<String> loaded = Files.readAllLines(log);
        int task = indexOf(loaded, Marker.class.getName());
        assertThat(loaded.subList(0, task))
                .noneMatch(line -> line.startsWith("java.io.ObjectInputStream"))
                .noneMatch(line ->
                        line.matches("dev\\.interlock\\..*\\$\\$Lambda.*")); // the guardian links
        // meanwhile
    }

    /* A child with -Xshare:auto, the JVM's default, gets no start cache: one holds classes that nobody asked for. */
    private static String[] logTo(Path log) {
        return new String[] {"-Xlog:class+load:file=" + log + ":none", "-Xshare:auto"};
    }

    private static int indexOf(List<String> lines, String text) {
        for (int i = 0; i < lines.size(); i++) if (lines.get(i).contains(text)) return i;
        return -1;
    }

    static final class Marker {
        static String use(Region region, SharedLock lock, SharedLong value) {
            try (var _ = lock.acquire()) {
                value.incrementAndGet();
            }
            return region.name();
        }

        static int here(int number, String text) {
            return number + text.length();
        }
    }
}
