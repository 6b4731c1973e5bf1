package dev.interlock.internal.process;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/*
 * A JVM takes the machine for its own: a collector with threads for every CPU, and 1/64 of the memory as the heap to begin with, all of
 * which a short task fills with garbage before the first collection. A child shares the machine with others. What that costs and saves is
 * measured in docs/design/child-process.md.
 *
 * Each default stands back when an option about the same thing is given, wherever it is given: two collectors are an error, and what
 * JAVA_TOOL_OPTIONS says must not be undone by a command line that comes after it.
 */
/** Defaults that make a child JVM small and quick to start. */
enum SlimOptions {
    /** The collector that starts fastest and has no threads of its own. */
    COLLECTOR("-XX:+UseSerialGC", "-XX:[+-]Use\\w*GC"),
    /** Begins small; grows to the JVM's own limit as needed. */
    HEAP(
            "-Xms8m",
            "-Xm[nsx].*|-XX:[+-]?(\\w*HeapSize|\\w*RAM\\w*|\\w*NewSize|\\w*HeapFreeRatio|AggressiveHeap|AlwaysPreTouch|UseLargePages).*"),
    /** No file in the temporary directory, which only jps and jstat read. */
    COUNTERS("-XX:-UsePerfData", "-XX:[+-](UsePerfData|PerfDataSaveToFile).*");

    private final String option;
    private final Pattern sameThing;

    SlimOptions(String option, String sameThing) {
        this.option = option;
        this.sameThing = Pattern.compile(sameThing);
    }

    /** The defaults for a child that has those options anyway. */
    static List<String> besides(List<String> given) {
        List<String> options = new ArrayList<>();
        for (SlimOptions each : values()) {
            if (given.stream().noneMatch(other -> each.sameThing.matcher(other).matches()))
                options.add(each.option);
        }
        return options;
    }
}
