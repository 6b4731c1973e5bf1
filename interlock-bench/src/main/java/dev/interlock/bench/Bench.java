package dev.interlock.bench;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stands in until the benchmarks are there. */
public final class Bench {
    private Bench() {}

    public static List<String> names() {
        return List.of("none yet");
    }

    public static int run(List<String> names, @Nullable Path jsonFileOrNull, PrintStream out) {
        out.println("There are no benchmarks yet.");
        return 0;
    }
}
