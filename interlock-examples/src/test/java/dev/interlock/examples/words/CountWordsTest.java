package dev.interlock.examples.words;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real child processes count; what one process counts is the measure. */
class CountWordsTest {
    private static final long SEED = 20_261_123;

    @TempDir Path directory;

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7})
    void anyNumberOfProcessesCountsWhatOneDoes(int processes) throws Exception {
        writeRandomTree(500);
        Corpus corpus = Corpus.of(directory);

        Tally together = CountWords.withProcesses(corpus, processes, _ -> {});

        assertThat(together.files()).isEqualTo(500);
        assertThat(together).as("seed %s", SEED).isEqualTo(CountWords.inThisProcess(corpus));
    }

    @Test
    void aZipIsSharedOutLikeATree() throws Exception {
        Path zip = directory.resolve("some.zip");
        var content = new ArrayList<String>();
        for (int i = 0; i < 100; i++) {
            content.addAll(List.of("dir/Grüße-" + i, "eins zwei\n".repeat(i)));
        }
        Corpus corpus = Corpus.of(Zips.write(zip, content.toArray(String[]::new)));

        Tally together = CountWords.withProcesses(corpus, 3, _ -> {});

        assertThat(together.words()).isEqualTo(2 * 99 * 100 / 2);
        assertThat(together).isEqualTo(CountWords.inThisProcess(corpus));
    }

    @Test
    void moreProcessesThanFilesDoNoHarm() throws Exception {
        Files.writeString(directory.resolve("only"), "one two");

        assertThat(CountWords.withProcesses(Corpus.of(directory), 4, _ -> {}).words()).isEqualTo(2);
    }

    @Test
    void anEmptyTreeHasNoWords() throws Exception {
        assertThat(CountWords.withProcesses(Corpus.of(directory), 2, _ -> {}))
                .isEqualTo(new Tally());
    }

    @Test
    void aProblemInAChildReachesTheParentByName() throws Exception {
        Path zip =
                Zips.writeStored(
                        directory.resolve("some.zip"), "a.txt", "good", "b.txt", "some content");
        Zips.replace(zip, "some content", "some c0ntent");
        Corpus corpus = Corpus.of(zip);

        assertThatThrownBy(() -> CountWords.withProcesses(corpus, 2, _ -> {}))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("some.zip!/b.txt");
    }

    private void writeRandomTree(int files) throws IOException {
        var random = new Random(SEED);
        for (int i = 0; i < files; i++) {
            Path folder =
                    Files.createDirectories(
                            directory.resolve("ordner-ü" + i % 17).resolve("x" + i % 5));
            byte[] content = new byte[random.nextInt(5000)];
            random.nextBytes(content);
            if (random.nextBoolean()) {
                makeText(content, random);
            }
            Files.write(folder.resolve("datei " + i), content);
        }
    }

    private static void makeText(byte[] content, Random random) {
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) "abc 1\n".charAt(random.nextInt(6));
        }
    }
}
