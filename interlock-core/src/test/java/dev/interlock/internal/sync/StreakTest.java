package dev.interlock.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who asks again after a streak, and who does not. */
@Timeout(60)
class StreakTest {
    @BeforeEach
    void needsTwoCpus() {
        assumeFalse(Cpus.isOne(), "with one CPU nobody would write meanwhile");
    }

    @Test
    void anAnswerToEachMessage_isNeverWaitedFor() {
        Streak streak = new Streak(1024);
        assertThat(streak.pausedAfterMany()).isFalse();
        for (int i = 0; i < 100; i++) {
            streak.add(1);
            assertThat(streak.pausedAfterMany()).isFalse();
        }
    }

    @Test
    void afterManyMessages_thereIsOneMoreLook() {
        Streak streak = new Streak(1024);
        for (int i = 0; i < 8; i++) streak.add(1);
        assertThat(streak.pausedAfterMany()).isTrue();
        assertThat(streak.pausedAfterMany()).isFalse();
        streak.add(1_000_000);
        assertThat(streak.pausedAfterMany()).isTrue();
        assertThat(streak.pausedAfterMany()).isFalse();
    }

    @Test
    void aSmallRing_isNotLeftToBecomeFull() {
        Streak streak = new Streak(16);
        streak.add(1000);
        assertThat(streak.pausedAfterMany()).isFalse();
    }

    @Test
    void aVirtualThread_doesNotSpin() throws Exception {
        AtomicBoolean again = new AtomicBoolean(true);
        Thread.ofVirtual()
                .start(() -> {
                    Streak streak = new Streak(1024);
                    streak.add(1000);
                    again.set(streak.pausedAfterMany());
                })
                .join();
        assertThat(again).isFalse();
    }
}
