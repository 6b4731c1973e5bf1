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

    /** Until when to sleep, at most, before {@link #isReady()} is asked again. */
    default long until(long deadlineNanos) {
        return deadlineNanos;
    }

    /** Ends the care. */
    @Override
    void close();
}
