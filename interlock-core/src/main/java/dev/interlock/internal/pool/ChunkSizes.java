package dev.interlock.internal.pool;

import dev.interlock.PoolMapOptions;
import java.util.concurrent.TimeUnit;

/*
 * A chunk should be so large that handing it over costs little next to the work in it, and so small that workers end at about the same
 * time, failures come soon and a closed stream lets go soon: TARGET_NANOS of work. How long an item takes is measured by the
 * workers. The first chunks have one item; none is more than GROWTH times as large as the largest that was measured, as a few items
 * may not be like the others.
 *
 * When it is known how many items are left, chunks get smaller towards the end (guided self-scheduling, Polychronopoulos and Kuck 1987), but
 * not below an eighth, where handing over would begin to count.
 *
 * The window is what keeps all workers busy while the reader is busy elsewhere: some chunks for each, or WINDOW_NANOS of work if
 * chunks are small.
 */
/** How many items the next chunk of a map should have, and how many chunks should be on their way. Used by the thread that reads. */
final class ChunkSizes {
    private static final long TARGET_NANOS = TimeUnit.MICROSECONDS.toNanos(1500);
    private static final int GROWTH = 16;
    private static final int MOST_ITEMS = 1 << 14;
    private static final int MOST_BYTES = 1 << 20;
    private static final int SMALLEST_PART = 8;

    private static final int CHUNKS_PER_WORKER = 4;
    private static final int MOST_CHUNKS = 768; // fewer than the board has slots
    private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final int given; // 0 for automatic
    private final int lookAhead; // 0 for automatic
    private final int workers;

    private double itemNanos;
    private double itemBytes;
    private int largestMeasured;

    ChunkSizes(PoolMapOptions options, int workers) {
        this.given = options.chunkSize();
        this.lookAhead = options.lookAhead();
        this.workers = workers;
    }

    /** Takes into account how a chunk went. */
    void measured(int items, long nanos, int bytes) {
        if (items == 0 || nanos <= 0) return;
        double sample = (double) nanos / items;
        double sampleBytes = (double) bytes / items;
        boolean isFirst = largestMeasured == 0;
        itemNanos = isFirst ? sample : (itemNanos + sample) / 2;
        itemBytes = isFirst ? sampleBytes : (itemBytes + sampleBytes) / 2;
        largestMeasured = Math.max(largestMeasured, items);
    }

    /**
     * How many items the next chunk should have, 1 or more.
     *
     * @param remaining how many are left; -1 if unknown
     */
    int next(long remaining) {
        if (given > 0) return given;
        if (largestMeasured == 0) return 1;
        double most = Math.min(MOST_ITEMS, (double) GROWTH * largestMeasured);
        double full = Math.min(most, TARGET_NANOS / itemNanos);
        full = Math.min(full, MOST_BYTES / itemBytes);
        if (remaining >= 0)
            full = Math.min(full, Math.max(full / SMALLEST_PART, remaining / (2.0 * workers)));
        if (lookAhead > 0) full = Math.min(full, lookAhead / (2.0 * workers));
        return Math.max(1, (int) full);
    }

    /**
     * Whether there is room for another chunk.
     *
     * @param chunks how many are on their way or not delivered
     * @param items how many items they have
     */
    boolean hasRoom(int chunks, int items, int size) {
        return lookAhead > 0 ? items + size <= lookAhead : chunks < window();
    }

    /** Whether so many are on their way that there is no hurry to add others. */
    boolean isWellFilled(int chunks, int items) {
        return lookAhead > 0 ? 4L * items > 3L * lookAhead : 4 * chunks > 3 * window();
    }

    private int window() {
        int least = Math.min(MOST_CHUNKS, CHUNKS_PER_WORKER * workers);
        if (given == 0 || largestMeasured == 0) return least;
        double chunkNanos = Math.max(1, itemNanos * given);
        return (int) Math.clamp(workers * (WINDOW_NANOS / chunkNanos), least, MOST_CHUNKS);
    }
}
