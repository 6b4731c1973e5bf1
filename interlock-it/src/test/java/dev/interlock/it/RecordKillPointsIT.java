package dev.interlock.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Region;
import dev.interlock.SharedRecord;
import dev.interlock.it.KillPointRun.Case;
import dev.interlock.it.KillPointRun.Scenario;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process is killed before every single step of writing a record: others read the old one or the new one, whole. */
class RecordKillPointsIT {
    /** A record all of whose components are equal, unless it is torn. */
    public record Same(long a, int b, double c, short d, long e, float f) {
        static Same of(int n) {
            return new Same(n, n, n, (short) n, n, n);
        }

        boolean isWhole() {
            return equals(of(b));
        }
    }

    static final class Verbs {
        static void set(Child me) {
            SharedRecord<Same> shared = me.open("r").record("same", Same.class);
            me.armHere();
            shared.set(Same.of(2));
            me.completed();
        }

        static void update(Child me) {
            SharedRecord<Same> shared = me.open("r").record("same", Same.class);
            me.armHere();
            shared.update(old -> Same.of(old.b() + 1));
            me.completed();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"set", "update"})
    void killedWriting_recordIsOldOrNew_andCanBeWritten(String verb) throws Exception {
        Scenario writing =
                new Scenario() {
                    @Override
                    public void before(Case scene) throws Exception {
                        // Every other survivor was there before, the others come after.
                        Region region = Region.open("r", scene.options());
                        region.record("same", Same.class).set(Same.of(1));
                        if (scene.step % 2 == 0) scene.keep(region);
                        else region.close();
                    }

                    @Override
                    public void after(Case scene) throws Exception {
                        try (Region region = Region.open("r", scene.options())) {
                            SharedRecord<Same> shared = region.record("same", Same.class);
                            Same read = shared.get();
                            assertThat(read.isWhole()).as("whole: " + read).isTrue();
                            assertThat(read.b()).isBetween(1, 2);
                            shared.set(Same.of(3));
                            assertThat(shared.get()).isEqualTo(Same.of(3));
                            assertThat(shared.update(old -> Same.of(old.b() + 1)))
                                    .isEqualTo(Same.of(4));
                        }
                        scene.requireSound("r");
                    }
                };
        KillPointRun.everyStep(Verbs.class, verb, writing);
    }
}
