package dev.interlock;

import dev.interlock.internal.region.AnyWord;
import dev.interlock.internal.region.OpenRegion;
import dev.interlock.internal.sync.WaitCell;
import java.util.function.IntSupplier;

/** An event or a latch is ready when its word says so. Who has to wait for that is seen in a cell. */
final class SignalReadiness implements Readiness {
    private final OpenRegion region;
    private final long at;
    private final IntSupplier announce;
    private int expected;
    private long cell; // 0: none yet, or there is no memory for it

    /**
     * Makes the readiness of the object at that offset.
     *
     * @param announce announces that somebody sleeps on the word, and answers its lower half; 0 if the object is ready
     */
    SignalReadiness(OpenRegion region, long at, IntSupplier announce) {
        this.region = region;
        this.at = at;
        this.announce = announce;
    }

    @Override
    public boolean isReady() {
        expected = announce.getAsInt();
        return expected == 0;
    }

    /** On what to sleep, after {@link #isReady()} has said no. */
    int announced() {
        return expected;
    }

    @Override
    public AnyWord.Watched watched() {
        if (cell == 0)
            cell = region.cells().enterIfPossible(WaitCell.Kind.OTHER, at, WaitCell.TIMED);
        return new AnyWord.Watched(region.mapping(), at, expected);
    }

    @Override
    public void close() {
        if (cell != 0)
            region.cells().leave(cell); // what was announced is taken back by who makes it ready
    }
}
