package dev.interlock.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Region;
import dev.interlock.it.ChildJvm.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A process that has a region open, or waits for a lock, and does nothing, wakes up for nothing. */
class IdleIT {
    private static final Pattern SWITCHES = Pattern.compile("voluntary_ctxt_switches:\\s+(\\d+)");
    private static final long WATCHED_MILLIS = 5000;
    private static final int MORE_LOOKS = 5;

    @RegisterExtension final Stage stage = new Stage();

    static final class Verbs {
        /** Uses everything, so that every thread is there that the library ever starts. */
        static void work(Child me) throws Exception {
            Region region = me.open("r");
            for (int i = 0; i < 1000; i++) {
                try (var _ = region.lock("own").acquire()) {
                    region.longValue("n", 0).incrementAndGet();
                }
            }
            Thread virtual = Thread.ofVirtual().start(() -> region.lock("l").lock());
            virtual.join();
            me.say("ready");
            me.sleepForEver();
        }
    }

    @Test
    void idleProcesses_doNotWakeUp() throws Exception {
        ChildJvm holder = stage.start(Launch.PLAIN, Verbs.class, "work").expect("ready");
        ChildJvm waiter =
                stage.start(Launch.PLAIN, HolderDeathIT.Verbs.class, "obey").expect("ready");
        waiter.say("lock");
        for (ChildJvm child : List.of(holder, waiter)) {
            List<String> restless = watch(child);
            // On a busy machine they take their time to come to rest: what wakes up for good does
            // so each time.
            for (int i = 0; i < MORE_LOOKS && !restless.isEmpty(); i++) restless = watch(child);
            assertThat(restless).as("wake-ups of " + child).isEmpty();
        }
        holder.kill();
        waiter.expect("locked, abandoned: true");
        waiter.kill();
        Region.unlink("r", stage.options());
    }

    /** The threads that wake up more than once a second, with how often they did. */
    private static List<String> watch(ChildJvm child) throws Exception {
        long start = System.nanoTime();
        Map<String, Long> before = switches(child.pid());
        Await.sleep(WATCHED_MILLIS);
        Map<String, Long> after = switches(child.pid());
        long millis = (System.nanoTime() - start) / 1_000_000; // more, on a busy machine
        assertThat(after).isNotEmpty();
        List<String> restless = new ArrayList<>();
        after.forEach((thread, count) -> {
            long wakeUps = count - before.getOrDefault(thread, 0L);
            long most = millis / 1000 + 1; // one at either end
            if (wakeUps > most) restless.add(thread + ": " + wakeUps + " in " + millis + " ms");
        });
        return restless;
    }

    /** How often each thread of the library, and the one that runs the test's program, has gone to sleep. */
    private static Map<String, Long> switches(long pid) throws IOException {
        Map<String, Long> counts = new HashMap<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks.toList()) {
                String name = Files.readString(task.resolve("comm")).strip();
                if (!name.startsWith("interlock-") && !name.equals("main")) continue;
                var found = SWITCHES.matcher(Files.readString(task.resolve("status")));
                assertThat(found.find()).isTrue();
                counts.put(name + " " + task.getFileName(), Long.parseLong(found.group(1)));
            }
        }
        return counts;
    }
}
