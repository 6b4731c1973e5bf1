package dev.interlock.bench.worker;

import dev.interlock.Region;

/** Opens a region and uses a lock in it, tells the time after each and how long it took until then, and ends. */
public final class OpenRegionMain {
    private OpenRegionMain() {}

    /** Arguments: the names of the region and of the lock. */
    public static void main(String[] arguments) {
        long start = System.nanoTime();
        try (var region = Region.attach(arguments[0])) {
            long opened = System.nanoTime();
            region.lock(arguments[1]).acquire().close();
            long used = System.nanoTime();
            System.out.println(opened + " " + used + " " + (opened - start) + " " + (used - start));
        }
    }
}
