package dev.interlock.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every benchmark in its shortest form. The figures mean nothing then; but there is one for us and for each peer. */
@Timeout(300)
class BenchTest {
    private static final Set<String> LOCKS =
            Set.of("uncontended", "contended", "handoff", "reentrant", "semaphore", "read-write");

    static List<String> names() {
        return Bench.names().stream().filter(BenchTest::isOfNone).toList();
    }

    private static boolean isOfNone(String name) {
        return !isOfLocks(name) && !isOfQueues(name) && !isOfPools(name);
    }

    static boolean isOfLocks(String name) {
        return LOCKS.contains(name);
    }

    static boolean isOfQueues(String name) {
        return name.startsWith("queue-");
    }

    static boolean isOfPools(String name) {
        return name.startsWith("pool-");
    }

    @ParameterizedTest
    @MethodSource("names")
    void aBenchmark_measuresUs_andPrintsATable(String name) {
        requireTable(name);
    }

    static void requireTable(String name) {
        var out = new ByteArrayOutputStream();

        int status = Bench.run(List.of(name), null, print(out), Effort.SMOKE);

        String printed = out.toString(StandardCharsets.UTF_8);
        assertThat(status).as(printed).isZero();
        assertThat(printed).contains(name + ": ", "| interlock ");
        assertThat(printed).doesNotContain("unknown", "usage: ", "Traceback", "failed with status");
    }

    private static PrintStream print(ByteArrayOutputStream out) {
        return new PrintStream(out, true, StandardCharsets.UTF_8);
    }
}
