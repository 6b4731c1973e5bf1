package dev.interlock.internal.region;

import dev.interlock.InterlockException;
import dev.interlock.RegionAccessException;
import dev.interlock.RegionCorruptException;
import dev.interlock.RegionFullException;
import java.io.IOException;
import java.nio.file.Path;

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

    static RegionFullException device(Path file, long needed, long usable) {
        return new RegionFullException(
                "The file system of '"
                        + file
                        + "' is full: "
                        + needed
                        + " bytes are needed, "
                        + usable
                        + " are free. Free some, enlarge it (containers: --shm-size), or put the region elsewhere with RegionOptions.directory.");
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
