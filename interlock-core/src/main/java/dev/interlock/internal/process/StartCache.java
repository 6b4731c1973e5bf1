package dev.interlock.internal.process;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The AOT cache of a child: its JVM finds in it those of the JDK's and our classes that a first start has loaded, parsed and verified. It
 * holds no class of the program. There are two kinds: one whose classes are all linked before the program begins, for who shares a region,
 * and one whose classes are loaded when they are used.
 *
 * @param file the cache
 * @param jar our jar, which has to come first on the class path
 */
public record StartCache(Path file, Path jar) {
    /** What a JVM says of a cache that it does not like would come out in the child's standard output. */
    private static final List<String> SILENT = List.of("-Xlog:aot*=off", "-Xlog:cds*=off");

    /*
     * Diagnostic options of JDK 25; others may not know them. The first maps the cache where it was made for: elsewhere, which is the
     * default, the JVM has to change most of its pages, which takes 3 ms and 6 MB that cannot be shared. The other two keep it from recording
     * how often methods ran, and from compiling them for it before they are called: that takes a CPU for 7 ms of a start of 50, and most
     * children do something else than the one that was recorded.
     */
    private static final List<String> IN_PLACE =
            List.of(
                    "-XX:+UnlockDiagnosticVMOptions",
                    "-XX:ArchiveRelocationMode=0",
                    "-XX:-AOTReplayTraining");

    private static final List<String> WITHOUT_COUNTS =
            List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTRecordTraining");

    /*
     * By default a cache has the JVM load and link all its classes before the program begins, with what method handles and lambdas are linked to.
     * Those who share a region need most of them, or take longer later on; others would spend a tenth of their start on two thirds of them
     * for nothing.
     */
    private static final String CLASSES_ON_DEMAND = "-XX:-AOTClassLinking";

    /** Whether children with default options have their caches, of both kinds; for benchmarks. */
    public static boolean areReady() {
        List<String> alone = optionsByDefault(false);
        List<String> sharing = optionsByDefault(true);
        return !alone.isEmpty()
                && !sharing.isEmpty()
                && (!isKnownJdk() || !alone.equals(sharing)); // else one stands in for the other
    }

    private static List<String> optionsByDefault(boolean sharing) {
        return CommandLine.of("", List.of(), System.getenv(), sharing).stream()
                .filter(option -> option.startsWith("-XX:AOTCache="))
                .toList();
    }

    /** Whether there is no place for caches. */
    public static boolean isOff() {
        return CacheDirectory.find() == null;
    }

    /**
     * The cache for a JVM with those options. If there is none, one is made later on, in the background, if that is possible.
     *
     * @param sharing whether it is for one that shares a region; a cache of the other kind will do until there is one
     */
    static @Nullable StartCache of(List<String> options, boolean sharing) {
        CacheDirectory directory = CacheDirectory.find();
        CacheKey key = directory == null ? null : key(options, sharing);
        if (directory == null || key == null) return null;
        Path file = directory.cache(key);
        if (file == null) {
            CacheTraining.want(directory, key);
            CacheKey other = key(options, !sharing);
            file = other == null ? null : directory.cache(other);
        }
        return file == null ? null : new StartCache(file, key.jar());
    }

    private static @Nullable CacheKey key(List<String> options, boolean sharing) {
        List<String> flags = CacheFlags.of(options, DefaultHeap.BYTES);
        if (flags == null) return null;
        if (!sharing && isKnownJdk()) flags.add(CLASSES_ON_DEMAND);
        return CacheKey.of(flags);
    }

    /** These flags that a key may have, and those of the other kind of cache for the same options. */
    static List<List<String>> bothKinds(List<String> flags) {
        if (!isKnownJdk()) return List.of(flags);
        List<String> others = new ArrayList<>(flags);
        if (!others.remove(CLASSES_ON_DEMAND)) others.add(CLASSES_ON_DEMAND);
        return List.of(flags, others);
    }

    /** Whether a key with these flags is that of the kind for who shares a region, whose classes are all linked, of a JDK that has two. */
    static boolean isOfSharers(List<String> flags) {
        return isKnownJdk() && !flags.contains(CLASSES_ON_DEMAND);
    }

    /** What a JVM needs to use it. */
    List<String> options() {
        List<String> options = new ArrayList<>(SILENT);
        options.add("-XX:AOTCache=" + file);
        if (isKnownJdk()) options.addAll(IN_PLACE);
        return options;
    }

    /** What a JVM needs to make the one with these flags, besides where to. */
    static List<String> recordingOptions(List<String> flags) {
        List<String> options = new ArrayList<>();
        if (isKnownJdk()) options.addAll(WITHOUT_COUNTS);
        if (flags.contains(CLASSES_ON_DEMAND)) options.add(CLASSES_ON_DEMAND);
        return options;
    }

    /** Those of a key's flags that a child has which uses the cache: the kind shows in the making only. */
    static List<String> flagsOfUsers(List<String> flags) {
        return flags.stream().filter(flag -> !flag.equals(CLASSES_ON_DEMAND)).toList();
    }

    private static boolean isKnownJdk() {
        return Runtime.version().feature() == 25;
    }

    /** How large the heap of a JVM may become that is told nothing about it: a quarter of the machine's memory. */
    private static final class DefaultHeap {
        static final long BYTES = memoryBytes() / 4;

        private static long memoryBytes() {
            try (InputStream in = new FileInputStream("/proc/meminfo")) {
                String text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
                String total = text.substring(text.indexOf(':') + 1, text.indexOf("kB"));
                return Long.parseLong(total.strip()) << 10;
            } catch (IOException | RuntimeException e) {
                return 0;
            }
        }
    }
}
