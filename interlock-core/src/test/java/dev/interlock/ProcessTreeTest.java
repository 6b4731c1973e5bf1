package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills families of processes. */
@Timeout(120)
class ProcessTreeTest {
    @TempDir Path directory;

    /** Starts a grandchild that would outlive its parent and a program that is no JVM, and waits for ever. */
    private static void family(String file) throws Exception {
        var grandchild = ChildProcess.of(ProcessTreeTest::sleep).daemon(false).start();
        Process program = new ProcessBuilder("sleep", "1000").start();
        Files.writeString(Path.of(file + ".new"), grandchild.pid() + " " + program.pid());
        Files.move(Path.of(file + ".new"), Path.of(file));
        sleep();
    }

    private static void sleep() throws InterruptedException {
        TimeUnit.DAYS.sleep(1);
    }

    @Test
    void killTree_endsNonDaemonGrandchildrenAndOtherPrograms() throws Exception {
        String file = directory.resolve("pids").toString();
        var child = ChildProcess.start(() -> family(file));
        ProcessHandle[] family = readFamily(file);
        child.killTree();
        for (ProcessHandle member : family) JavaProgram.awaitEnd(member);
        child.join();
        assertThat(child.exitStatus()).isEqualTo(ExitStatus.signalled(9));
    }

    @Test
    void killTree_findsTheFamilyOfADeadChild() throws Exception {
        String file = directory.resolve("pids").toString();
        var child = ChildProcess.start(() -> family(file));
        ProcessHandle[] family = readFamily(file);
        child.kill();
        child.join();
        assertThat(family[1].isAlive()).as("a program that is no JVM does not notice").isTrue();
        child.killTree();
        for (ProcessHandle member : family) JavaProgram.awaitEnd(member);
    }

    @Test
    void kill_ofAChild_endsItsChildrenThatAreNotNonDaemons() throws Exception {
        String file = directory.resolve("pid").toString();
        var child =
                ChildProcess.start(() -> {
                    var grandchild = ChildProcess.start(ProcessTreeTest::sleep);
                    Files.writeString(Path.of(file + ".new"), Long.toString(grandchild.pid()));
                    Files.move(Path.of(file + ".new"), Path.of(file));
                    sleep();
                });
        ProcessHandle[] family = readFamily(file);
        child.kill();
        JavaProgram.awaitEnd(family[0]);
        child.join();
    }

    private static ProcessHandle[] readFamily(String file) throws Exception {
        while (!Files.exists(Path.of(file))) TimeUnit.MILLISECONDS.sleep(10);
        String[] pids = Files.readString(Path.of(file)).split(" ", -1);
        ProcessHandle[] handles = new ProcessHandle[pids.length];
        for (int i = 0; i < pids.length; i++)
            handles[i] = ProcessHandle.of(Long.parseLong(pids[i])).orElseThrow();
        return handles;
    }
}
