package dev.interlock.internal.process;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The command that starts a child JVM like this one. */
final class CommandLine {
    private static final int LONGEST_ARGUMENT = 100_000; // the kernel takes 128 KiB

    /** Options of the launcher whose value is the next argument. */
    private static final Set<String> WITH_VALUE =
            Set.of(
                    "-cp",
                    "-classpath",
                    "--class-path",
                    "-p",
                    "--module-path",
                    "--upgrade-module-path",
                    "--add-modules",
                    "--limit-modules",
                    "--add-opens",
                    "--add-exports",
                    "--add-reads",
                    "--patch-module",
                    "--enable-native-access",
                    "--source",
                    "--illegal-native-access",
                    "--sun-misc-unsafe-memory-access",
                    "--finalization");

    /** What is passed on to children. Class path and native access are set by us; sizes of heaps are per process. */
    private static final List<String> PASSED_ON =
            List.of(
                    "-D",
                    "-X",
                    "-ea",
                    "-da",
                    "-esa",
                    "-dsa",
                    "-enableassertions",
                    "-disableassertions",
                    "-enablesystemassertions",
                    "-disablesystemassertions",
                    "--enable-preview",
                    "--add-",
                    "--limit-modules",
                    "--module-path",
                    "-p",
                    "--patch-module",
                    "--upgrade-module-path",
                    "--finalization",
                    "--sun-misc-unsafe-memory-access",
                    "-server",
                    "-client");

    /** Out of those: what would take a port, a file or memory twice, or fits one program only. */
    private static final List<String> KEPT_BACK =
            List.of(
                    "-Xms",
                    "-Xmn",
                    "-Xrun",
                    "-Xdebug",
                    "-Xloggc",
                    "-Xlog:",
                    "-Xshare:dump",
                    "-XX:InitialHeapSize",
                    "-XX:+AlwaysPreTouch",
                    "-XX:StartFlightRecording",
                    "-XX:FlightRecorderOptions",
                    "-XX:AOT",
                    "-XX:ArchiveClassesAtExit",
                    "-XX:SharedArchiveFile",
                    "-XX:+AutoCreateSharedArchive",
                    "-XX:Flags",
                    "-XX:VMOptionsFile",
                    "-Dcom.sun.management.",
                    "-Djdk.module.",
                    "-Dsun.java.",
                    "-Dinterlock.process.name");

    private CommandLine() {}

    static List<String> forChild(List<String> extraOptions) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(new File(System.getProperty("java.home"), "bin/java").getPath());
        command.addAll(inherited(ownArguments()));
        boolean asModule = ChildMain.class.getModule().isNamed();
        command.add(
                "--enable-native-access="
                        + (asModule
                                ? ChildMain.class.getModule().getName() + ",ALL-UNNAMED"
                                : "ALL-UNNAMED"));
        command.addAll(extraOptions);
        addPaths(command, asModule);
        return command;
    }

    private static void addPaths(List<String> command, boolean asModule) throws IOException {
        String classPath = SourceProgram.addTo(System.getProperty("java.class.path", ""));
        if (!classPath.isEmpty()) {
            command.add("-cp");
            command.add(
                    classPath.length() > LONGEST_ARGUMENT
                            ? ArgumentFile.ofClassPath(command, classPath)
                            : classPath);
        }
        String modulePath = System.getProperty("jdk.module.path");
        if (modulePath != null && !command.contains("--module-path") && !command.contains("-p")) {
            command.add("--module-path");
            command.add(modulePath);
        }
        String mainModule = System.getProperty("jdk.module.main");
        if (asModule && mainModule != null) {
            command.add("--add-modules");
            command.add(mainModule);
        }
        if (asModule) command.add("-m");
        command.add(
                asModule
                        ? ChildMain.class.getModule().getName() + "/" + ChildMain.class.getName()
                        : ChildMain.class.getName());
    }

    /* The management interface would know, and take fifty milliseconds to load. */
    private static List<String> ownArguments() {
        try (FileInputStream in = new FileInputStream("/proc/self/cmdline")) {
            String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return all.isEmpty() ? List.of() : List.of(all.split("\0", -1));
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Options of this JVM that its children get, out of its command line. */
    static List<String> inherited(List<String> arguments) {
        List<String> options = new ArrayList<>();
        for (int i = 1; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (!argument.startsWith("-")
                    || argument.equals("-m")
                    || argument.equals("-jar")
                    || argument.startsWith("--module=")) break;
            if (argument.equals("--module")) break;
            boolean hasValue = WITH_VALUE.contains(argument) && i + 1 < arguments.size();
            if (isPassedOn(argument)) {
                options.add(argument);
                if (hasValue) options.add(arguments.get(i + 1));
            }
            if (hasValue) i++;
        }
        return options;
    }

    private static boolean isPassedOn(String argument) {
        return startsWithAny(argument, PASSED_ON) && !startsWithAny(argument, KEPT_BACK);
    }

    private static boolean startsWithAny(String argument, List<String> prefixes) {
        for (String prefix : prefixes) {
            if (argument.startsWith(prefix)) return true;
        }
        return false;
    }

    /** A class path that is too long for an argument. */
    private static final class ArgumentFile {
        private static String file = "";

        /* The option itself goes into the file, so it is taken off the command. Made once, as the class path never changes. */
        static synchronized String ofClassPath(List<String> command, String classPath)
                throws IOException {
            command.removeLast();
            if (file.isEmpty()) {
                Path path = Files.createTempFile("interlock-classpath-", ".args");
                path.toFile().deleteOnExit();
                Files.writeString(
                        path,
                        "-cp \"" + classPath.replace("\\", "\\\\").replace("\"", "\\\"") + "\"\n");
                file = "@" + path;
            }
            return file;
        }
    }
}
