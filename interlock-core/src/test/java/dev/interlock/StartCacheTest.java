package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.internal.process.CacheProbe;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The AOT cache of children, from the first start on. The library is in a jar here, as users have it, and so is the program; the cache
 * lies in a directory of the test's.
 */
@Timeout(600) // caches are made at the lowest priority, beside other tests
class StartCacheTest {
    private static final int KINDS = 2;
    private static final long SHORT = 1_000_000;

    @TempDir Path directory;
    private Path library;
    private Path program;

    @BeforeEach
    void makeJars() throws Exception {
        library = directory.resolve("library.jar");
        Files.copy(Path.of(JavaProgram.library()), library);
        program = directory.resolve("program.jar");
        writeProgram("first");
    }

    /* A training run that was cut off would still be there. */
    @AfterEach
    void awaitTrainers() throws Exception {
        while (trainers().findAny().isPresent()) TimeUnit.MILLISECONDS.sleep(20);
    }

    private Stream<ProcessHandle> trainers() {
        return ProcessHandle.allProcesses()
                .filter(process ->
                        process.info()
                                .commandLine()
                                .filter(line -> line.contains(directory.toString()))
                                .isPresent());
    }

    private void writeProgram(String word) throws IOException {
        Path sources = Files.createDirectories(directory.resolve("sources"));
        Path classes = Files.createDirectories(directory.resolve("classes"));
        Path main = sources.resolve("Program.java");
        Files.writeString(
                main,
                """
                import dev.interlock.ChildProcess;
                import dev.interlock.Region;
                public class Program {
                    static class Word { static String get() { return "%s"; } }
                    static class After { static long same(long number) { return number; } }
                    static long read(dev.interlock.SharedLong value) { return After.same(value.get()); }
                    static String cache() throws Exception {
                        String words = ChildProcess.start(() ->
                            java.nio.file.Files.readString(java.nio.file.Path.of("/proc/self/cmdline"))).get();
                        return words.replaceFirst("(?s).*-XX:AOTCache=([^\0]*).*", "$1");
                    }
                    public static void main(String[] arguments) throws Exception {
                        if (arguments.length > 0 && arguments[0].equals("kinds")) {
                            System.out.println(cache());
                            try (Region region = Region.temporary()) {
                                System.out.println(cache());
                            }
                            return;
                        }
                        if (arguments.length > 0 && arguments[0].equals("access")) {
                            try (Region region = Region.temporary()) {
                                var value = region.longValue("value", 1);
                                System.out.println(ChildProcess.of(() -> read(value))
                                    .jvmOptions(arguments[1]).start().get());
                            }
                            return;
                        }
                        var child = ChildProcess.of(() -> {
                            System.out.println(Word.get());
                            return java.nio.file.Files.readString(java.nio.file.Path.of("/proc/self/cmdline"));
                        });
                        if (arguments.length > 0) child.jvmOptions(arguments);
                        System.out.println(child.start().get().contains("-XX:AOTCache=") ? "cache" : "no cache");
                    }
                }
                """
                        .formatted(word));
        int result =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-proc:none",
                                "-cp",
                                library.toString(),
                                "-d",
                                classes.toString(),
                                main.toString());
        assertThat(result).isZero();
        zip(classes, program);
    }

    private static void zip(Path root, Path jar) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(out);
                Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                zip.putNextEntry(new ZipEntry(root.relativize(file).toString()));
                zip.write(Files.readAllBytes(file));
            }
        }
    }

    /** All that the program prints, on standard output and error. */
    private List<String> runIn(String cacheHome, String setting, String... options)
            throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(
                                JavaProgram.java(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                program + File.pathSeparator + library,
                                "Program")
                        .redirectErrorStream(true);
        builder.command().addAll(List.of(options));
        builder.environment().put("XDG_CACHE_HOME", cacheHome);
        builder.environment().put("INTERLOCK_CACHE", setting);
        Process process = builder.start();
        List<String> lines =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .toList();
        assertThat(process.waitFor()).as("%s", lines).isZero();
        return lines;
    }

    private List<String> run(String... options) throws Exception {
        return runIn(directory.toString(), "", options);
    }

    private void awaitCaches(int count) throws Exception {
        while (list(".ok").size() < count) TimeUnit.MILLISECONDS.sleep(20);
        awaitTrainers();
    }

    private List<Path> list(String ending) throws IOException {
        Path caches = directory.resolve("interlock");
        if (!Files.exists(caches)) return List.of();
        try (Stream<Path> files = Files.list(caches)) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }

    @Test
    void aCacheMakesItself_isUsed_andKeepsNoClassOfTheProgram() throws Exception {
        assertThat(run()).containsExactly("first", "no cache");
        awaitCaches(KINDS);
        assertThat(list("")).as("nothing but lock, caches and receipts").hasSize(1 + 2 * KINDS);

        Path log = directory.resolve("classes.log");
        assertThat(run("-Xlog:class+load:file=" + log + ":none")).containsExactly("first", "cache");
        assertThat(Files.readAllLines(log))
                .anyMatch(line ->
                        line.startsWith("dev.interlock.internal.process.ChildMain ")
                                && line.contains("shared objects file"))
                .noneMatch(
                        line -> line.startsWith("Program") && line.contains("shared objects file"));

        assertThat(generatedForAccess())
                .as("code of method handles that the cache lacks")
                .isEmpty();

        // JDK 25.0.3 would run the old class, had it come from a cache
        writeProgram("second");
        assertThat(run()).containsExactly("second", "cache");

        assertThat(run("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=localhost:0"))
                .contains("second", "no cache");
        assertThat(list(".ok")).hasSize(KINDS);

        // one kind for those who share regions, one for the others
        List<String> kinds = run("kinds");
        assertThat(kinds)
                .containsExactlyInAnyOrderElementsOf(
                        list(".aot").stream().map(Path::toString).toList());
        assertThat(receipt(kinds.getFirst())).contains("-XX:-AOTClassLinking");
        assertThat(receipt(kinds.getLast())).doesNotContain("-XX:-AOTClassLinking");

        // cut off behind our back: not used, nothing said, made anew; the other does meanwhile
        Path cache = Path.of(kinds.getFirst());
        try (var file =
                java.nio.channels.FileChannel.open(cache, java.nio.file.StandardOpenOption.WRITE)) {
            file.truncate(SHORT);
        }
        assertThat(run("kinds")).containsExactly(kinds.getLast(), kinds.getLast());
        while (Files.size(cache) <= SHORT) TimeUnit.MILLISECONDS.sleep(20);
        awaitTrainers();
        assertThat(run("kinds")).isEqualTo(kinds);
    }

    /* The classes that a child's JVM makes up for its first access to a region. From the guardian's first native call on there are others. */
    private List<String> generatedForAccess() throws Exception {
        Path log = directory.resolve("access.log");
        assertThat(run("access", "-Xlog:class+load,class+init:file=" + log + ":none"))
                .containsExactly("1");
        List<String> lines = Files.readAllLines(log);
        assertThat(lines).anyMatch(line -> line.startsWith("Program$After "));
        return lines.stream()
                .takeWhile(line -> !line.startsWith("Program$After "))
                .takeWhile(
                        line -> !line.contains("Initializing 'dev/interlock/internal/os/Syscalls"))
                .filter(line -> line.contains("__JVM_LookupDefineClass__"))
                .toList();
    }

    private static String receipt(String cache) throws IOException {
        return Files.readString(Path.of(cache.replace(".aot", ".ok")));
    }

    @Test
    void switchedOff_orWithoutAPlace_childrenDoWithout() throws Exception {
        assertThat(runIn(directory.toString(), "off")).containsExactly("first", "no cache");
        Path file = Files.createFile(directory.resolve("file"));
        assertThat(runIn(file.toString(), "")).containsExactly("first", "no cache");
        assertThat(list("")).isEmpty();
    }

    @Test
    void aSealedDirectory_staysAsItIs() throws Exception {
        Path caches =
                Files.createDirectory(
                        directory.resolve("interlock"),
                        java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
                                java.nio.file.attribute.PosixFilePermissions.fromString(
                                        "rwx------")));
        Path seal = Files.createFile(caches.resolve("sealed"));
        assertThat(run()).containsExactly("first", "no cache");
        assertThat(trainers()).isEmpty();
        assertThat(list("")).containsExactly(seal);
    }

    @Test
    void aCacheThatTheJvmRejects_isNotSpokenOf() throws Exception {
        Path cache = Files.writeString(directory.resolve("no.aot"), "no cache at all");
        List<String> words = new java.util.ArrayList<>(CacheProbe.options(cache));
        words.addAll(
                List.of("-cp", JavaProgram.library(), "dev.interlock.internal.process.Absent"));
        try (var java = JavaProgram.launch(directory, words.toArray(new String[0]))) {
            assertThat(java.readAll())
                    .first()
                    .isEqualTo(
                            "Error: Could not find or load main class dev.interlock.internal.process.Absent");
        }
    }
}
