package dev.interlock.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where positions lie, in rings of all kinds of sizes. */
class RingLayoutTest {
    private static final long AT = 4096;
    private static final long SLOTS = AT + RingLayout.BYTES + 64;
    private static final int SLOT_BYTES = 24;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 64, 100, 1024, 10_000, RingLayout.MOST_SLOTS - 1})
    void aPosition_hasTheSlotAndLapOfADivision(int capacity) {
        var layout = new RingLayout(AT, SLOTS, SLOT_BYTES, capacity);
        long[] positions = {
            0,
            1,
            capacity - 1,
            capacity,
            capacity + 1,
            7L * capacity - 1,
            7L * capacity,
            123_456_789_012L,
            RingLayout.POSITIONS / 2
        };
        for (long position : positions) {
            long index = position % capacity;
            long slot = SLOTS + index * SLOT_BYTES;
            assertThat(layout.index(position)).isEqualTo(index);
            assertThat(layout.lap(position)).isEqualTo((int) (position / capacity));
            assertThat(layout.slot(position)).isEqualTo(slot);
            assertThat(layout.slotInPiece(position)).isEqualTo(slot - AT);
            assertThat(layout.slotOf((int) index)).isEqualTo(slot);
        }
    }
}
