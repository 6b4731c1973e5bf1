package dev.interlock.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.interlock.internal.sync.LockState.Acquired;
import org.junit.jupiter.api.Test;

/** One opening of a region is closed between two steps of a thread, while the process has another and so stays a member. */
class ClosedBetweenStepsTest {
    private static final long LOCK = 1024;

    private final ArrayWords own = new ArrayWords(ArrayCells.BYTES);
    private final WaitCells cells = ArrayCells.in(own).cells(0);

    private LockState lock() {
        return new LockState(
                ArrayCells.SLOT,
                ArrayCells.GENERATION,
                ArrayCells.NOBODY_ELSE,
                LockState.Manner.USUAL,
                cells);
    }

    /* Notes who owns it only after the compare-and-set. */
    private ArrayWords closedBeforeItNotesTheOwner() {
        return new ArrayWords(own) {
            @Override
            public void putPlain(long offset, long value) {
                if (offset == LOCK + LockWord.SINCE) close();
                super.putPlain(offset, value);
            }
        };
    }

    @Test
    void aLockWhoseAcquisitionThrows_isNotHeld() {
        LockState lock = lock();
        ArrayWords closing = closedBeforeItNotesTheOwner();

        assertThatIllegalStateException()
                .isThrownBy(() -> lock.acquire(closing, LOCK, Words.NEVER, false));

        assertThat(lock.isHeldByCurrentThread()).isFalse();
        assertThat(LockWord.isFree(own.get(LOCK))).as("0x%x", own.get(LOCK)).isTrue();
        assertThat(lock.tryAcquire(own, LOCK)).isEqualTo(Acquired.YES);
    }

    @Test
    void aLockThatTheProcessHasLeft_isLeftToTheSweep() {
        LockState lock = lock();
        ArrayWords closing = closedBeforeItNotesTheOwner();
        cells.close();

        assertThatIllegalStateException()
                .isThrownBy(() -> lock.acquire(closing, LOCK, Words.NEVER, false));

        assertThat(LockWord.ownerSlot(own.get(LOCK))).isEqualTo(ArrayCells.SLOT);
    }

    @Test
    void aWriteLockThatCannotBeGivenBack_isHeldAsOftenAsBefore() {
        ReadWriteState state =
                new ReadWriteState(
                        LOCK,
                        ArrayCells.SLOT,
                        ArrayCells.GENERATION,
                        lock(),
                        ArrayCells.NOBODY_ELSE,
                        cells,
                        own);
        ArrayWords opening = new ArrayWords(own);
        assertThat(state.write(opening, Words.NEVER, false)).isEqualTo(Acquired.YES);
        state.lock().reenter();
        opening.close();

        assertThatIllegalStateException().isThrownBy(() -> state.releaseAll(opening, LOCK));

        assertThat(state.lock().holds()).isEqualTo(2);
        assertThat(state.releaseAll(own, LOCK)).isEqualTo(2);
    }
}
