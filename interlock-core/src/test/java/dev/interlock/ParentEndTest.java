package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The table in {@link ChildProcess}: what a parent's end means to its child, for each way to end and each kind of child. */
@Timeout(120)
class ParentEndTest {
    @TempDir Path directory;
    private @Nullable ProcessHandle child;

    /** Starts a child of the kind in its first argument and then ends in the way of its second. */
    static final class Parent {
        public static void main(String[] arguments) throws Exception {
            String go = arguments[2];
            String done = arguments[3];
            var builder = ChildProcess.of(() -> childMain(go, done));
            if (!arguments[0].equals("unset")) builder.daemon(Boolean.parseBoolean(arguments[0]));
            ChildProcess<Void> started = builder.start();
            if (started.pid() == 0) throw new AssertionError(started);
            while (!Files.exists(Path.of(done + ".started"))) TimeUnit.MILLISECONDS.sleep(5);
            switch (arguments[1]) {
                case "return" -> {}
                case "exit" -> System.exit(3);
                default -> new CountDownLatch(1).await();
            }
        }
    }

    static void childMain(String go, String done) throws Exception {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> create(done + ".hook")));
        System.out.println(ProcessHandle.current().pid());
        create(done + ".started");
        while (!Files.exists(Path.of(go))) TimeUnit.MILLISECONDS.sleep(5);
        System.out.println("the child is done");
        create(done);
    }

    private static void create(String file) {
        try {
            Files.createFile(Path.of(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private JavaProgram start(String daemon, String end) throws Exception {
        JavaProgram parent =
                JavaProgram.run(Parent.class, daemon, end, go().toString(), done().toString());
        child = parent.readProcess();
        return parent;
    }

    private Path go() {
        return directory.resolve("go");
    }

    private Path done() {
        return directory.resolve("done");
    }

    private ProcessHandle child() {
        return java.util.Objects.requireNonNull(child);
    }

    @AfterEach
    void endTheChild() {
        if (child != null) child.destroyForcibly();
    }

    @Test
    void anOrderlyEnd_waitsForAChildByDefault() throws Exception {
        assertParentWaits("unset");
    }

    @Test
    void anOrderlyEnd_waitsForANonDaemon() throws Exception {
        assertParentWaits("false");
    }

    private void assertParentWaits(String daemon) throws Exception {
        try (JavaProgram parent = start(daemon, "return")) {
            assertThat(parent.process().waitFor(300, TimeUnit.MILLISECONDS)).isFalse();
            Files.createFile(go());
            assertThat(parent.readAll()).containsExactly("the child is done");
            assertThat(parent.exitCode()).isZero();
        }
    }

    @Test
    void anOrderlyEnd_terminatesADaemon_andLetsItsHooksRun() throws Exception {
        try (JavaProgram parent = start("true", "return")) {
            assertThat(parent.exitCode()).isZero();
            assertThat(child().isAlive()).as("the parent waits until it is gone").isFalse();
            assertThat(directory.resolve("done.hook")).exists();
        }
    }

    @Test
    void systemExit_terminatesAChildByDefault() throws Exception {
        try (JavaProgram parent = start("unset", "exit")) {
            assertThat(parent.exitCode()).isEqualTo(3);
            assertThat(child().isAlive()).isFalse();
            assertThat(directory.resolve("done.hook")).exists();
        }
    }

    @Test
    void systemExit_terminatesADaemon() throws Exception {
        try (JavaProgram parent = start("true", "exit")) {
            assertThat(parent.exitCode()).isEqualTo(3);
            assertThat(child().isAlive()).isFalse();
        }
    }

    @Test
    void systemExit_leavesANonDaemonRunning() throws Exception {
        try (JavaProgram parent = start("false", "exit")) {
            assertThat(parent.exitCode()).isEqualTo(3);
            assertChildGoesOn();
        }
    }

    @Test
    void sigterm_endsAChildByDefault() throws Exception {
        try (JavaProgram parent = start("unset", "wait")) {
            parent.process().toHandle().destroy();
            parent.exitCode();
            assertThat(child().isAlive()).isFalse();
        }
    }

    @Test
    void sigkill_endsAChildByDefault_andLetsItsHooksRun() throws Exception {
        try (JavaProgram parent = start("unset", "wait")) {
            parent.process().destroyForcibly();
            JavaProgram.awaitEnd(child());
            assertThat(directory.resolve("done.hook")).exists();
            assertThat(done()).doesNotExist();
        }
    }

    @Test
    void sigkill_endsADaemon() throws Exception {
        try (JavaProgram parent = start("true", "wait")) {
            parent.process().destroyForcibly();
            JavaProgram.awaitEnd(child());
        }
    }

    @Test
    void sigkill_leavesANonDaemonRunning() throws Exception {
        try (JavaProgram parent = start("false", "wait")) {
            parent.process().destroyForcibly();
            parent.exitCode();
            assertChildGoesOn();
        }
    }

    private void assertChildGoesOn() throws Exception {
        assertThat(child().isAlive()).isTrue();
        Files.createFile(go());
        JavaProgram.awaitEnd(child());
        assertThat(done()).exists();
    }

    @Test
    void aStoppedParent_isNotDead() throws Exception {
        try (JavaProgram parent = start("unset", "return")) {
            signal("STOP", parent.process().pid());
            Files.createFile(go());
            JavaProgram.awaitEnd(child());
            assertThat(done()).exists();
            signal("CONT", parent.process().pid());
            assertThat(parent.exitCode()).isZero();
        }
    }

    private static void signal(String name, long pid) throws Exception {
        Process kill =
                new ProcessBuilder("kill", "-" + name, Long.toString(pid)).inheritIO().start();
        assertThat(kill.waitFor()).isZero();
    }

    /** Starts a child and is killed while that one's JVM is still starting. */
    static final class HastyParent {
        public static void main(String[] arguments) {
            byte[] large = new byte[Integer.parseInt(arguments[0])];
            var child =
                    ChildProcess.of(() -> System.out.println("ran with " + large.length)).start();
            System.out.println(child.pid());
            Runtime.getRuntime().halt(9);
        }
    }

    @Test
    void aParentThatDiesWhileItsChildIsStarting_leavesNothingBehind() throws Exception {
        for (String size :
                List.of(
                        "1",
                        "50000000")) { // with the task in the pipe, and in the middle of sending it
            try (JavaProgram parent = JavaProgram.run(HastyParent.class, size)) {
                String pid = parent.readLine();
                assertThat(parent.exitCode()).isEqualTo(9);
                var orphan = ProcessHandle.of(Long.parseLong(pid));
                if (orphan.isPresent()) JavaProgram.awaitEnd(orphan.get());
                assertNoFilesOf(parent.process().pid());
            }
        }
    }

    /* Leftovers of the dead are collected when the next process is started. */
    private static void assertNoFilesOf(long pid) throws Exception {
        ChildProcess.start(() -> {}).join();
        for (String place : List.of("/dev/shm", System.getProperty("java.io.tmpdir"))) {
            String[] names =
                    Path.of(
                                    place,
                                    "interlock-"
                                            + Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
                            .toFile()
                            .list();
            if (names != null) assertThat(names).noneMatch(name -> name.contains("-" + pid + "-"));
        }
    }

    @Test
    void aDaemonsChild_isADaemonByDefault() throws Exception {
        var daemon =
                ChildProcess.of(() -> ChildProcess.start(() -> {}).isDaemon()).daemon(true).start();
        assertThat(daemon.isDaemon()).isTrue();
        assertThat(daemon.get()).isTrue();
        var unset = ChildProcess.start(() -> ChildProcess.start(() -> {}).isDaemon());
        assertThat(unset.isDaemon()).isFalse();
        assertThat(unset.get()).isFalse();
    }
}
