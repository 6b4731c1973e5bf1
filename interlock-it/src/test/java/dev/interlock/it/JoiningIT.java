package dev.interlock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.Region;
import dev.interlock.RegionCorruptException;
import dev.interlock.internal.region.RawRegion;
import dev.interlock.internal.region.RawRegion.Slot;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Joining a region where somebody lives, who is stopped and so does not sweep, and others are dead. */
class JoiningIT {
    @RegisterExtension final Stage stage = new Stage();

    @Test
    void tableFullOfTheDead_isSweptFirst() throws Exception {
        ChildJvm member = stoppedMember();
        try (RawRegion raw = new RawRegion(file())) {
            raw.fillTable();
            assertThat(raw.slots()).hasSize(RawRegion.mostSlots());

            try (Region region = stage.open("r")) {
                assertThat(region.processes()).hasSize(2);
                assertThat(raw.slots()).hasSize(2).allMatch(Slot::isAlive);
            }
        }
        end(member);
    }

    @Test
    void failedSweep_isToldToWhoUsesAnObject_andTriedAgain() throws Exception {
        ChildJvm member = stoppedMember();
        ChildJvm holder = stage.start(LockKillPointsIT.Verbs.class, "hold").expect("held");
        holder.kill();
        try (RawRegion raw = new RawRegion(file())) {
            long sound = raw.get(RawRegion.heap());
            raw.put(RawRegion.heap(), -1);
            try (Region region = stage.open("r")) {
                for (int i = 0; i < 3; i++)
                    assertThatThrownBy(() -> region.longValue("other", 1))
                            .isInstanceOf(RegionCorruptException.class);
                assertThat(raw.slots()).extracting(Slot::pid).contains(holder.pid());
                raw.put(RawRegion.heap(), sound);

                region.longValue("other", 1);
                assertThat(raw.slots())
                        .extracting(Slot::pid)
                        .containsExactlyInAnyOrder(member.pid(), ProcessHandle.current().pid());
                assertThat(region.lock("l").tryLock()).isTrue();
                assertThat(region.lock("l").isAbandoned()).isTrue();
            }
        }
        end(member);
    }

    private Path file() {
        return stage.directory().resolve("r");
    }

    private ChildJvm stoppedMember() throws Exception {
        ChildJvm member = stage.start(LockKillPointsIT.Verbs.class, "attend").expect("there");
        member.stop();
        return member;
    }

    private void end(ChildJvm member) throws Exception {
        member.kill();
        Region.unlink("r", stage.options());
    }
}
