package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.internal.region.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Spare JVMs, which become children when a task comes. */
@Timeout(120)
class SparesTest {
    @AfterEach
    void endSpares() throws Exception {
        ChildProcess.prestart(0).join();
        while (!spares(ProcessHandle.current()).isEmpty()) TimeUnit.MILLISECONDS.sleep(10);
    }

    private static List<ProcessHandle> spares(ProcessHandle parent) {
        return parent.children()
                .filter(child ->
                        commandLine(child).contains("interlock.process.name=interlock-spare"))
                .toList();
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
        } catch (IOException e) {
            return ""; // it ended
        }
    }

    private static ProcessHandle oneReady() {
        ChildProcess.prestart(1).join();
        return spares(ProcessHandle.current()).getFirst();
    }

    static String describe(int number, String text) {
        System.out.print("a line without an end");
        System.exit(number + text.length());
        return text;
    }

    @Test
    void aReadySpare_isTheChild_andAnotherTakesItsPlace() throws Exception {
        long spare = oneReady().pid();
        ChildProcess<String> child =
                ChildProcess.of(() ->
                                ProcessHandle.current().pid()
                                        + " "
                                        + ChildProcess.current().name()
                                        + " "
                                        + System.getProperty("interlock.process.name")
                                        + " "
                                        + ChildProcess.parent().orElseThrow().pid())
                        .name("worker")
                        .start();
        assertThat(child.pid()).isEqualTo(spare);
        assertThat(child.get())
                .isEqualTo(spare + " worker worker " + ProcessHandle.current().pid());
        assertThat(child.exitStatus()).isEqualTo(ExitStatus.exited(0));
        assertThat(oneReady().pid()).isNotEqualTo(spare);
    }

    @Test
    void itIsAChildLikeAnyOther_inItsEnd_andItsFailure() throws Exception {
        int number = 40;
        String text = "42";
        oneReady();
        ChildProcess<String> exits = ChildProcess.start(() -> describe(number, text));
        exits.join();
        assertThat(exits.exitStatus()).isEqualTo(ExitStatus.exited(42));
        oneReady();
        ChildProcess<Void> throwing =
                ChildProcess.start(() -> {
                    throw new IOException("on purpose");
                });
        assertThatThrownBy(throwing::get).cause().isInstanceOf(IOException.class);
        oneReady();
        ChildProcess<Void> sleeping = ChildProcess.start(() -> TimeUnit.DAYS.sleep(1));
        sleeping.kill();
        sleeping.join();
        assertThat(sleeping.exitStatus()).isEqualTo(ExitStatus.signalled(9));
    }

    static final class Fresh {
        static final long INITIALIZED = System.nanoTime();

        static long initialized() {
            return INITIALIZED;
        }
    }

    @Test
    void theClassOfAnEarlierTask_isInitializedByTheTask_notBefore() throws Exception {
        assertThat(ChildProcess.start(Fresh::initialized).get()).isPositive();
        oneReady(); // which has been told of this class
        long start = System.nanoTime();
        assertThat(ChildProcess.start(Fresh::initialized).get()).isGreaterThan(start);
    }

    @Test
    void aLargeTask_isHandedOver() throws Exception {
        byte[] large = new byte[3_000_000];
        Arrays.fill(large, (byte) 7);
        long spare = oneReady().pid();
        ChildProcess<Integer> child = ChildProcess.start(() -> large.length + large[2_999_999]);
        assertThat(child.pid()).isEqualTo(spare);
        assertThat(child.get()).isEqualTo(3_000_007);
    }

    @Test
    void aChildWithOptions_getsANewJvm() throws Exception {
        long spare = oneReady().pid();
        var child =
                ChildProcess.of(() -> System.getProperty("a") + System.getenv("B"))
                        .jvmOptions("-Da=1")
                        .environment(Map.of("B", "2"))
                        .start();
        assertThat(child.pid()).isNotEqualTo(spare);
        assertThat(child.get()).isEqualTo("12");
        assertThat(spares(ProcessHandle.current()).getFirst().pid()).isEqualTo(spare);
    }

    @Test
    void aSpareThatDies_isReplaced_andNoStartFailsForIt() throws Exception {
        ProcessHandle first = oneReady();
        first.destroyForcibly();
        while (first.isAlive()) TimeUnit.MILLISECONDS.sleep(1);
        assertThat(ChildProcess.start(() -> 1).get()).isEqualTo(1);
        assertThat(oneReady().pid()).isNotEqualTo(first.pid());
    }

    @Test
    void fewer_endsThem_andLeavesNothing() throws Exception {
        ChildProcess.prestart(2).join();
        assertThat(spares(ProcessHandle.current())).hasSize(2);
        ChildProcess.prestart(1).join();
        while (spares(ProcessHandle.current()).size() > 1) TimeUnit.MILLISECONDS.sleep(10);
        CompletableFuture<Void> more = ChildProcess.prestart(3);
        ChildProcess.prestart(0).join();
        more.join();
        while (!spares(ProcessHandle.current()).isEmpty() || !ownFiles().isEmpty())
            TimeUnit.MILLISECONDS.sleep(10);
        assertThatThrownBy(() -> ChildProcess.prestart(-1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<Path> ownFiles() throws IOException {
        return reports(ProcessIdentity.self().toFileNamePart());
    }

    private static List<Path> reports(String process) throws IOException {
        String own = "~report-" + process;
        Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        Path directory = Path.of("/dev/shm/interlock-" + user);
        if (!Files.exists(directory)) return List.of();
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith(own)).toList();
        }
    }

    static final class Parent {
        public static void main(String[] arguments) throws Exception {
            ChildProcess.prestart(1).join();
            System.out.println(spares(ProcessHandle.current()).getFirst().pid());
            if (arguments.length == 0) TimeUnit.DAYS.sleep(1);
        }
    }

    @Test
    void aSpareEnds_whenItsParentIsKilled() throws Exception {
        try (var parent = JavaProgram.run(Parent.class)) {
            ProcessHandle spare = parent.readProcess();
            parent.process().destroyForcibly();
            JavaProgram.awaitEnd(spare);
        }
    }

    @Test
    void aSpare_doesNotKeepItsParentFromEnding() throws Exception {
        try (var parent = JavaProgram.run(Parent.class, "return")) {
            ProcessHandle spare = parent.readProcess();
            assertThat(parent.exitCode()).isZero();
            JavaProgram.awaitEnd(spare);
        }
    }

    static final class Hasty {
        public static void main(String[] arguments) throws Exception {
            String self = ProcessIdentity.self().toFileNamePart();
            System.out.println(self);
            var _ = ChildProcess.prestart(1);
            while (reports(self).isEmpty()) TimeUnit.MILLISECONDS.sleep(1);
            System.exit(0);
        }
    }

    @Test
    void aParentThatEndsWhileASpareStarts_leavesNoFile() throws Exception {
        try (var parent = JavaProgram.run(Hasty.class)) {
            String self = parent.readLine();
            assertThat(parent.exitCode()).isZero();
            assertThat(reports(self)).isEmpty();
        }
    }

    /** It comes to rest: from then on none of its threads of ours runs at all. One that ticked once a second would never get here. */
    @Test
    void anIdleSpare_doesNothing() throws Exception {
        ProcessHandle spare = oneReady();
        Map<String, String> before;
        do {
            before = threads(spare);
            TimeUnit.SECONDS.sleep(2);
        } while (before.containsKey("interlock-settl") || !before.equals(threads(spare)));
        assertThat(before).containsKey("java");
    }

    /* How often each thread has gone to sleep, without those of the JVM itself. Names are cut off after 15 letters. */
    private static Map<String, String> threads(ProcessHandle process) throws IOException {
        Map<String, String> switches = new java.util.HashMap<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
            for (Path task : tasks.toList()) {
                String name = Files.readString(task.resolve("comm")).strip();
                if (!name.startsWith("interlock-") && !name.equals("java")) continue;
                switches.merge(name, voluntarySwitches(task), String::concat);
            }
        }
        return switches;
    }

    private static String voluntarySwitches(Path task) throws IOException {
        return Files.readAllLines(task.resolve("status")).stream()
                .filter(line -> line.startsWith("voluntary"))
                .findFirst()
                .orElse("");
    }
}
