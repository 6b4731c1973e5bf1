package dev.interlock.internal.pool;

import java.util.Spliterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where a map has its items from. Used by the thread that reads the results. */
final class ItemSource {
    /** The item is the one argument of its call. */
    static final Spreading AS_IS = (item, arguments) -> arguments.accept(item);

    /** What an item becomes. */
    interface Spreading {
        /** Gives away the arguments of the item's call. */
        void spread(@Nullable Object item, Consumer<@Nullable Object> arguments);
    }

    private final Spliterator<?> items;
    private final Spreading spreading;
    private long remaining; // -1 if unknown

    ItemSource(Spliterator<?> items, Spreading spreading) {
        this.items = items;
        this.spreading = spreading;
        this.remaining = items.getExactSizeIfKnown();
    }

    /** How many items are left; -1 if that is not known. */
    long remaining() {
        return remaining;
    }

    /**
     * Takes one item.
     *
     * @return false if there is none
     */
    boolean take(Consumer<@Nullable Object> arguments) {
        if (!items.tryAdvance(item -> spreading.spread(item, arguments))) return false;
        if (remaining > 0) remaining--;
        return true;
    }
}
