package dev.interlock.internal.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OutputTailTest {
    private final OutputTail tail = new OutputTail();

    @Test
    void fewLines_areAllKept() {
        add("one\ntwo\nthr");
        add("ee");
        assertThat(tail.lines(UTF_8)).containsExactly("one", "two", "three");
    }

    @Test
    void ofManyLines_theLast40AreKept() {
        for (int i = 0; i < 1000; i++) add("line " + i + "\n");
        assertThat(tail.lines(UTF_8)).hasSize(40).startsWith("line 960").endsWith("line 999");
    }

    @Test
    void ofALongLine_theEndIsKept() {
        add("x".repeat(100_000) + "end");
        String line = tail.lines(UTF_8).getFirst();
        assertThat(line).startsWith("...xxx").endsWith("xend");
        assertThat(line.length()).isLessThanOrEqualTo(OutputTail.MAX_BYTES + 3);
    }

    private void add(String text) {
        byte[] bytes = ("!" + text).getBytes(UTF_8);
        tail.add(bytes, 1, bytes.length - 1);
    }
}
