package dev.interlock.internal.socket;

import dev.interlock.ConnectionFailedException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/** The file of a listening socket: one listener's at a time, and whoever comes after a dead one takes its place. */
final class SocketFile implements AutoCloseable {
    /*
     * The kernel leaves the file of a socket behind when its process dies. Who listens holds the kernel's record lock on a file beside
     * it, for as long as it lives; so who gets that lock may remove what it finds. A socket of another make, which knows nothing of
     * the lock, shows by answering.
     * The file of the lock is removed with the listener. Who locked one that was removed meanwhile sees another inode at the path,
     * or none, and tries again.
     * Record locks are dropped when the process closes any descriptor of the file, so no path is opened twice in a JVM.
     */
    private static final Set<Path> IN_USE = new HashSet<>(); // guarded by itself
    private static final int BACKLOG = 128;

    private final Path path;
    private final Path lockPath;
    private final FileChannel lock;
    private final ServerSocketChannel channel;

    private SocketFile(Path path, Path lockPath, FileChannel lock, ServerSocketChannel channel) {
        this.path = path;
        this.lockPath = lockPath;
        this.lock = lock;
        this.channel = channel;
    }

    /**
     * Begins to listen.
     *
     * @throws ConnectionFailedException if another does, or that is not possible there
     */
    static SocketFile open(Path asked) {
        boolean interrupted = Thread.interrupted(); // else it would close the channel of the lock
        try {
            Path path = real(asked);
            synchronized (IN_USE) {
                if (!IN_USE.add(path)) throw inUse(asked);
            }
            boolean done = false;
            try {
                SocketFile file = listen(path);
                done = true;
                return file;
            } finally {
                if (!done) forget(path);
            }
        } catch (IOException | UnsupportedOperationException e) {
            throw failed(asked, e.toString() + ". Use a short path in a directory of your own.");
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    private static void forget(Path path) {
        synchronized (IN_USE) {
            IN_USE.remove(path);
        }
    }

    private static Path real(Path asked) throws IOException {
        Path absolute = asked.toAbsolutePath();
        Path name = absolute.getFileName();
        Path directory = absolute.getParent();
        if (name == null || directory == null) throw new IOException("it is a directory");
        return directory.toRealPath().resolve(name);
    }

    private static SocketFile listen(Path path) throws IOException {
        Path lockPath = path.resolveSibling(path.getFileName() + "~lock");
        FileChannel lock = lock(path, lockPath);
        boolean done = false;
        try {
            removeStale(path);
            SocketFile file = new SocketFile(path, lockPath, lock, bind(path));
            done = true;
            return file;
        } finally {
            if (!done) lock.close();
        }
    }

    private static FileChannel lock(Path path, Path lockPath) throws IOException {
        while (true) { // until the file that is locked is the one at the path
            FileChannel channel =
                    FileChannel.open(
                            lockPath,
                            Set.of(
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.WRITE,
                                    LinkOption.NOFOLLOW_LINKS),
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")));
            boolean done = false;
            try {
                Object key = key(lockPath);
                FileLock held = channel.tryLock();
                if (held == null) throw inUse(path);
                done = key != null && Objects.equals(key, key(lockPath));
                if (done) return channel;
            } finally {
                if (!done) channel.close();
            }
        }
    }

    private static @org.jspecify.annotations.Nullable Object key(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static void removeStale(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) return;
        boolean socket =
                Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .isOther();
        if (!socket) throw failed(path, "there is a file that is no socket. Use another path.");
        if (isAnswered(path)) throw inUse(path);
        Files.deleteIfExists(path);
    }

    private static boolean isAnswered(Path path) throws IOException {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false);
            probe.connect(UnixDomainSocketAddress.of(path));
            return true; // or there is a line
        } catch (java.net.ConnectException refused) {
            return false;
        }
    }

    private static ServerSocketChannel bind(Path path) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        boolean done = false;
        try {
            channel.bind(UnixDomainSocketAddress.of(path), BACKLOG);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            done = true;
            return channel;
        } finally {
            if (!done) channel.close();
        }
    }

    ServerSocketChannel channel() {
        return channel;
    }

    /** Listens no more, and removes the files. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try {
            Sockets.close(channel);
            Files.deleteIfExists(path);
            Files.deleteIfExists(lockPath);
            lock.close();
        } catch (IOException e) {
            // whoever listens there next removes what is left
        } finally {
            forget(path);
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    private static ConnectionFailedException inUse(Path path) {
        return failed(path, "another listener uses it. Close that, or use another path.");
    }

    private static ConnectionFailedException failed(Path path, String why) {
        return new ConnectionFailedException("Cannot listen at '" + path + "': " + why);
    }
}
