package dev.interlock.jcstress;

import dev.interlock.Region;
import dev.interlock.RegionOptions;
import dev.interlock.SharedLock;
import dev.interlock.SharedLongArray;
import dev.interlock.SharedRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** One region, mapped twice: one actor of each test uses the first mapping, the other the second. */
final class Twice {
    /** Two numbers that belong together. */
    record Pair(long left, long right) {}

    private static final int PLACES = 1 << 16; // more than there are states at a time
    private static final int PLACE_LONGS = 16; // two cache lines, one for each variable
    private static final AtomicLong NEXT = new AtomicLong();

    private static final Path DIRECTORY =
            Path.of("/dev/shm/il-jcstress-" + ProcessHandle.current().pid());
    private static final Region FIRST_REGION;
    private static final Region SECOND_REGION;

    static {
        RegionOptions here = RegionOptions.defaults().directory(DIRECTORY);
        FIRST_REGION = Region.create("twice", here);
        SECOND_REGION = Region.attach("twice", here);
    }

    static final Twice FIRST = new Twice(FIRST_REGION);
    static final Twice SECOND = new Twice(SECOND_REGION);

    static {
        if (FIRST.longs.address() == SECOND.longs.address())
            throw new AssertionError("mapped once only");
        removeName();
    }

    final SharedLock lock;
    final SharedLongArray array;
    final SharedRecord<Pair> record;
    private final MemorySegment longs;

    private Twice(Region region) {
        lock = region.lock("lock");
        array = region.longArray("longs", PLACES * PLACE_LONGS);
        record = region.record("record", Pair.class);
        longs = array.segment();
    }

    /* The mappings stay; nothing is left behind when the JVM ends. */
    private static void removeName() {
        FIRST_REGION.unlink();
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> {
                            SECOND_REGION.close();
                            FIRST_REGION.close();
                            removeDirectory();
                        }));
    }

    private static void removeDirectory() {
        try (var files = Files.list(DIRECTORY)) {
            for (Path file : files.toList()) Files.deleteIfExists(file);
            Files.deleteIfExists(DIRECTORY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Two variables, zero, that no other state uses now: this one and the next. */
    static long newPlace() {
        long place = NEXT.getAndIncrement() % PLACES * PLACE_LONGS;
        FIRST.setPlain(place, 0);
        FIRST.setPlain(other(place), 0);
        return place;
    }

    /** The second variable of a place. */
    static long other(long place) {
        return place + PLACE_LONGS / 2;
    }

    long getPlain(long index) {
        return longs.getAtIndex(ValueLayout.JAVA_LONG, index);
    }

    void setPlain(long index, long value) {
        longs.setAtIndex(ValueLayout.JAVA_LONG, index, value);
    }
}
