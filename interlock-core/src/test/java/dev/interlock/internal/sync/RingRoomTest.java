package dev.interlock.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a process learns of the room in a ring when it is done with a message. */
class RingRoomTest {
    private static final int SLOT_BYTES = 16;

    private Words words = new ArrayWords(RingLayout.BYTES);
    private RingLayout layout = new RingLayout(0, RingLayout.BYTES, SLOT_BYTES, 1);

    private RingRoom ring(int capacity) {
        words = new ArrayWords(RingLayout.BYTES + capacity * SLOT_BYTES);
        layout = new RingLayout(0, RingLayout.BYTES, SLOT_BYTES, capacity);
        return new RingRoom(words, layout, 0);
    }

    /* Those before the position are messages. */
    private void full(long position) {
        for (long i = 0; i < position; i++)
            words.put(layout.slot(i), RingWord.full(layout.lap(i), true));
    }

    private void gone(long position) {
        words.put(layout.slot(position), RingWord.empty(layout.lap(position) + 1));
    }

    @Test
    void large_asFarAsItIsTold() {
        RingRoom room = ring(64);
        full(64);
        for (long i = 0; i < 20; i++) gone(i);
        words.put(RingLayout.FREED, 16);

        room.learn(64);
        assertThat(room.isKnown(64 + 15)).isTrue();
        assertThat(room.isKnown(64 + 16)).isFalse();
    }

    @Test
    void largeAndNothingIsTold_noSlotIsLookedAt() {
        RingRoom room = ring(64);
        full(64);
        gone(0);

        room.learn(64);
        assertThat(room.isKnown(64)).isFalse();
    }

    @Test
    void small_asFarAsItsSlotsAreEmpty() {
        RingRoom room = ring(8);
        full(8);
        for (long i = 0; i < 3; i++) gone(i);

        room.learn(8);
        assertThat(room.isKnown(8 + 2)).isTrue();
        assertThat(room.isKnown(8 + 3)).isFalse();
    }

    @Test
    void full_nothing() {
        for (int capacity : new int[] {1, 2, 63, 64, 1000}) {
            RingRoom room = ring(capacity);
            full(capacity);

            room.learn(capacity);
            assertThat(room.isKnown(capacity)).isFalse();
        }
    }
}
