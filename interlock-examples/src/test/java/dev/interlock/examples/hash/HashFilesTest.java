package dev.interlock.examples.hash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.examples.words.Corpus;
import dev.interlock.examples.words.UnusableInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class HashFilesTest {
    @TempDir Path directory;

    @Test
    void aPool_findsWhatOneThreadFinds_inOrder() throws Exception {
        for (int i = 0; i < 200; i++) {
            Files.writeString(directory.resolve("file " + (1000 + i)), "some text ".repeat(i));
        }
        Corpus corpus = Corpus.of(directory);

        var together = HashFiles.withPool(corpus, corpus.size(), 2);

        assertThat(together).isEqualTo(HashFiles.inThisThread(corpus, corpus.size()));
        assertThat(together.get(100).bytes()).isEqualTo(1000);
        assertThat(together.get(100).compressedBytes()).isLessThan(100);
    }

    @Test
    void theHash_isThatOfTheContent() throws Exception {
        Files.writeString(directory.resolve("a"), "abc");

        assertThat(HashFiles.inThisThread(Corpus.of(directory), 1).getFirst().sha256())
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void aFileThatIsGone_isToldByItsName() throws Exception {
        Files.writeString(directory.resolve("a"), "abc");
        Path gone = Files.writeString(directory.resolve("b"), "abc");
        Corpus corpus = Corpus.of(directory);
        Files.delete(gone);

        assertThatThrownBy(() -> HashFiles.withPool(corpus, 2, 1))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining(gone + "': no such file");
    }
}
