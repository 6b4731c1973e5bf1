package dev.interlock.internal.region;

import dev.interlock.InterlockException;
import dev.interlock.RegionAccessException;
import dev.interlock.internal.os.KillPoints;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The kernel lock under which a region is made, joined, left and removed. It is a file beside the region's, and goes
 * with it.
 *
 * <p>The kernel's record locks belong to a process, and are all gone when the process closes <em>any</em> descriptor of
 * the file. So no two threads of a JVM may be in here for one file, not even through two copies of this class: they
 * exclude each other by the monitor of an interned string, of which a JVM has but one.
 */
final class JoinLock {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long MAX_PAUSE_MILLIS = 2;

    private JoinLock() {}

    /** What is done under the lock. */
    interface Work<T extends @Nullable Object> {
        T run() throws IOException;
    }

    /** The lock's file, for a region's file. */
    static Path fileOf(Path region) {
        return region.resolveSibling(region.getFileName() + "~lock");
    }

    /**
     * Does the work while no other thread or process does any for the same region. Waits uninterruptibly, at most 20
     * seconds.
     */
    static <T extends @Nullable Object> T call(Path region, Work<T> work) {
        Path file = fileOf(region);
        String monitor = ("dev.interlock " + file).intern();
        synchronized (monitor) {
            boolean interrupted = false;
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            try {
                for (int attempt = 0;
                        ;
                        attempt++) { // until locked and the path still names what was locked
                    try {
                        // Looked at before it is opened, and again when it is locked: if the path
                        // named one file both times, that is
                        // the one that is locked, and not one that was removed with its region
                        // meanwhile.
                        Directory.Status before = existing(file);
                        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
                            FileLock lock = tryLock(open);
                            Directory.Status now = lock == null ? null : Directory.status(file);
                            if (now != null && now.inode() == before.inode())
                                return run(region, file, work);
                        }
                    } catch (IOException e) {
                        throw Errors.io(region, "open or lock the files of", e);
                    }
                    if (System.nanoTime() > deadline) throw stuck(region);
                    interrupted |= pause(attempt);
                }
            } finally {
                if (interrupted) Thread.currentThread().interrupt();
            }
        }
    }

    private static Directory.Status existing(Path file) throws IOException {
        Directory.Status status = Directory.status(file);
        while (status == null) { // until it stays for as long as it takes to look
            KillPoints.step();
            Path directory = file.getParent();
            if (directory != null && !directory.toFile().exists()) Directory.prepare(directory);
            file.toFile().createNewFile();
            status = Directory.status(file);
        }
        if (!status.isFile()) throw Errors.access(file, "it is not a regular file", "Remove it.");
        return status;
    }

    private static @Nullable FileLock tryLock(RandomAccessFile open) throws IOException {
        KillPoints.step();
        try {
            return open.getChannel().tryLock(0, 1, false);
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static <T extends @Nullable Object> T run(Path region, Path file, Work<T> work)
            throws IOException {
        try {
            return work.run();
        } finally {
            if (!region.toFile().exists()) {
                KillPoints.step();
                file.toFile().delete();
                KillPoints.step();
                Directory.removeIfEmpty(file.getParent());
            }
        }
    }

    private static boolean pause(int attempt) {
        try {
            Thread.sleep(Math.min(attempt / 4, MAX_PAUSE_MILLIS), 200_000);
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    private static InterlockException stuck(Path region) {
        return new RegionAccessException(
                "Another process has been opening or closing region '"
                        + region.getFileName()
                        + "' for "
                        + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS)
                        + " seconds: it is stopped, or hangs. Let it go on or kill it, then try again; lslocks(8) shows who holds "
                        + fileOf(region)
                        + ".");
    }
}
