package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.internal.region.Directory;
import java.io.BufferedReader;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the end of a parent means for its children; the parent is a JVM of its own. */
@Timeout(120)
class EndOfParentTest {

    /** The parent. */
    static final class Parent {
        public static void main(String[] args) throws Exception {
            switch (args[0]) {
                case "return" -> {
                    var _ = ChildProcess.start(Parent::sayLater);
                }
                case "sleep" -> {
                    announce(ChildProcess.start(Parent::sleep));
                    sleep();
                }
                case "exit" -> {
                    announce(ChildProcess.start(Parent::sleep));
                    System.exit(7);
                }
                case "daemon" -> announce(ChildProcess.of(Parent::sleep).daemon(true).start());
                case "independent" -> {
                    Path go = Path.of(args[1]);
                    Path done = Path.of(args[2]);
                    String goText = go.toString();
                    String doneText = done.toString();
                    announce(
                            ChildProcess.of(() -> touchAfter(goText, doneText))
                                    .daemon(false)
                                    .start());
                    sleep();
                }
                default -> throw new IllegalArgumentException(args[0]);
            }
        }

        private static void announce(ChildProcess<Void> child) {
            System.out.println(child.pid());
        }

        private static void sleep() throws InterruptedException {
            new CountDownLatch(1).await();
        }

        private static void sayLater() throws InterruptedException {
            TimeUnit.MILLISECONDS.sleep(300);
            System.out.println("the child was waited for");
        }

        private static void touchAfter(String go, String done) throws Exception {
            while (!Files.exists(Path.of(go))) TimeUnit.MILLISECONDS.sleep(10);
            Files.createFile(Path.of(done));
        }
    }

    private final List<Process> parents = new ArrayList<>();

    private Process start(String... args) throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                new File(System.getProperty("java.home"), "bin/java").getPath(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Parent.class.getName()));
        command.addAll(List.of(args));
        Process parent =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        parents.add(parent);
        return parent;
    }

    /** Whoever of parent and child ends last takes the report with it, unless both are killed. */
    @AfterEach
    void noReportIsLeft() {
        String[] files = Directory.ofUser().toFile().list();
        if (files == null) return;
        for (Process parent : parents) {
            assertThat(files).noneMatch(name -> name.startsWith("~report-" + parent.pid() + "-"));
        }
    }

    private static ProcessHandle childOf(BufferedReader out) throws Exception {
        return ProcessHandle.of(Long.parseLong(out.readLine())).orElseThrow();
    }

    @Test
    void aParentWhoseMainHasReturned_waitsForItsChild() throws Exception {
        Process parent = start("return");
        assertThat(parent.inputReader().readLine()).isEqualTo("the child was waited for");
        assertThat(parent.waitFor()).isZero();
    }

    @Test
    void aKilledParent_takesItsChildAlong() throws Exception {
        Process parent = start("sleep");
        ProcessHandle child = childOf(parent.inputReader());
        parent.destroyForcibly();
        child.onExit().get();
    }

    @Test
    void systemExitOfTheParent_endsItsChild() throws Exception {
        Process parent = start("exit");
        String pid = parent.inputReader().readLine();
        assertThat(parent.waitFor()).isEqualTo(7);
        var child = ProcessHandle.of(Long.parseLong(pid));
        if (child.isPresent()) child.get().onExit().get();
    }

    @Test
    void aDaemon_doesNotKeepItsParent_andEndsWithIt() throws Exception {
        Process parent = start("daemon");
        String pid = parent.inputReader().readLine();
        assertThat(parent.waitFor()).isZero();
        var child = ProcessHandle.of(Long.parseLong(pid));
        if (child.isPresent()) child.get().onExit().get();
    }

    @Test
    void aChildThatIsExplicitlyNoDaemon_outlivesItsKilledParent(@TempDir Path directory)
            throws Exception {
        Path go = directory.resolve("go");
        Path done = directory.resolve("done");
        Process parent = start("independent", go.toString(), done.toString());
        ProcessHandle child = childOf(parent.inputReader());
        parent.destroyForcibly().waitFor();
        assertThat(child.isAlive()).isTrue();
        Files.createFile(go);
        child.onExit().get();
        assertThat(done).exists();
    }
}
