package dev.interlock.bench;

import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** As {@link BenchTest}, for locks: in a test JVM of its own, beside the others. */
@Timeout(300)
class LockBenchTest {
    static List<String> names() {
        return Bench.names().stream().filter(BenchTest::isOfLocks).toList();
    }

    @ParameterizedTest
    @MethodSource("names")
    void aBenchmark_measuresUs_andPrintsATable(String name) {
        BenchTest.requireTable(name);
    }
}
