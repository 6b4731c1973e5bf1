package dev.interlock.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.ObjectInfo;
import dev.interlock.Region;
import dev.interlock.SharedLock;
import dev.interlock.SharedLong;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A hundred real JVMs in one region. */
class CrowdIT {
    private static final int CROWD = 100;
    private static final int RACERS = 50;
    private static final int OBJECTS = 40;

    @RegisterExtension final Stage stage = new Stage();

    static final class Verbs {
        /** Adds 1 under the lock, then stays until it is told to go. */
        static void attend(Child me) throws Exception {
            try (Region region = me.open("r")) {
                SharedLong number = region.longValue("number", 0);
                SharedLock lock = region.lock("l");
                try (var _ = lock.acquire()) {
                    number.setPlain(number.getPlain() + 1);
                }
                me.say("there");
                me.hear();
            }
        }

        /** Waits until all are there, then makes the same objects in an order of its own, and counts itself in each. */
        static void race(Child me) {
            Region region = me.open("r");
            SharedLong ready = region.longValue("ready", 0);
            ready.incrementAndGet();
            while (ready.get() < RACERS) LockSupport.parkNanos(15_000_000);
            int first = (int) me.number(0);
            for (int i = 0; i < OBJECTS; i++) {
                int number = (first + i) % OBJECTS;
                region.longArray("object " + number, 3 + number).getAndAdd(number, 1);
            }
        }
    }

    @Test
    void aHundredProcesses_shareOneRegion() throws Exception {
        List<ChildJvm> crowd = new ArrayList<>();
        for (int i = 0; i < CROWD; i++) crowd.add(stage.start(Verbs.class, "attend"));
        for (ChildJvm child : crowd) child.expect("there");
        try (Region region = stage.open("r")) {
            assertThat(region.longValue("number", 0).get()).isEqualTo(CROWD);
            Set<Long> pids = new HashSet<>();
            region.processes().forEach(process -> pids.add(process.pid()));
            for (ChildJvm child : crowd) assertThat(pids).contains(child.pid());
            assertThat(pids).hasSize(CROWD + 1);

            for (int i = 0; i < CROWD; i += 2) crowd.get(i).kill();
            Await.until("the dead are swept", () -> region.processes().size() == CROWD / 2 + 1);
            for (int i = 1; i < CROWD; i += 2) crowd.get(i).say("go");
            for (int i = 1; i < CROWD; i += 2) crowd.get(i).joinWell();
            assertThat(region.processes()).hasSize(1);
            region.unlink();
        }
    }

    @Test
    void fiftyProcessesRaceToMakeTheSameObjects_eachIsMadeOnce() throws Exception {
        List<ChildJvm> racers = new ArrayList<>();
        for (int i = 0; i < RACERS; i++) racers.add(stage.start(Verbs.class, "race", i));
        for (ChildJvm racer : racers) racer.joinWell();
        try (Region region = stage.open("r")) {
            assertThat(region.objects().stream().map(ObjectInfo::name))
                    .hasSize(OBJECTS + 1)
                    .doesNotHaveDuplicates();
            for (int number = 0; number < OBJECTS; number++)
                assertThat(region.longArray("object " + number, 3 + number).get(number))
                        .isEqualTo(RACERS);
            region.unlink();
        }
    }
}
