package dev.interlock.internal.process;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The options that this JVM was started with. Each is one argument, as in {@code --add-opens=java.base/java.lang=ALL-UNNAMED}. */
final class JvmArguments {
    /** Options of the launcher that take their value from the next argument. */
    private static final Set<String> WITH_VALUE =
            Set.of(
                    "-cp",
                    "-classpath",
                    "--class-path",
                    "-p",
                    "--module-path",
                    "--upgrade-module-path",
                    "--add-modules",
                    "--enable-native-access",
                    "--illegal-native-access",
                    "--limit-modules",
                    "--add-exports",
                    "--add-opens",
                    "--add-reads",
                    "--patch-module",
                    "--source");

    private static final Set<String> BEFORE_MAIN = Set.of("-jar", "-m", "--module");

    private JvmArguments() {}

    /**
     * All options. The JVM's own answer includes argument files and the variable JDK_JAVA_OPTIONS; in a module path program that does
     * not use the module java.management we read the command line, which shows neither.
     */
    static List<String> get() {
        return hasManagement() ? OfManagement.get() : ofCommandLine();
    }

    private static boolean hasManagement() {
        return ModuleLayer.boot().findModule("java.management").isPresent();
    }

    /* A class of its own: it cannot be loaded without the module. */
    private static final class OfManagement {
        static List<String> get() {
            return ManagementFactory.getRuntimeMXBean().getInputArguments();
        }
    }

    private static List<String> ofCommandLine() {
        try {
            String line = Files.readString(Path.of("/proc/self/cmdline"), Charset.defaultCharset());
            return options(List.of(line.split("\0", -1)));
        } catch (IOException e) {
            return List.of(); // no /proc
        }
    }

    /** The options in a command line of the java launcher, each with its value in one argument. */
    static List<String> options(List<String> commandLine) {
        List<String> options = new ArrayList<>();
        for (int i = 1; i < commandLine.size(); i++) {
            String argument = commandLine.get(i);
            if (!argument.startsWith("-") || BEFORE_MAIN.contains(argument)) break;
            boolean takesNext = WITH_VALUE.contains(argument) && i + 1 < commandLine.size();
            options.add(takesNext ? argument + "=" + commandLine.get(++i) : argument);
        }
        return options;
    }
}
