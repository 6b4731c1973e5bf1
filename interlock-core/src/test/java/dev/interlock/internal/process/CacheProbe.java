package dev.interlock.internal.process;

import java.nio.file.Path;
import java.util.List;

/** Shows tests of other packages how a cache is used. */
public final class CacheProbe {
    private CacheProbe() {}

    /** What a JVM gets to use that cache. */
    public static List<String> options(Path cache) {
        return new StartCache(cache, cache).options();
    }
}
