package dev.interlock.internal.process;

import java.util.ArrayList;
import java.util.List;

/**
 * Which of the options that this JVM was started with are passed on to children: what a program needs to behave the same, and nothing
 * that belongs to one process only, such as ports, agents, log files and heap sizes.
 */
final class PassedOptions {
    private static final List<String> PASSED =
            List.of(
                    "-D",
                    "-ea",
                    "-da",
                    "-enableassertions",
                    "-disableassertions",
                    "-esa",
                    "-dsa",
                    "-enablesystemassertions",
                    "-disablesystemassertions",
                    "-Xbootclasspath/a:",
                    "--add-exports",
                    "--add-modules",
                    "--add-opens",
                    "--add-reads",
                    "--enable-native-access",
                    "--enable-preview",
                    "--finalization",
                    "--illegal-native-access",
                    "--illegal-final-field-mutation",
                    "--enable-final-field-mutation",
                    "--limit-modules",
                    "--patch-module",
                    "--sun-misc-unsafe-memory-access",
                    "--upgrade-module-path");

    private static final List<String> OWN =
            List.of(
                    "-Dcom.sun.management.", // opens a port
                    "-Djava.class.path=",
                    "-Djdk.module.",
                    "-Dsun.java.",
                    "-D" + Self.NAME_PROPERTY + "=");

    private PassedOptions() {}

    /** Those of {@code options} that children get. Each is one argument, as in {@code --add-opens=java.base/java.lang=ALL-UNNAMED}. */
    static List<String> of(List<String> options) {
        List<String> passed = new ArrayList<>();
        for (String option : options) {
            if (startsWithAny(option, PASSED) && !startsWithAny(option, OWN)) passed.add(option);
        }
        return passed;
    }

    private static boolean startsWithAny(String option, List<String> starts) {
        for (String start : starts) if (option.startsWith(start)) return true;
        return false;
    }
}
