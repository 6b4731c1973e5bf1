package dev.interlock.internal.region;

import dev.interlock.internal.os.KillPoints;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The kernel lock under which a region is made, joined, left and removed. It is a file beside the region's, and goes
 * with it.
 *
 * <p>The kernel's record locks belong to a process, and are all gone when the process closes <em>any</em> descriptor of
 * the file. So no two threads of a JVM may be in here for one file, not even through two copies of this class: they
 * exclude each other by the monitor of an interned string, of which a JVM has but one.
 */
abstract class JoinLock<T extends @Nullable Object> {
    /*
     * Rare exceptions are told apart by instanceof: the types of catch clauses are loaded with this class, to verify it, and those are not in
     * the JDK's archive of classes, so that a cold JVM would take a millisecond for six of them.
     */

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long PAUSE_NANOS = 1_000_000;
    private static final int MAX_REFUSALS = 200;
    private static final int MAX_REMOVALS = 1000; // of the directory between two steps of ours

    private final Path region;
    private final Path file;
    private final Set<PosixFilePermission> permissions;

    /**
     * To be followed by {@link #call}.
     *
     * @param permissions the mode of the region's files
     */
    JoinLock(Path region, Set<PosixFilePermission> permissions) {
        this.region = region;
        this.file = fileOf(region);
        this.permissions = permissions;
    }

    /** What is done under the lock. */
    abstract T work() throws IOException;

    /** The lock's file, for a region's file. */
    static Path fileOf(Path region) {
        return region.resolveSibling(region.getFileName() + "~lock");
    }

    /**
     * Does the work while no other thread or process does any for the same region. Waits uninterruptibly, as long as those before it
     * get on: at most 20 seconds for one of them.
     */
    final T call() {
        String monitor = ("dev.interlock " + file).intern();
        synchronized (monitor) {
            boolean interrupted = false;
            int refusals = 0;
            try {
                while (true) { // until locked and the path still names what was locked
                    // If the path names one file before it is opened and when it is locked, then
                    // that is locked, and not one that was removed with its region meanwhile.
                    Directory.Status before = existing(file, permissions);
                    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
                        interrupted |= lock(open);
                        Directory.Status now = Directory.status(file);
                        if (now != null && now.inode() == before.inode()) {
                            tellProgress(open);
                            return run();
                        }
                    } catch (IOException e) {
                        if (e instanceof ClosedByInterruptException) {
                            interrupted |= Thread.interrupted();
                        } else if (e instanceof FileNotFoundException && refusals++ < most()) {
                            pause();
                        } else {
                            throw e;
                        }
                    }
                }
            } catch (IOException e) {
                if (e instanceof ClosedChannelException) { // by the watchdog
                    throw Errors.stuck(
                            region, file, TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS));
                }
                throw failed(e);
            } finally {
                if (interrupted) Thread.currentThread().interrupt();
            }
        }
    }

    /* Files that are missing have been removed since we looked, with their directory; or another user who made them is about to share them. */
    private int most() {
        return Directory.isShared(permissions) ? MAX_REFUSALS : MAX_REMOVALS;
    }

    private void pause() {
        if (Directory.isShared(permissions)) LockSupport.parkNanos(PAUSE_NANOS);
    }

    private static Directory.Status existing(Path file, Set<PosixFilePermission> permissions)
            throws IOException {
        Directory.Status status = Directory.status(file);
        for (int removals = 0; status == null; ) { // until it stays for as long as it takes to look
            KillPoints.step();
            Path directory = file.getParent();
            if (directory != null && !directory.toFile().exists()) Directory.prepare(directory);
            try {
                Directory.createFile(file, permissions);
            } catch (FileSystemException e) {
                // Another process was faster, or has just removed the directory, which was empty.
                boolean isRemoved = e instanceof NoSuchFileException && removals++ < MAX_REMOVALS;
                if (!isRemoved && !(e instanceof FileAlreadyExistsException)) throw e;
            }
            status = Directory.status(file);
        }
        if (!status.isFile()) throw Errors.access(file, "it is not a regular file", "Remove it.");
        boolean own = status.user() == Directory.userId();
        if (own) Directory.share(file, permissions);
        else if (!Directory.isShared(permissions)) throw Errors.foreign(file, status.user());
        return status;
    }

    /** Answers whether the thread had been interrupted, which is cleared. */
    private static boolean lock(RandomAccessFile open) throws IOException {
        KillPoints.step();
        return !tryLock(open) && JoinWatchdog.waitForLock(open, PATIENCE_NANOS);
    }

    static boolean tryLock(RandomAccessFile open) throws IOException {
        try {
            return open.getChannel().tryLock(0, 1, false) != null;
        } catch (RuntimeException e) {
            if (!(e instanceof OverlappingFileLockException)) throw e;
            return false;
        }
    }

    /** Tells those who wait that the lock has another owner now. Not by writeLong, which would load method handles. */
    static void tellProgress(RandomAccessFile locked) {
        try {
            KillPoints.step();
            locked.seek(0);
            locked.write(ByteBuffer.allocate(Long.BYTES).putLong(0, System.nanoTime()).array());
        } catch (IOException e) {
            // There is no memory: they have the patience for one owner only.
        }
    }

    private RuntimeException failed(IOException e) {
        return Errors.io(region, "open or lock the files of", e);
    }

    private T run() throws IOException {
        try {
            return work();
        } catch (IOException e) {
            if (!(e instanceof FileNotFoundException)) throw e;
            throw failed(e); // a file of the region's: trying again is for the lock's own
        } finally {
            if (!region.toFile().exists()) {
                KillPoints.step();
                file.toFile().delete();
                KillPoints.step();
                Directory.removeIfEmpty(Directory.of(file));
            }
        }
    }
}
