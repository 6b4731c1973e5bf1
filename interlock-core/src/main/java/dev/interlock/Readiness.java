package dev.interlock;

import dev.interlock.internal.region.AnyWord;
import org.jspecify.annotations.Nullable;

/** How one call of {@link WaitSet} looks after one object. */
interface Readiness extends AutoCloseable {
    /** Whether the object is ready. */
    boolean isReady();

    /**
     * The word whose change, after {@link #isReady()} has said no, is worth another look; null if the call's bell is rung then.
     */
    AnyWord.@Nullable Watched watched();

    /** Ends the care. */
    @Override
    void close();
}
