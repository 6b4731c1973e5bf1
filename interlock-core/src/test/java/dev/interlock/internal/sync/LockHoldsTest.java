package dev.interlock.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** How often a reentrant lock can be held: as often as {@code ReentrantLock}. */
class LockHoldsTest {
    private static final Owners NOBODY =
            new Owners() {
                @Override
                public long patienceNanos(int slot) {
                    return Words.NEVER;
                }

                @Override
                public void look(int slot) {
                    // there is nobody
                }

                @Override
                public RuntimeException deadlock(List<Deadlocks.Edge> circle) {
                    return new IllegalStateException();
                }
            };

    @Test
    void moreHoldsThanCanBeCounted_areRefused_andTheCountStays() {
        LockState lock = new LockState(0, 0, NOBODY, LockState.Manner.USUAL, null);
        lock.setHolds(Integer.MAX_VALUE - 1);
        lock.reenter();
        assertThat(lock.holds()).isEqualTo(Integer.MAX_VALUE);

        assertThatThrownBy(lock::reenter).isInstanceOf(Error.class);

        assertThat(lock.holds()).isEqualTo(Integer.MAX_VALUE);
    }
}
