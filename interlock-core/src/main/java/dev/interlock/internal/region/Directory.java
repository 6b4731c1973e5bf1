package dev.interlock.internal.region;

import dev.interlock.internal.os.KillPoints;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The directory of a user's regions, and the checks that make it and its files trustworthy. */
public final class Directory {
    /** Cannot be in a region's name, so a file with it never is a region of that name. */
    static final char SEPARATOR = '~';

    /** Begins the name of a temporary region, which no user can give. */
    static final String TEMPORARY_PREFIX = SEPARATOR + "tmp-";

    /** Is between a region's name and what tells whose liveness file it is. */
    static final String ALIVE = SEPARATOR + "alive-";

    /** Characters of a region's name; with what is added for other files it must fit into a file name. */
    private static final int MAX_REGION_NAME = 100;

    private static final int GROUP_OR_OTHERS_WRITE = 0022;
    private static final int STICKY = 01000;
    private static final int TYPE_MASK = 0170000;
    private static final int TYPE_DIRECTORY = 0040000;
    private static final int TYPE_FILE = 0100000;
    private static final int TYPE_LINK = 0120000;

    private static final Set<PosixFilePermission> OWNER_ONLY =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    private static final Set<PosixFilePermission> OWNER_ALL =
            Set.of(
                    PosixFilePermission.OWNER_READ,
                    PosixFilePermission.OWNER_WRITE,
                    PosixFilePermission.OWNER_EXECUTE);

    private static int userId = -1;

    private Directory() {}

    /** What {@code lstat} tells. */
    record Status(int mode, int user, long inode, int links, long size) {
        boolean isDirectory() {
            return (mode & TYPE_MASK) == TYPE_DIRECTORY;
        }

        boolean isFile() {
            return (mode & TYPE_MASK) == TYPE_FILE;
        }

        boolean isLink() {
            return (mode & TYPE_MASK) == TYPE_LINK;
        }
    }

    /** The state of a path itself, not of what it may link to; null if there is nothing. */
    static @Nullable Status status(Path path) {
        try {
            Map<String, Object> attributes =
                    Files.readAttributes(
                            path, "unix:mode,uid,ino,nlink,size", LinkOption.NOFOLLOW_LINKS);
            return new Status(
                    (int) number(attributes, "mode"),
                    (int) number(attributes, "uid"),
                    number(attributes, "ino"),
                    (int) number(attributes, "nlink"),
                    number(attributes, "size"));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw Errors.io(path, "look at", e);
        }
    }

    private static long number(Map<String, Object> attributes, String name) {
        return ((Number) Objects.requireNonNull(attributes.get(name))).longValue();
    }

    /** The effective user id of this process. */
    public static synchronized int userId() {
        if (userId < 0) {
            try {
                userId = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            } catch (IOException e) {
                throw Errors.io(Path.of("/proc/self"), "find the user id in", e);
            }
        }
        return userId;
    }

    /** Where a user's regions lie unless another place is named: always the same, or programs would not meet by name. */
    public static Path ofUser() {
        return Path.of("/dev/shm", "interlock-" + userId());
    }

    /** The directory that was asked for, or the user's own; made if need be, and checked. */
    static Path prepare(@Nullable Path asked) {
        Path directory = asked == null ? ofUser() : asked.toAbsolutePath().normalize();
        Status status = status(directory);
        if (status == null) {
            create(directory, asked != null);
            status = status(directory);
            if (status == null) return prepare(asked); // somebody saw it empty and removed it
        }
        check(directory, status, asked != null);
        return directory;
    }

