package dev.interlock;

import java.time.Duration;

/**
 * How far a {@link ProcessPool#map} is.
 *
 * @param done for how many items there is a result
 * @param failed how many items failed
 * @param total how many items there are; -1 if the source does not say
 * @param elapsed how long it has run
 * @param hasEnded whether this is the end: all is done, or the rest was given up
 */
public record Progress(long done, long failed, long total, Duration elapsed, boolean hasEnded) {
    /**
     * How many items are processed in a second, on average so far.
     *
     * @return the rate; 0 at the beginning
     */
    public double perSecond() {
        double seconds = elapsed.toNanos() / 1e9;
        return seconds > 0 ? done / seconds : 0;
    }

    /**
     * How long the rest will take if it goes on as it did on average so far.
     *
     * @return the time; -1 nanosecond if that cannot be said
     */
    public Duration remaining() {
        double rate = perSecond();
        if (total < 0 || rate == 0) return Duration.ofNanos(-1);
        return Duration.ofNanos((long) (Math.max(0, total - done - failed) / rate * 1e9));
    }
}
