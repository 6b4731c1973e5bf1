package dev.interlock.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.examples.words.Corpus;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The word count over a small tree, with real child processes. */
class WordsDemoTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @TempDir Path directory;

    @Test
    void bothCountsStandSideBySide_andAgree() throws Exception {
        Files.writeString(directory.resolve("a.txt"), "one two three\n");
        Files.writeString(directory.resolve("b.txt"), "four\n");

        int status = run(3);

        assertThat(status).isZero();
        assertThat(printed.toString(UTF_8))
                .contains(
                        "2 of 2 files, 100 %", "3 children", "one process", "All totals are equal.")
                .containsPattern("files +2 +2\n")
                .containsPattern("words +4 +4\n")
                .containsPattern("of length 3 +2 +2\n");
    }

    @Test
    void anEmptyTree_hasNothingToCount() throws Exception {
        assertThat(run(2)).isZero();
        assertThat(printed.toString(UTF_8))
                .containsPattern("words +0 +0\n")
                .contains("0 of 0 files, 100 %");
    }

    private int run(int processes) throws Exception {
        var out = new PrintStream(printed, true, UTF_8);
        return new WordsDemo(out).run(directory, Corpus.of(directory), processes);
    }
}
