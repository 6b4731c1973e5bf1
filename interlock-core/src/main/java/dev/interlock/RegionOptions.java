package dev.interlock;

import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a region is made and where it lies. Start from {@link #defaults()} and change what differs.
 *
 * @param maxBytes the limit to which the region may grow, in bytes; only the creator's counts. Memory is taken when it
 *     is used
 * @param directory the directory of the region's files; null for the user's own directory below {@code /dev/shm}
 * @param permissions the mode of the region's files; others than the owner may open it only if this says so
 * @param deadlockAfterNanos how long a thread waits for a lock without a time limit before it looks whether it would wait
 *     for ever, in nanoseconds; 0 if it never does. Only the creator's counts
 */
public record RegionOptions(
        long maxBytes,
        @Nullable Path directory,
        Set<PosixFilePermission> permissions,
        long deadlockAfterNanos) {
    /** Those of the {@link #defaults()}, as they are written. */
    static final String USUAL_PERMISSIONS = "rw-------";

    private static final long ONE_SECOND = 1_000_000_000;

    /**
     * Options with all values given.
     *
     * @param maxBytes as above
     * @param directory as above
     * @param permissions as above; copied
     * @param deadlockAfterNanos as above
     */
    public RegionOptions {
        permissions = Set.copyOf(permissions);
        if (deadlockAfterNanos < 0)
            throw new IllegalArgumentException(
                    "deadlockAfterNanos is " + deadlockAfterNanos + ". Use 0 for never.");
    }

    /**
     * Options of a region in which threads look for deadlocks after a second.
     *
     * @param maxBytes as above
     * @param directory as above
     * @param permissions as above; copied
     */
    public RegionOptions(
            long maxBytes, @Nullable Path directory, Set<PosixFilePermission> permissions) {
        this(maxBytes, directory, permissions, ONE_SECOND);
    }

    /**
     * 4 GiB at most, in the user's own directory, for the user alone, with a look for deadlocks after a second.
     *
     * @return the default options
     */
    public static RegionOptions defaults() {
        // Not by PosixFilePermissions: the first EnumSet costs a JVM eight milliseconds.
        return new RegionOptions(
                4L << 30,
                null,
                Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
    }

    /**
     * These options with another limit.
     *
     * @param maxBytes the limit in bytes
     * @return the options
     */
    public RegionOptions maxBytes(long maxBytes) {
        return new RegionOptions(maxBytes, directory, permissions, deadlockAfterNanos);
    }

    /**
     * These options with another directory.
     *
     * @param directory where the region's files lie; made if it is absent
     * @return the options
     */
    public RegionOptions directory(Path directory) {
        return new RegionOptions(maxBytes, directory, permissions, deadlockAfterNanos);
    }

    /**
     * These options with another file mode.
     *
     * @param permissions the mode, as in {@code rw-rw----}
     * @return the options
     */
    public RegionOptions permissions(String permissions) {
        return new RegionOptions(
                maxBytes,
                directory,
                PosixFilePermissions.fromString(permissions),
                deadlockAfterNanos);
    }

    /**
     * These options with another patience before a thread that waits for a lock looks for a deadlock.
     *
     * @param patience how long it waits first; zero to switch the look off
     * @return the options
     */
    public RegionOptions deadlockAfter(Duration patience) {
        return new RegionOptions(maxBytes, directory, permissions, Timeouts.toNanos(patience));
    }
}
