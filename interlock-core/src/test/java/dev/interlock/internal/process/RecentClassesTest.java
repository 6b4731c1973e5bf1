package dev.interlock.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentClassesTest {
    private static final List<String> INITIALIZED = new ArrayList<>();

    static final class Noticed {
        static {
            INITIALIZED.add("noticed");
        }

        static void touch() {}
    }

    @Test
    void load_runsNothingOfTheClasses() {
        RecentClasses.load(List.of("no.such.Type", Noticed.class.getName()));
        assertThat(INITIALIZED).isEmpty();
        Noticed.touch();
        assertThat(INITIALIZED).containsExactly("noticed");
    }

    @Test
    void theLatestAreKept_eachOnce() {
        for (int i = 0; i < 20; i++) RecentClasses.add("type" + i);
        RecentClasses.add("type15");
        RecentClasses.add("type15");
        assertThat(RecentClasses.names())
                .containsExactly(
                        "type12", "type13", "type14", "type16", "type17", "type18", "type19",
                        "type15");
    }

    @Test
    void theLikelyOnes_areLoadedElsewhere_orLeftOut() {
        RecentClasses.add(Noticed.class.getName());
        assertThat(RecentClasses.likely()).contains(Noticed.class.getName());
        assertThatCode(() -> RecentClasses.loadLikely(RecentClasses.likely() + "\nprogram.jar"))
                .doesNotThrowAnyException();
        assertThatCode(() -> RecentClasses.loadLikely("")).doesNotThrowAnyException();
    }

    @Test
    void theyTravel() throws Exception {
        var bytes = new ByteArrayOutputStream();
        RecentClasses.write(new DataOutputStream(bytes), List.of("a.B", "ä.Ö"));
        assertThat(RecentClasses.read(WireInput.of(bytes.toByteArray(), 0)))
                .containsExactly("a.B", "ä.Ö");
    }
}