    static void checkRegionName(String name) {
        Objects.requireNonNull(name, "A region's name is null.");
        if (name.isEmpty()) throw bad("A region's name is empty.");
        if (name.length() > MAX_REGION_NAME)
            throw bad(
                    "A region's name has "
                            + name.length()
                            + " characters: '"
                            + name.substring(0, 20)
                            + "…'.");
        if (!isAlphanumeric(name.charAt(0)))
            throw bad("A region's name begins with '" + name.charAt(0) + "': '" + name + "'.");
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!isAlphanumeric(c) && c != '.' && c != '_' && c != '-')
                throw bad("A region's name contains '" + c + "': '" + name + "'.");
        }
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static RuntimeException bad(String what) {
        return Errors.name(
                what
                        + " Use 1 to "
                        + MAX_REGION_NAME
                        + " of A-Z, a-z, 0-9, '.', '_' and '-', beginning with a letter or digit.");
    }

    /**
     * Whether dead programs may have left something there: a temporary region, or a liveness file of a region that is gone. Rarely, and
     * what the {@link Collector} has to do then takes longer to load than to say no.
     */
    static boolean mayHoldLeftovers(Path directory) {
        File parent = directory.toFile();
        String[] names = parent.list();
        if (names == null) return false;
        String region = ""; // that is known to be there: most files belong to one
        for (String name : names) {
            if (name.startsWith(TEMPORARY_PREFIX)) return true;
            int end = name.indexOf(ALIVE);
            if (end < 0 || (end == region.length() && name.startsWith(region))) continue;
            region = name.substring(0, end);
            if (!new File(parent, region).exists()) return true;
        }
        return false;
    }

    private static void create(Path directory, boolean chosenByUser) {
        var mode = PosixFilePermissions.asFileAttribute(OWNER_ALL);
        try {
            Path parent = directory.getParent();
            if (chosenByUser && parent != null && !Files.isDirectory(parent))
                Files.createDirectories(parent, mode);
            KillPoints.step();
            Files.createDirectory(directory, mode);
        } catch (IOException e) {
            // Another process was faster. See JoinLock for why there is no catch clause for it.
            if (e instanceof FileAlreadyExistsException) return;
            throw chosenByUser
                    ? Errors.io(directory, "make the directory", e)
                    : Errors.noSharedMemory(directory, e);
        }
    }

    private static void check(Path directory, Status status, boolean chosenByUser) {
        if (status.isLink()) {
            throw Errors.access(directory, "it is a symbolic link", "Name the directory itself.");
        }
        if (!status.isDirectory()) {
            throw Errors.access(
                    directory, "it is not a directory", "Move it away, or name another directory.");
        }
        boolean ownersOnly = (status.mode & GROUP_OR_OTHERS_WRITE) == 0;
        if (status.user != userId() && !(chosenByUser && (status.user == 0 || !ownersOnly))) {
            throw Errors.access(
                    directory,
                    "it belongs to user " + status.user + ", not to " + userId(),
                    "Remove it, or name a directory of your own.");
        }
        if (!ownersOnly && (status.mode & STICKY) == 0 && (status.mode & 0002) != 0) {
            throw Errors.access(
                    directory, "everybody may replace files in it", "Give it mode 0700, or 1777.");
        }
    }

    /** Refuses a file that somebody else might have put or might hold there. Null if there is none. */
    static @Nullable Status checkFile(Path file, Set<PosixFilePermission> permissions) {
        Status status = status(file);
        if (status == null) return null;
        if (status.isLink()) {
            throw Errors.access(
                    file,
                    "it is a symbolic link",
                    "Regions are never opened through links: remove it, or choose another name.");
        }
        if (!status.isFile())
            throw Errors.access(
                    file, "it is not a regular file", "Remove it, or choose another name.");
        if (status.links != 1)
            throw Errors.access(
                    file,
                    "it has " + status.links + " hard links",
                    "Remove the others, or choose another name.");
        if (status.user != userId() && !isShared(permissions)) {
            throw Errors.foreign(file, status.user);
        }
        return status;
    }

    /** Gives a file that this process has just made the region's mode, if that lets others in. */
    static void share(Path file, Set<PosixFilePermission> permissions) throws IOException {
        if (isShared(permissions)) Files.setPosixFilePermissions(file, permissions);
    }

    /**
     * Makes an empty file beside a region's, which must not exist. Who may not use the region may not even open it: a lock can be
     * taken through any descriptor.
     */
    static void createFile(Path file, Set<PosixFilePermission> permissions) throws IOException {
        Set<PosixFilePermission> mode = isShared(permissions) ? permissions : OWNER_ONLY;
        Files.createFile(file, PosixFilePermissions.asFileAttribute(mode));
        share(file, permissions);
    }

    static boolean isShared(Set<PosixFilePermission> permissions) {
        return permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE);
    }

    /** The directory that a region's file lies in. */
    static Path of(Path region) {
        return Objects.requireNonNull(region.getParent());
    }

    /** Removes the user's own directory if it is empty; never one that somebody named. */
    static void removeIfEmpty(Path directory) {
        if (directory.equals(ofUser())) directory.toFile().delete(); // fails if it is not empty
    }
}
