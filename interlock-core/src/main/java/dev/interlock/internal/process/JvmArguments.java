package dev.interlock.internal.process;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
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
     * All options: read from the command line if that says it all, else asked of the JVM, which takes 15 ms to 50 ms when asked first.
     */
    static List<String> get() {
        List<String> commandLine = commandLine();
        boolean tellsAll =
                "SUN_STANDARD".equals(System.getProperty("sun.java.launcher"))
                        && System.getenv("JDK_JAVA_OPTIONS") == null
                        && commandLine.stream().noneMatch(word -> word.startsWith("@"));
        return tellsAll || !hasManagement() ? options(commandLine) : OfManagement.get();
    }

    /* A program on the module path need not have it. */
    private static boolean hasManagement() {
        return ModuleLayer.boot().findModule("java.management").isPresent();
    }

    /* A class of its own: it cannot be loaded without the module. */
    private static final class OfManagement {
        static List<String> get() {
            return ManagementFactory.getRuntimeMXBean().getInputArguments();
        }
    }

    /* All words of it, the program's own arguments, too. A word that stands for what we do not know if there is no /proc. */
    private static List<String> commandLine() {
        try (InputStream in = new FileInputStream("/proc/self/cmdline")) {
            return List.of(new String(in.readAllBytes(), Charset.defaultCharset()).split("\0", -1));
        } catch (IOException e) {
            return List.of("@unknown");
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
