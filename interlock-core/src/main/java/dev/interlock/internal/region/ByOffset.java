package dev.interlock.internal.region;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What this process knows of a region's objects, by their offsets. Offsets are multiples of powers of two, which a hash map would
 * put into few of its bins; multiplied by an odd number they differ in all bits, and are still unique.
 */
final class ByOffset<V> {
    private static final long SPREAD = 0x9E3779B97F4A7C15L;
    private static final long GATHER = 0xF1DE83E19937733DL; // its inverse modulo 2^64

    private final ConcurrentHashMap<Long, V> values = new ConcurrentHashMap<>();

    /** What is known of that offset, or null. */
    @Nullable V get(long offset) {
        return values.get(offset * SPREAD);
    }

    /** Notes it unless another thread was faster, and answers what is known then. */
    V putIfAbsent(long offset, V value) {
        V known = values.putIfAbsent(offset * SPREAD, value);
        return known == null ? value : known;
    }

    /** All that is known. */
    Collection<V> values() {
        return values.values();
    }

    /** The offsets of which something is known. */
    List<Long> offsets() {
        List<Long> offsets = new ArrayList<>(values.size());
        for (long key : values.keySet()) offsets.add(key * GATHER);
        return offsets;
    }
}
