package dev.interlock.internal.process;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.CodeSource;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/*
 * Everything that the cache was made from. The JVM itself checks some of it, but JDK 25.0.3 runs the classes that a jar *had* when the
 * cache was made, if the jar has changed since; so the cache of another jar must not even be looked at. The text is stored with the cache
 * and compared, the name is only where to look.
 */
/**
 * What an AOT cache fits.
 *
 * @param jar the library's own
 * @param flags the JVM options that matter
 * @param text all of it
 */
record CacheKey(Path jar, List<String> flags, String text) {
    private static final String FORMAT = "1";

    private static @Nullable String lastJar; // this and the next: guarded by the class
    private static String lastJarText = "";

    /** The key for a JVM with those flags; null if our jar is none, or cannot be read. */
    static @Nullable CacheKey of(List<String> flags) {
        Path jar = ownJar();
        return jar == null ? null : of(jar, flags);
    }

    static @Nullable CacheKey of(Path jar, List<String> flags) {
        try {
            return new CacheKey(jar, flags, text(jar, flags));
        } catch (IOException e) {
            return null;
        }
    }

    /* Each part on a line of its own; none of them can hold a line break that matters. */
    private static String text(Path jar, List<String> flags) throws IOException {
        String home = System.getProperty("java.home", "");
        return String.join(
                "\n",
                FORMAT,
                home,
                System.getProperty("java.vm.version", ""),
                System.getProperty("java.runtime.version", ""),
                stat(Path.of(home, "lib", "modules")),
                jarText(jar),
                String.join("\n", flags));
    }

    /** Whether the jar is still what the key says. */
    boolean isCurrent() {
        try {
            return text.equals(text(jar, flags));
        } catch (IOException e) {
            return false;
        }
    }

    /** Where the cache with this key is found: FNV-1a, 64 bits. */
    String name() {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        return String.format(Locale.ROOT, "%016x", hash);
    }

    /** The jar that this class came from, or null if it is something else. */
    private static @Nullable Path ownJar() {
        CodeSource source = CacheKey.class.getProtectionDomain().getCodeSource();
        if (source == null || !"file".equals(source.getLocation().getProtocol())) return null;
        try {
            Path jar = Path.of(source.getLocation().toURI());
            return Files.isRegularFile(jar) && mayComeFirst(jar) ? jar.toAbsolutePath() : null;
        } catch (URISyntaxException | IllegalArgumentException e) {
            return null;
        }
    }

    /* The cache wants it first on the class path. One that holds the program's classes, too, would then hide those of other entries. */
    private static boolean mayComeFirst(Path jar) {
        String classPath = System.getProperty("java.class.path", "");
        String first = classPath.split(File.pathSeparator, 2)[0];
        return Path.of(first).toAbsolutePath().equals(jar.toAbsolutePath()) || Purity.of(jar);
    }

    /** Whether a jar holds only our classes; asked once. */
    private static final class Purity {
        private static @Nullable Path asked; // this and the next: guarded by the class
        private static boolean answer;

        static synchronized boolean of(Path jar) {
            if (!jar.equals(asked)) {
                answer = look(jar);
                asked = jar;
            }
            return answer;
        }

        private static boolean look(Path jar) {
            try (ZipFile zip = new ZipFile(jar.toFile())) {
                return zip.stream().map(ZipEntry::getName).allMatch(Purity::isOurs);
            } catch (IOException e) {
                return false;
            }
        }

        private static boolean isOurs(String name) {
            return name.startsWith("META-INF/")
                    || "dev/interlock/".startsWith(name)
                    || name.startsWith("dev/interlock/")
                    || name.equals("module-info.class");
        }
    }

    private static synchronized String jarText(Path jar) throws IOException {
        String stat = stat(jar);
        if (!stat.equals(lastJar)) {
            lastJarText = stat + " " + Long.toHexString(checkSum(jar));
            lastJar = stat;
        }
        return lastJarText;
    }

    private static String stat(Path file) throws IOException {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return file + " " + attributes.size() + " " + attributes.lastModifiedTime();
    }

    /* Together with path, size and time of the last change; there is no enemy, the directory is the user's own. */
    private static long checkSum(Path file) throws IOException {
        CRC32 sum = new CRC32();
        byte[] buffer = new byte[64 << 10];
        try (InputStream in = new FileInputStream(file.toFile())) {
            for (int n; (n = in.read(buffer)) > 0; ) sum.update(buffer, 0, n);
        }
        return sum.getValue();
    }
}
