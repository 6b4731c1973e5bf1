package dev.interlock.internal.process;

import dev.interlock.internal.region.Directory;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The directories in which a user's processes leave each other files: {@code interlock-<uid>} in shared memory, and one of the same
 * name in the directory for temporary files. Only the user may look into them. What lies there is trusted, so a directory that
 * belongs to somebody else is refused.
 */
final class PrivateDirectory {
    private PrivateDirectory() {}

    /** In shared memory. Not made yet; where there is none it cannot be. */
    static Path inMemory() {
        return Directory.ofUser();
    }

    /** In {@code java.io.tmpdir}. Not made yet. */
    static Path onDisk() {
        return Path.of(System.getProperty("java.io.tmpdir", "/tmp"))
                .toAbsolutePath()
                .resolve(name());
    }

    private static String name() {
        return "interlock-" + Directory.userId();
    }

    /** Makes the directory if it is missing. Fails if it is not this user's, or open to others. */
    static Path prepare(Path directory) throws IOException {
        try {
            Files.createDirectory(directory, ownerOnly("rwx------"));
        } catch (FileAlreadyExistsException e) {
            check(directory);
        }
        return directory;
    }

    /** Fails if the directory is not this user's, or open to others. */
    static void check(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("'" + directory + "' is not a directory. Remove it.");
        }
        var attributes =
                Files.readAttributes(
                        directory,
                        java.nio.file.attribute.PosixFileAttributes.class,
                        LinkOption.NOFOLLOW_LINKS);
        Object owner = Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        if (!owner.equals(Directory.userId())) {
            throw new IOException(
                    "'" + directory + "' belongs to " + attributes.owner() + ". Remove it.");
        }
        Set<PosixFilePermission> permissions = attributes.permissions();
        if (permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IOException("Others may write to '" + directory + "'. Give it mode 0700.");
        }
    }

    static FileAttribute<Set<PosixFilePermission>> ownerOnly(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }
}
