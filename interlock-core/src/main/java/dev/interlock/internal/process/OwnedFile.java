package dev.interlock.internal.process;

import dev.interlock.internal.region.ProcessIdentity;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/*
 * Name     ~<kind>-<pid>-<start time>-<pid namespace>-<number>          '~' never begins the name of a region
 * Owner    The process in the name. It removes the file; if it dies first, any later process of this user does (collect).
 * Death    As ProcessIdentity.isGone proves it. Files of other pid namespaces (containers) are left alone: pids mean nothing across them.
 */
/** Files and directories that belong to a living process and are removed after it. */
final class OwnedFile {
    static final String REPORT = "~report-";
    static final String ARGUMENTS = "~args-";
    static final String CLASSES = "~classes-";

    private static final AtomicLong NEXT = new AtomicLong();

    private OwnedFile() {}

    /** A name that no other file of any process has. */
    static String newName(String kind) {
        return kind + ProcessIdentity.self().toFileNamePart() + "-" + NEXT.incrementAndGet();
    }

    /** Makes an empty file for the owner only, and the directory with it if need be. */
    static Path create(Path directory, String name) throws IOException {
        for (int attempt = 0; ; attempt++) {
            Path file = PrivateDirectory.prepare(directory).resolve(name);
            try {
                return Files.createFile(file, PrivateDirectory.ownerOnly("rw-------"));
            } catch (NoSuchFileException e) {
                if (attempt == 10) throw e; // else: somebody saw the directory empty and removed it
            }
        }
    }

    /** Removes a file or a directory with all in it, and the private directory if nothing else is in it. */
    static void delete(Path file) {
        if (Files.isDirectory(file)) {
            try (Stream<Path> inside = Files.walk(file)) {
                inside.sorted(java.util.Comparator.reverseOrder()).forEach(OwnedFile::deleteOne);
            } catch (IOException | java.io.UncheckedIOException e) {
                return; // it stays, as a leftover for others to collect
            }
        } else {
            deleteOne(file);
        }
        Path directory = file.getParent();
        if (directory != null) deleteOne(directory);
    }

    private static void deleteOne(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (DirectoryNotEmptyException e) {
            // in use
        } catch (IOException e) {
            // not ours to remove any more, or a read-only file system
        }
    }

    /** Removes the files of dead processes. */
    static void collectLeftovers() {
        Path memory = PrivateDirectory.inMemory();
        Path disk = PrivateDirectory.onDisk();
        collectLeftovers(memory);
        if (!disk.equals(memory)) collectLeftovers(disk);
    }

    private static void collectLeftovers(Path directory) {
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(directory, "~{report,args,classes}-*")) {
            for (Path file : files) {
                if (isOwnerDead(file.getFileName().toString())) delete(file);
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            // no directory, no leftovers
        }
    }

    static boolean isOwnerDead(String fileName) {
        ProcessIdentity owner =
                ProcessIdentity.parse(fileName.substring(fileName.indexOf('-') + 1));
        return owner != null && owner.isGone();
    }
}
