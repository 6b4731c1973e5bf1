package dev.interlock.bench.worker;

import dev.interlock.Region;

/** Opens a region and finds a lock in it, tells the time and how long that took, and ends. */
public final class OpenRegionMain {
    private OpenRegionMain() {}

    /** Arguments: the names of the region and of the lock. */
    public static void main(String[] arguments) {
        long start = System.nanoTime();
        try (var region = Region.attach(arguments[0])) {
            var lock = region.lock(arguments[1]);
            lock.acquire().close();
            long end = System.nanoTime();
            System.out.println(end + " " + (end - start));
        }
    }
}
