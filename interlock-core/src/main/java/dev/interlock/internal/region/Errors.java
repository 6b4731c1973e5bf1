package dev.interlock.internal.region;

import dev.interlock.ObjectMismatchException;
import dev.interlock.RegionAccessException;
import dev.interlock.RegionCorruptException;
import dev.interlock.RegionExistsException;
import dev.interlock.RegionFullException;
import dev.interlock.RegionNameException;
import dev.interlock.RegionNotFoundException;
import dev.interlock.RegionVersionException;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The texts of failures: what happened, with values, then what to do. The types that are thrown are named in here alone, as the
 * verifier would load each of them together with whatever class throws it, on the way to opening a region. So all are declared as
 * what the JVM has loaded already.
 */
final class Errors {
    private Errors() {}

    static RuntimeException corrupt(Path file, String what) {
        return new RegionCorruptException(
                "'"
                        + file
                        + "' is not a sound region: "
                        + what
                        + ". It was left as it is. If nothing needs it, delete it; or choose another name.");
    }

    static RuntimeException damaged(Path file, String what) {
        return new RegionCorruptException(
                "Region '"
                        + file
                        + "' is damaged, something else wrote to its file: "
                        + what
                        + ". Save what can be read, unlink it and make it anew.");
    }

    static RuntimeException corruptObject(Path file, long offset, String what) {
        return corrupt(file, "the object at offset " + offset + " " + what);
    }

    static RuntimeException blockGone(Path region, Path block) {
        return new RegionCorruptException(
                "Region '"
                        + region.getFileName()
                        + "' has a block whose file '"
                        + block
                        + "' somebody removed, and its bytes with it. Unlink the region and make it anew, or put the file back.");
    }

    static RuntimeException access(Path file, String what, String remedy) {
        return new RegionAccessException("Cannot use '" + file + "': " + what + ". " + remedy);
    }

    static RuntimeException foreign(Path file, int user) {
        return access(
                file,
                "it belongs to user " + user + ", and you are " + Directory.userId(),
                "To share a region between users, let all of them pass RegionOptions.permissions that allow it.");
    }

    static RuntimeException limitOutOfRange(long maxBytes) {
        String what =
                maxBytes < Layout.INITIAL_BYTES
                        ? "too small. Allow " + Layout.INITIAL_BYTES + " or more."
                        : "more than a process can map. Allow " + Regions.MAX_BYTES + " or less.";
        return new IllegalArgumentException(
                "A region of at most " + maxBytes + " bytes is " + what);
    }

    static RuntimeException limit(Path file, long needed, long free, long limit) {
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
    static RuntimeException device(Path file, long needed, @Nullable IOException e) {
        var failure =
                new RegionFullException(
                        "The file system of '"
                                + file
                                + "' is full: "
                                + needed
                                + " bytes are needed, "
                                + RegionFile.usableSpace(file)
                                + " are free. Free some, enlarge it (containers: --shm-size),"
                                + " or put the region elsewhere with RegionOptions.directory.");
        if (e != null) failure.initCause(e);
        return failure;
    }

    static RuntimeException notFound(Path path, String why) {
        return new RegionNotFoundException(
                "There is no region '"
                        + path.getFileName()
                        + "' in "
                        + path.getParent()
                        + ": "
                        + why
                        + ". Make it first with Region.open or Region.create, or check name and directory.");
    }

    static RuntimeException exists(Path path) {
        return new RegionExistsException(
                "Region '"
                        + path.getFileName()
                        + "' exists already. Use Region.open or Region.attach, or unlink it first.");
    }

    static RuntimeException version(Path path, long version) {
        return new RegionVersionException(
                "Region '"
                        + path.getFileName()
                        + "' has layout version "
                        + version
                        + ", this library has "
                        + Layout.VERSION
                        + ". Use the version that made it in all programs, or unlink the region and make it anew.");
    }

    static RuntimeException noSlot(Path path) {
        return new RegionFullException(
                "Region '"
                        + path.getFileName()
                        + "' is open in "
                        + Layout.SLOTS
                        + " processes, as many as it can be. Close it in one of them.");
    }

    static RuntimeException stuck(Path path, Path lock, long seconds) {
        return new RegionAccessException(
                "Another process has been opening or closing region '"
                        + path.getFileName()
                        + "' for "
                        + seconds
                        + " seconds: it is stopped, or hangs. Let it go on or kill it, then try again;"
                        + " lslocks(8) shows who holds "
                        + lock
                        + ".");
    }

    static RuntimeException name(String text) {
        return new RegionNameException(text);
    }

    static RuntimeException mismatch(Path file, String name, String found, String asked) {
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

    static RuntimeException noSharedMemory(Path directory, IOException e) {
        var failure =
                new RegionAccessException(
                        "Cannot make the directory '"
                                + directory
                                + "': "
                                + e.getMessage()
                                + ". Regions lie there unless RegionOptions.directory names another place;"
                                + " do so in all programs that share them.");
        failure.initCause(e);
        return failure;
    }

    static RuntimeException io(Path file, String doing, IOException e) {
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
