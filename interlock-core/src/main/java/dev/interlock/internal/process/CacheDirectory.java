package dev.interlock.internal.process;

import dev.interlock.internal.region.Directory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/*
 *   lock                 held, by a kernel lock, by the trainer at work: one per user
 *   <name>.aot           a cache. Used only if its receipt says so
 *   <name>.ok            the receipt: size and time of the cache as it was probed, then the text of its key. Its time is that of the
 *                        last use, about
 *   <name>.failed        no cache can be made with this key; not tried again for a day
 *   sealed               if there is such a file, no process has caches made here: the user, or a build, has made those that it wants
 *   ~<anything>          of the trainer at work, or of one that died
 *
 * Death     The trainer renames the cache into place, then the receipt. Before the first nothing has changed but files that the next
 *           trainer removes; between the two the cache is there, and a receipt that is missing or speaks of another size or time: it is not
 *           used, and made anew.
 * Trust     Who can write a cache decides what our children run. The directory must be the user's own and writable for nobody else, and
 *           so must the files.
 */
/** Where a user's AOT caches lie. */
record CacheDirectory(Path path) {
    private static final String OFF = "off";
    private static final String SEAL = "sealed";
    private static final int MAX_CACHES = 16; // two kinds of each
    private static final Duration MAX_IDLE = Duration.ofDays(30);
    private static final Duration NEXT_TRY = Duration.ofDays(1);
    private static final Duration USE_IS_NOTED = Duration.ofDays(1);
    private static final int GROUP_OR_OTHERS_WRITE = 0022;

    /** The directory, whether or not there is one; null if caches are switched off, or there is no place for them. */
    static @Nullable CacheDirectory find() {
        String setting = setting();
        if (setting.equals(OFF)) return null;
        if (isAbsolute(setting)) return new CacheDirectory(Path.of(setting));
        String caches = System.getenv("XDG_CACHE_HOME");
        if (isAbsolute(caches)) return new CacheDirectory(Path.of(caches, "interlock"));
        String home = System.getProperty("user.home");
        return isAbsolute(home) ? new CacheDirectory(Path.of(home, ".cache", "interlock")) : null;
    }

    private static String setting() {
        String environment = System.getenv("INTERLOCK_CACHE");
        return System.getProperty("interlock.cache", environment == null ? "" : environment);
    }

    /* Others mean nothing, says the XDG specification. */
    private static boolean isAbsolute(@Nullable String path) {
        return path != null && path.startsWith("/");
    }

    /** The cache with that key, if there is one that can be used. */
    @Nullable Path cache(CacheKey key) {
        Path cache = file(key, ".aot");
        try {
            if (!receipt(cache, key).equals(Files.readString(file(key, ".ok")))) return null;
            PrivateDirectory.check(path);
            noteUse(key);
            return cache;
        } catch (IOException e) {
            return null;
        }
    }

    private void noteUse(CacheKey key) throws IOException {
        Path receipt = file(key, ".ok");
        if (!isOlder(receipt, USE_IS_NOTED)) return;
        try {
            Files.setLastModifiedTime(receipt, FileTime.from(Instant.now()));
        } catch (IOException e) {
            // a directory that cannot be written has caches all the same
        }
    }

    private static String receipt(Path cache, CacheKey key) throws IOException {
        Map<String, Object> now =
                Files.readAttributes(
                        cache, "unix:uid,mode,size,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
        int mode = (int) Objects.requireNonNull(now.get("mode"));
        boolean isOurs = Directory.userId() == (int) Objects.requireNonNull(now.get("uid"));
        if (!isOurs || (mode & GROUP_OR_OTHERS_WRITE) != 0)
            throw new IOException(cache + " is open to others");
        return now.get("size") + " " + now.get("lastModifiedTime") + "\n" + key.text();
    }

    /** Whether it was found lately that no cache can be made with this key. */
    boolean hasFailed(CacheKey key) {
        try {
            return !isOlder(file(key, ".failed"), NEXT_TRY);
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether its caches are used and none is to be made. */
    boolean isSealed() {
        return Files.exists(path.resolve(SEAL));
    }

    private static boolean isOlder(Path file, Duration age) throws IOException {
        return Files.getLastModifiedTime(file).toInstant().isBefore(Instant.now().minus(age));
    }

    /** Makes the directory and those above it if they are missing. */
    void prepare() throws IOException {
        Path parent = path.getParent();
        if (parent != null)
            Files.createDirectories(parent, PrivateDirectory.ownerOnly("rwx------"));
        PrivateDirectory.prepare(path);
    }

    Path lock() {
        return path.resolve("lock");
    }

    /** Where the trainer makes the cache. */
    Path draft() {
        return path.resolve("~draft.aot");
    }

    /** Makes the draft the cache with that key. */
    void publish(CacheKey key) throws IOException {
        Path cache = file(key, ".aot");
        Files.move(draft(), cache, StandardCopyOption.ATOMIC_MOVE);
        replace(file(key, ".ok"), receipt(cache, key));
    }

    /** Notes that no cache can be made with this key. */
    void fail(CacheKey key) throws IOException {
        replace(file(key, ".failed"), key.text());
    }

    private void replace(Path file, String text) throws IOException {
        Path draft = path.resolve("~note");
        Files.write(draft, text.getBytes(StandardCharsets.UTF_8));
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Removes what dead trainers left, what nobody has used for long, and all but the caches used last. Under the lock. */
    void collect() throws IOException {
        List<Path> used = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.startsWith("~")) Files.deleteIfExists(file);
                else if (name.endsWith(".ok")) used.add(file);
                else if (name.endsWith(".failed") && isOlder(file, NEXT_TRY))
                    Files.deleteIfExists(file);
                else if (name.endsWith(".aot") && !Files.exists(sibling(file, ".ok")))
                    Files.deleteIfExists(file);
            }
        }
        used.sort(Comparator.comparing(CacheDirectory::lastUse).reversed());
        for (int i = 0; i < used.size(); i++) {
            if (i >= MAX_CACHES || isOlder(used.get(i), MAX_IDLE)) remove(used.get(i));
        }
    }

    private static FileTime lastUse(Path receipt) {
        try {
            return Files.getLastModifiedTime(receipt);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    private static void remove(Path receipt) throws IOException {
        Files.deleteIfExists(receipt); // first: without it the cache is not used
        Files.deleteIfExists(sibling(receipt, ".aot"));
    }

    private static Path sibling(Path file, String ending) {
        String name = file.getFileName().toString();
        return file.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ending);
    }

    private Path file(CacheKey key, String ending) {
        return path.resolve(key.name() + ending);
    }
}
