package dev.interlock.internal.process;

import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/*
 *   <java.home>/bin/java  options passed on  our options  the cache's  class path and module path  the user's options  main class
 *
 * Of options given twice the JVM takes the last, so the user's win.
 */
/** The command that starts a child JVM like this one. */
final class CommandLine {
    /** A single argument may have 128 KiB on Linux, all of them and the environment a quarter of the stack limit, 2 MiB as a rule. */
    static final int MAX_LENGTH = 100_000;

    private static final String MAIN = ChildMain.class.getName();
    private static final Module MODULE = ChildMain.class.getModule();

    private CommandLine() {}

    static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /** {@code sharing} tells whether the child is one that shares a region. */
    static List<String> of(
            String name,
            List<String> jvmOptions,
            Map<String, String> environment,
            boolean sharing) {
        List<String> tools = ToolOptions.of(environment);
        List<String> options = new ArrayList<>(PassedOptions.of(JvmArguments.get()));
        addOwnOptions(options, name);
        options.addAll(SlimOptions.besides(concat(tools, jvmOptions)));
        StartCache cache = cache(concat(options, concat(tools, jvmOptions)), sharing);

        List<String> command = new ArrayList<>(List.of(java().toString()));
        command.addAll(options);
        if (cache != null) command.addAll(cache.options());
        addPaths(command, cache);
        command.addAll(jvmOptions);
        addMain(command);
        return command;
    }

    /** The command for a child with no other classes than ours, that makes or tries a cache. */
    static List<String> ofTraining(CacheKey key, List<String> cacheOptions) {
        List<String> options = new ArrayList<>(StartCache.flagsOfUsers(key.flags()));
        addOwnOptions(options, CacheTrainer.NAME);
        options.addAll(SlimOptions.besides(key.flags()));
        List<String> command = new ArrayList<>(List.of(java().toString()));
        command.addAll(concat(options, cacheOptions));
        command.addAll(List.of("-cp", key.jar().toString(), MAIN));
        return command;
    }

    private static void addOwnOptions(List<String> options, String name) {
        options.add("-D" + Self.NAME_PROPERTY + "=" + name);
        // our pumps pass on bytes: they must mean here what they meant there
        options.add("-Dstdout.encoding=" + System.out.charset().name());
        options.add("-Dstderr.encoding=" + System.err.charset().name());
        // spares the child 15 ms of method handles for the one reflective call that begins its task
        options.add("-Djdk.reflect.useNativeAccessorOnly=true");
        String access =
                "--enable-native-access=" + (MODULE.isNamed() ? MODULE.getName() : "ALL-UNNAMED");
        if (!options.contains(access)) options.add(access); // said twice, a cache would not fit
    }

    /* A module path would have to be the same for every program. */
    private static @Nullable StartCache cache(List<String> options, boolean sharing) {
        String mainModule = System.getProperty("jdk.module.main");
        boolean hasModules =
                MODULE.isNamed()
                        || System.getProperty("jdk.module.path") != null
                        || (mainModule != null && !isOfJdk(mainModule));
        return hasModules ? null : StartCache.of(options, sharing);
    }

    private static List<String> concat(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    private static void addPaths(List<String> command, @Nullable StartCache cache) {
        String classPath = cache == null ? classPath() : startingWith(cache.jar(), classPath());
        if (!classPath.isEmpty()) {
            command.add("-cp");
            command.add(classPath);
        }
        String modulePath = System.getProperty("jdk.module.path");
        if (modulePath != null) {
            command.add("--module-path");
            command.add(absolute(modulePath));
        }
        String mainModule = System.getProperty("jdk.module.main");
        if (mainModule != null && !isOfJdk(mainModule)) {
            command.add("--add-modules");
            command.add(mainModule);
        }
    }

    /* A program run from source has the compiler as its main module in some releases. */
    private static boolean isOfJdk(String module) {
        return module.startsWith("jdk.") || module.startsWith("java.");
    }

    private static String classPath() {
        String given = System.getProperty("java.class.path", "");
        Path classes = SourceProgram.classes();
        // without a class path a JVM that runs classes from files takes the working directory, and
        // one that runs a module takes none
        String path = given.isEmpty() && MODULE.isNamed() ? "" : absolute(given);
        if (classes == null) return path;
        return path.isEmpty() ? classes.toString() : classes + File.pathSeparator + path;
    }

    private static String startingWith(Path jar, String classPath) {
        List<String> entries = new ArrayList<>(List.of(jar.toString()));
        for (String entry : classPath.split(File.pathSeparator, -1))
            if (!entry.equals(jar.toString())) entries.add(entry);
        return String.join(File.pathSeparator, entries);
    }

    /** The same path from any working directory. */
    static String absolute(String path) {
        List<String> entries = new ArrayList<>();
        for (String entry : path.split(File.pathSeparator, -1))
            entries.add(new File(entry).getAbsolutePath());
        return String.join(File.pathSeparator, entries);
    }

    private static void addMain(List<String> command) {
        if (MODULE.isNamed()) {
            command.add("-m");
            command.add(MODULE.getName() + "/" + MAIN);
        } else {
            command.add(MAIN);
        }
    }

    /**
     * A command that is short enough for the operating system: all but its first word goes to a file if need be.
     *
     * @return the file, or null if the command is short enough as it is
     */
    static @Nullable Path shorten(List<String> command) throws IOException {
        if (length(command) <= MAX_LENGTH) return null;
        StringBuilder text = new StringBuilder();
        for (String argument : command.subList(1, command.size()))
            text.append(quoted(argument)).append('\n');
        Path file =
                OwnedFile.create(PrivateDirectory.onDisk(), OwnedFile.newName(OwnedFile.ARGUMENTS));
        Files.writeString(file, text, nativeCharset());
        command.subList(1, command.size()).clear();
        command.add("@" + file);
        return file;
    }

    private static int length(List<String> command) {
        int length = 0;
        for (String argument : command) length += argument.length() + 1;
        return length;
    }

    /* As the launcher's argument files want it, see the java command's manual. */
    private static String quoted(String argument) {
        return '"'
                + argument.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r")
                + '"';
    }

    private static Charset nativeCharset() {
        String name = System.getProperty("sun.jnu.encoding", "UTF-8");
        return Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
    }
}
