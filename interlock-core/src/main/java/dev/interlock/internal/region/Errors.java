package dev.interlock.internal.region;

import dev.interlock.InterlockException;
import dev.interlock.ObjectMismatchException;
import dev.interlock.RegionAccessException;
import dev.interlock.RegionCorruptException;
import dev.interlock.RegionFullException;
import dev.interlock.RegionNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The texts of failures: what happened, with values, then what to do. */
final class Errors {
    private Errors() {}

    static RegionCorruptException corrupt(Path file, String what) {
        return new RegionCorruptException(
                "'"
                        + file
                        + "' is not a sound region: "
                        + what
                        + ". It was left as it is. If nothing needs it, delete it; or choose another name.");
    }

    static RegionCorruptException corruptObject(Path file, long offset, String what) {
        return corrupt(file, "the object at offset " + offset + " " + what);
    }

    static RegionAccessException access(Path file, String what, String remedy) {
        return new RegionAccessException("Cannot use '" + file + "': " + what + ". " + remedy);
    }

    static RegionFullException limit(Path file, long needed, long free, long limit) {
        return new RegionFullException(
                "Region '"
                        + file.getFileName()
                        + "' is full: "
                        + needed
                        + " bytes are needed, "
                        + Math.max(0, free)
                        + " of its "
                        + limit
                        + " are left. Create it with a larger RegionOptions.maxBytes.");
    }

    /** For a write that failed, or that was not tried as it would fail. */
    static RegionFullException device(Path file, long needed, @Nullable IOException e) {
        var failure =
                new RegionFullException(
                        "The file system of '"
                                + file
                                + "' is full: "
                                + needed
                                + " bytes are needed, "
                                + usableSpace(file)
                                + " are free. Free some, enlarge it (containers: --shm-size),"
                                + " or put the region elsewhere with RegionOptions.directory.");
        if (e != null) failure.initCause(e);
        return failure;
    }

    static long usableSpace(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        return directory == null ? 0 : directory.toFile().getUsableSpace();
    }

    static RegionNotFoundException notFound(Path path, String why) {
        return new RegionNotFoundException(
                "There is no region '"
                        + path.getFileName()
                        + "' in "
                        + path.getParent()
                        + ": "
                        + why
                        + ". Make it first with Region.open or Region.create, or check name and directory.");
    }

    static ObjectMismatchException mismatch(Path file, String name, String found, String asked) {
        return new ObjectMismatchException(
                "'"
                        + name
                        + "' in region '"
                        + file.getFileName()
                        + "' is a "
                        + found
                        + ", not a "
                        + asked
                        + ". Open it as what it is, or choose another name.");
    }

    static InterlockException io(Path file, String doing, IOException e) {
        var failure =
                new RegionAccessException(
                        "Cannot "
                                + doing
                                + " '"
                                + file
                                + "': "
                                + e.getMessage()
                                + ". Check the directory, its permissions and its free space.");
        failure.initCause(e);
        return failure;
    }
}
