package dev.interlock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.interlock.Region;
import dev.interlock.RegionFullException;
import dev.interlock.SharedByteArray;
import dev.interlock.SharedLock;
import dev.interlock.SharedLong;
import dev.interlock.it.ChildJvm.Launch;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The memory of the machine, or of a container, is at its end: a file system in memory of 4 MiB, in a mount namespace. */
class FullMemoryIT {
    private static final String MOUNT =
            "mount -t tmpfs -o size=4m,mode=0700 interlock-test \"$0\" && exec \"$@\"";

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
        static void fillByObjects(Child me) throws Exception {
            try (Region region = me.open("r")) {
                SharedLock lock = region.lock("l");
                SharedLong number = region.longValue("number", 7);
                List<SharedByteArray> arrays = new ArrayList<>();
                try {
                    while (true) // until it is full
                    arrays.add(region.byteArray("array " + arrays.size(), 100_000));
                } catch (RegionFullException e) {
                    me.say(e.toString().contains("--shm-size") ? "full" : e);
                }
                for (SharedByteArray array : arrays) array.segment().fill((byte) 1);
                try (var _ = lock.acquire()) {
                    number.incrementAndGet();
                }
                require(number.get() == 8 && region.objects().size() == arrays.size() + 2);
                try {
                    region.byteArray("too large", 2_000_000);
                } catch (RegionFullException e) {
                    me.say("still full");
                }
                region.unlink();
            }
            try (Region region = me.open("again")) {
                region.byteArray("large", 2_000_000).segment().fill((byte) 2);
                region.unlink();
            }
            me.say("usable again");
        }

        static void openInFullMemory(Child me) throws Exception {
            Path filler = me.directory().resolve("filler");
            int files = 0;
            for (long free : new long[] {0, 4096, 8192, 16384, 65536, 200_000}) {
                fill(filler, me.directory(), free);
                try (Region region = me.open("r")) {
                    for (int i = 0; i < 1000; i++) region.lock("l" + i);
                    me.say("has room");
                } catch (RegionFullException e) {
                    files++;
                }
                Files.deleteIfExists(filler);
                try (Region region = me.open("r")) {
                    region.lock("l").lock();
                    for (int i = 0; i < 1000; i++) region.lock("l" + i);
                    region.unlink();
                }
            }
            me.say(files > 0 ? "refused" : "never refused");
        }

        private static void fill(Path filler, Path directory, long free) throws IOException {
            long room = directory.toFile().getUsableSpace() - free;
            try (OutputStream out = Files.newOutputStream(filler)) {
                byte[] page = new byte[4096];
                for (long n = 0; n < room / page.length; n++) out.write(page);
            }
        }

        private static void require(boolean condition) {
            if (!condition) throw new AssertionError();
        }
    }

    private ChildJvm startInSmallMemory(String verb) {
        Launch launch =
                Launch.PLAIN.behind(
                        "unshare", "--mount", "sh", "-c", MOUNT, stage.directory().toString());
        return stage.start(launch, Verbs.class, verb);
    }

    @Test
    void objectsThatFindNoMemory_areRefused_theOthersGoOn() throws Exception {
        startInSmallMemory("fillByObjects")
                .expect("full")
                .expect("still full")
                .expect("usable again")
                .joinWell();
    }

    @Test
    void aRegionThatFindsNoMemory_isRefused_andOpensWhenThereIsSome() throws Exception {
        ChildJvm child = startInSmallMemory("openInFullMemory");
        String line = child.hear();
        while (line.equals("has room")) line = child.hear();
        child.joinWell();
        assertThat(line).isEqualTo("refused");
    }
}
