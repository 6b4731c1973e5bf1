package dev.interlock.internal.region;

import dev.interlock.internal.os.KillPoints;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Removes what dead programs left in a directory: temporary regions without a living member, and liveness files of dead
 * processes whose region is gone. It runs at every call that opens, makes or lists regions, if there might be something
 * ({@link Directory#mayHoldLeftovers}), and touches nothing that a living process uses.
 */
final class Collector {
    private Collector() {}

    static void collect(Path directory) {
        String[] names = directory.toFile().list();
        if (names == null) return;
        Set<String> temporaries = new HashSet<>();
        Set<String> living = new HashSet<>(); // those of them of which a living member was seen
        Set<String> present = new HashSet<>();
        for (String name : names) {
            if (name.charAt(0) != Directory.SEPARATOR && name.indexOf(Directory.SEPARATOR) < 0)
                present.add(name);
            if (!isTemporary(name)) continue;
            temporaries.add(regionOf(name));
            if (isAlive(directory, name)) living.add(regionOf(name));
        }
        for (String region : temporaries) {
            Path path = directory.resolve(region);
            if (!living.contains(region) && isOurs(path) && isOurs(JoinLock.fileOf(path)))
                removeIfDead(path);
        }
        for (String name : names) {
            if (!isTemporary(name) && isOrphan(directory, name, present)) {
                KillPoints.step();
                directory.resolve(name).toFile().delete();
            }
        }
    }

    /** Whether a region of that name is a temporary one. */
    static boolean isTemporary(String name) {
        return name.startsWith(Directory.TEMPORARY_PREFIX);
    }

    /* A temporary region's own name begins with the separator. */
    private static String regionOf(String fileName) {
        int end = fileName.indexOf(Directory.SEPARATOR, 1);
        return end < 0 ? fileName : fileName.substring(0, end);
    }

    /* In a directory of several users each removes what its own programs left. */
    private static boolean isOurs(Path file) {
        Directory.Status status = Directory.status(file);
        return status == null || status.user() == Directory.userId();
    }

    private static boolean isAlive(Path directory, String fileName) {
        int at = fileName.indexOf(Directory.ALIVE, 1);
        return at >= 0 && !isDeadMember(directory, fileName, at);
    }

    private static boolean isOrphan(Path directory, String fileName, Set<String> present) {
        int at = fileName.indexOf(Directory.ALIVE, 1);
        return at > 0
                && !present.contains(fileName.substring(0, at))
                && isDeadMember(directory, fileName, at);
    }

    /* The name has it all: alive-<slot>-<pid>-<start>-<namespace>-<token>. Own files must not be opened, see Member. */
    private static boolean isDeadMember(Path directory, String fileName, int at) {
        String numbers = fileName.substring(at + Directory.ALIVE.length());
        ProcessIdentity process = identity(numbers);
        return process != null
                && !process.isSelf()
                && Member.isUnlocked(directory.resolve(fileName));
    }

    private static @Nullable ProcessIdentity identity(String numbers) {
        int slotEnd = numbers.indexOf('-');
        return slotEnd < 0 ? null : ProcessIdentity.parse(numbers.substring(slotEnd + 1));
    }

    /* Somebody may have joined since we looked, so it is decided under the join lock. */
    private static void removeIfDead(Path region) {
        new JoinLock<@Nullable Void>(region, Set.of()) {
            @Override
            @Nullable Void work() throws IOException {
                if (noneIsAlive(region)) removeFiles(region, true);
                return null;
            }
        }.call();
    }

    private static boolean noneIsAlive(Path region) {
        String[] names = Directory.of(region).toFile().list();
        if (names == null) return false;
        String prefix = region.getFileName().toString() + Directory.SEPARATOR;
        for (String name : names) {
            if (name.startsWith(prefix) && isAlive(Directory.of(region), name)) return false;
        }
        return true;
    }

    /**
     * Removes a region's files, under its join lock. Liveness files of living members stay if {@code all} is not set:
     * they are theirs to remove, and prove them alive to those who go on using the region.
     */
    static void removeFiles(Path region, boolean all) throws IOException {
        String prefix = region.getFileName().toString() + Directory.SEPARATOR;
        KillPoints.step();
        region.toFile().delete();
        String[] names = Directory.of(region).toFile().list();
        if (names == null) return;
        String joinLock =
                JoinLock.fileOf(region).getFileName().toString(); // goes last, with JoinLock
        for (String name : names) {
            boolean own = name.startsWith(prefix);
            boolean lock = name.equals(joinLock);
            boolean liveness = own && name.startsWith(Directory.ALIVE, prefix.length() - 1);
            if (own
                    && !lock
                    && (all
                            || !liveness
                            || isDeadMember(Directory.of(region), name, prefix.length() - 1))) {
                KillPoints.step();
                new File(Directory.of(region).toFile(), name).delete();
            }
        }
    }
}
