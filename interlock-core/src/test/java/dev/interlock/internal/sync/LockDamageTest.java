package dev.interlock.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who finds that a lock's word names nobody wakes those who sleep on it. */
class LockDamageTest {
    private static final int SELF = 0;
    private static final int FREE = 30;

    private final List<Integer> woken = new ArrayList<>();
    private final Words words =
            new ArrayWords(LockWord.CELL_BYTES) {
                @Override
                public int wake(long offset, int count) {
                    woken.add(count);
                    return 0;
                }
            };
    private final LockState lock =
            new LockState(SELF, 0, new FreeSlots(), LockState.Manner.USUAL, null);

    private static final class FreeSlots implements Owners {
        @Override
        public long patienceNanos(int slot) {
            return Words.NEVER;
        }

        @Override
        public void look(int slot) {
            // there is nobody
        }

        @Override
        public boolean isFree(int slot) {
            return slot == FREE;
        }

        @Override
        public RuntimeException deadlock(List<Deadlocks.Edge> circle) {
            return new IllegalStateException();
        }
    }

    @Test
    void whoWouldSleep_wakesAllWhoDo() {
        words.put(0, FREE + 1);

        assertThatThrownBy(() -> lock.acquire(words, 0, Words.NEVER, false))
                .hasMessageContaining("slot 30, which is free");

        assertThat(woken).containsExactly(Integer.MAX_VALUE);
        assertThat(lock.isHeldByCurrentThread()).isFalse();
    }

    @Test
    void whoDoesNotWait_onlyThrows() {
        words.put(0, FREE + 1);

        assertThatThrownBy(() -> lock.tryAcquire(words, 0))
                .hasMessageContaining("slot 30, which is free");

        assertThat(woken).isEmpty();
    }
}
