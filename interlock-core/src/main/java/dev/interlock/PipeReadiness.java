package dev.interlock;

import dev.interlock.internal.region.AnyWord;
import dev.interlock.internal.region.OpenRegion;
import dev.interlock.internal.sync.PipeState;
import dev.interlock.internal.sync.WaitCell;

/** A connection is ready when {@code recv} would not wait for a message to begin. */
final class PipeReadiness implements Readiness {
    private final OpenRegion region;
    private final PipeState state;
    private int expected;
    private long cell; // 0: none yet, or there is no memory for it

    PipeReadiness(OpenRegion region, PipeState state) {
        this.region = region;
        this.state = state;
    }

    @Override
    public boolean isReady() {
        expected = state.announce(); // first, as what comes after it changes the word
        return state.isReady();
    }

    @Override
    public AnyWord.Watched watched() {
        if (cell == 0)
            cell =
                    region.cells()
                            .enterIfPossible(WaitCell.Kind.OTHER, state.signalAt(), WaitCell.TIMED);
        return new AnyWord.Watched(region.mapping(), state.signalAt(), expected);
    }

    @Override
    public void close() {
        if (cell != 0) region.cells().leave(cell);
    }
}
