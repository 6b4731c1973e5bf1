package dev.interlock.it;

import dev.interlock.Region;
import dev.interlock.RegionOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A directory in shared memory for one test alone, which must be empty at its end. */
final class TempRegionDirectory implements AutoCloseable {
    static final Path PARENT = Path.of("/dev/shm");

    /** Marks what the tests of one build make, in the environment of their processes too. */
    static final @Nullable String SUITE = System.getenv("INTERLOCK_SUITE");

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Set<Path> IN_USE = ConcurrentHashMap.newKeySet();

    private final Path path =
            PARENT.resolve(
                    prefix(SUITE) + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet());

    TempRegionDirectory() {
        try {
            Files.createDirectory(
                    path,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        IN_USE.add(path);
    }

    static Set<Path> inUse() {
        return IN_USE;
    }

    /** Begins the names of all test directories of a build, also those of other modules. */
    static String prefix(@Nullable String suite) {
        return "interlock-test-" + suite + "-";
    }

    Path path() {
        return path;
    }

    RegionOptions options() {
        return RegionOptions.defaults().directory(path);
    }

    List<String> files() {
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fails if something is left that the next call of the library does not remove; removes everything in any case. */
    void requireEmpty() {
        Region.list(path);
        List<String> left = files();
        if (!left.isEmpty()) throw new AssertionError("left in " + path + ": " + left);
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(path)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            IN_USE.remove(path);
        }
    }
}
