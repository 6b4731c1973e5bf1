package dev.interlock;

import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a region is made and where it lies. Start from {@link #defaults()} and change what differs.
 *
 * @param maxBytes the limit to which the region may grow, in bytes; only the creator's counts. Memory is taken when it
 *     is used
 * @param directory the directory of the region's files; null for the user's own directory below {@code /dev/shm}
 * @param permissions the mode of the region's files; others than the owner may open it only if this says so
 */
public record RegionOptions(
        long maxBytes, @Nullable Path directory, Set<PosixFilePermission> permissions) {
    /**
     * 4 GiB at most, in the user's own directory, for the user alone.
     *
     * @return the default options
     */
    public static RegionOptions defaults() {
        // Not by PosixFilePermissions: the first EnumSet costs a JVM eight milliseconds of its
        // start.
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
        return new RegionOptions(maxBytes, directory, permissions);
    }

    /**
     * These options with another directory.
     *
     * @param directory where the region's files lie; made if it is absent
     * @return the options
     */
    public RegionOptions directory(Path directory) {
        return new RegionOptions(maxBytes, directory, permissions);
    }

    /**
     * These options with another file mode.
     *
     * @param permissions the mode, as in {@code rw-rw----}
     * @return the options
     */
    public RegionOptions permissions(String permissions) {
        return new RegionOptions(maxBytes, directory, PosixFilePermissions.fromString(permissions));
    }
}
