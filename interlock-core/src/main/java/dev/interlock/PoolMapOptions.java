package dev.interlock;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How {@link ProcessPool#map} goes about its work.
 *
 * @param isOrdered whether results come in the order of the items. Otherwise they come as they are made
 * @param chunkSize how many items a worker is given at a time; 0 for automatic
 * @param lookAhead how many items are taken from the source at most that were not delivered as results yet; 0 for automatic
 * @param isFailFast whether a failure ends all as soon as it is known. Otherwise the results before it are delivered first
 * @param onProgress who is told how far it is; null for nobody
 */
public record PoolMapOptions(
        boolean isOrdered,
        int chunkSize,
        int lookAhead,
        boolean isFailFast,
        @Nullable Consumer<? super Progress> onProgress) {
    private static final int AUTOMATIC = 0;
    private static final PoolMapOptions DEFAULTS =
            new PoolMapOptions(true, AUTOMATIC, AUTOMATIC, false, null);

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if one is not possible
     */
    public PoolMapOptions {
        if (chunkSize < 0 || lookAhead < 0)
            throw new IllegalArgumentException(
                    "A chunk size of "
                            + chunkSize
                            + " and a look-ahead of "
                            + lookAhead
                            + " items are not possible. Give 1 or more, or nothing for automatic.");
        if (lookAhead != AUTOMATIC && chunkSize > lookAhead)
            throw new IllegalArgumentException(
                    "A chunk of "
                            + chunkSize
                            + " items is more than the look-ahead of "
                            + lookAhead
                            + ". Give a smaller chunk size, or a larger look-ahead.");
    }

    /**
     * Results in the order of the items, chunks and look-ahead as it fits, results before a failure delivered first.
     *
     * @return the options
     */
    public static PoolMapOptions defaults() {
        return DEFAULTS;
    }

    /**
     * These options, but results come as they are made, in any order.
     *
     * @return the options
     */
    public PoolMapOptions unordered() {
        return new PoolMapOptions(false, chunkSize, lookAhead, isFailFast, onProgress);
    }

    /**
     * These options, but workers are given so many items at a time. A chunk is what a dead worker takes with it, what is retried, and
     * what a time limit of the pool holds for. With 1, each item is a task of its own. By default chunks begin with one item, and
     * grow until one takes about 1.5 milliseconds.
     *
     * @param items how many, 1 or more
     * @return the options
     */
    public PoolMapOptions chunkSize(int items) {
        requirePositive(items, "chunk");
        return new PoolMapOptions(isOrdered, items, lookAhead, isFailFast, onProgress);
    }

    /**
     * These options, but so many items at most are taken from the source ahead of the results that were delivered. With 1, an item is
     * taken only when the result of the one before was delivered. By default it is what keeps the workers busy, and at most 768
     * chunks.
     *
     * @param items how many, 1 or more
     * @return the options
     */
    public PoolMapOptions lookAhead(int items) {
        requirePositive(items, "look-ahead");
        return new PoolMapOptions(isOrdered, chunkSize, items, isFailFast, onProgress);
    }

    /**
     * These options, but the first failure that is known here is thrown at once, ahead of results that were not delivered yet.
     *
     * @return the options
     */
    public PoolMapOptions failFast() {
        return new PoolMapOptions(isOrdered, chunkSize, lookAhead, true, onProgress);
    }

    /**
     * These options, but somebody is told how far it is: about ten times a second at most while something changes, and when it ends; never
     * by two threads at once, and by none that the results wait for. What is thrown there has no effect. The end of the stream
     * waits for the last call to return, though not longer than a second.
     *
     * @param listener who is told: a {@link ProgressBar}, for example
     * @return the options
     */
    public PoolMapOptions onProgress(Consumer<? super Progress> listener) {
        return new PoolMapOptions(isOrdered, chunkSize, lookAhead, isFailFast, listener);
    }

    private static void requirePositive(int items, String what) {
        if (items < 1)
            throw new IllegalArgumentException(
                    "A " + what + " of " + items + " items is not possible. Give 1 or more.");
    }
}
