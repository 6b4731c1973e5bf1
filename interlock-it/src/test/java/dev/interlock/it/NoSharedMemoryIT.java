package dev.interlock.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.interlock.ChildProcess;
import dev.interlock.Region;
import dev.interlock.RegionAccessException;
import dev.interlock.it.ChildJvm.Launch;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /dev/shm} cannot be written or is not there: that is said, and not another place taken in which nobody is met. */
class NoSharedMemoryIT {
    @RegisterExtension final Stage stage = new Stage();

    @BeforeAll
    static void needsPermission() throws Exception {
        int code =
                new ProcessBuilder("unshare", "--mount", "true")
                        .redirectErrorStream(true)
                        .start()
                        .waitFor();
        assumeTrue(code == 0, "this user may not make mount namespaces (unshare --mount)");
    }

    static final class Verbs {
        static void open(Child me) throws Exception {
            try (Region region = Region.open("no-shared-memory-test")) {
                me.say("opened " + region.path());
                region.unlink();
            } catch (RegionAccessException e) {
                boolean helps = e.toString().contains("RegionOptions.directory");
                me.say(helps ? "told what to do" : e);
            }
            Region elsewhere = Region.open("r", me.options().directory(Path.of(me.arg(0))));
            me.say(elsewhere.longValue("n", 1).incrementAndGet());
            elsewhere.unlink();
            elsewhere.close();
            me.say(ChildProcess.start(() -> 6 * 7).get());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mount -t tmpfs -o ro none /dev/shm", "mount -t tmpfs none /dev"})
    void regionsAreRefused_unlessTheirDirectoryIsNamed(String mount) throws Exception {
        // The null device is needed to start processes.
        String script = mount + " && { [ -e /dev/null ] || mknod /dev/null c 1 3; } && exec \"$@\"";
        Launch launch = Launch.PLAIN.behind("unshare", "--mount", "sh", "-c", script, "sh");
        Path elsewhere = Files.createTempDirectory("interlock-it");
        stage.start(launch, Verbs.class, "open", elsewhere.resolve("regions"))
                .expect("told what to do")
                .expect("2")
                .expect("42")
                .joinWell();
        Files.deleteIfExists(elsewhere.resolve("regions"));
        Files.delete(elsewhere);
    }
}
