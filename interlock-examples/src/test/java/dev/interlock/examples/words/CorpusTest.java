package dev.interlock.examples.words;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusTest {
    @TempDir Path directory;

    @Test
    void aTreeHasTheRegularFilesOfAllItsDirectories() throws IOException {
        write("a.txt", "one");
        write("empty", "");
        write("x/y/z/Grüße 日本語 .txt", "two three");

        assertThat(CountWords.inThisProcess(Corpus.of(directory)))
                .hasToString("3 files, 12 bytes, 0 lines, 3 words");
    }

    @Test
    void anEmptyTreeHasNoFiles() throws IOException {
        assertThat(Corpus.of(directory).size()).isZero();
    }

    @Test
    void aNameThatIsNotValidTextIsReadAllTheSame() throws IOException {
        Files.writeString(Path.of(URI.create(directory.toUri() + "latin1-%FC.txt")), "one two");

        assertThat(CountWords.inThisProcess(Corpus.of(directory)).words()).isEqualTo(2);
    }

    @Test
    void linksInsideATreeAreNotFollowed_soALoopDoesNoHarm() throws IOException {
        write("x/a.txt", "one");
        Files.createSymbolicLink(directory.resolve("x/loop"), directory);
        Files.createSymbolicLink(directory.resolve("self"), Path.of("self"));
        Files.createSymbolicLink(directory.resolve("again"), directory.resolve("x/a.txt"));
        Files.createSymbolicLink(directory.resolve("dangling"), directory.resolve("nothing"));

        assertThat(Corpus.of(directory).size()).isEqualTo(1);
    }

    @Test
    void theTreeItselfMayBeALink() throws IOException {
        write("tree/a.txt", "one");
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("tree"));

        assertThat(Corpus.of(link).size()).isEqualTo(1);
    }

    @Test
    void aZipHasTheFilesOfAllItsDirectories() throws IOException {
        Path zip =
                Zips.write(
                        directory.resolve("some.zip"),
                        "dir/",
                        "",
                        "dir/a.txt",
                        "one two\n",
                        "日本語.txt",
                        "three");

        assertThat(CountWords.inThisProcess(Corpus.of(zip)))
                .hasToString("2 files, 13 bytes, 1 lines, 3 words");
    }

    @Test
    void anEmptyZipHasNoFiles() throws IOException {
        assertThat(Corpus.of(Zips.write(directory.resolve("empty.zip"))).size()).isZero();
    }

    @Test
    void nothingThere_isRefused() {
        assertThatThrownBy(() -> Corpus.of(directory.resolve("nope")))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("nope' does not exist");
    }

    @Test
    void aFileThatIsNoZip_isRefused() throws IOException {
        Path file = write("a.txt", "no zip");

        assertThatThrownBy(() -> Corpus.of(file))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("a.txt' is not a sound zip file");
    }

    @Test
    void aZipCutShort_isRefused() throws IOException {
        Path zip = Zips.write(directory.resolve("some.zip"), "a.txt", "one ".repeat(1000));
        Zips.truncate(zip, Files.size(zip) - 10);

        assertThatThrownBy(() -> Corpus.of(zip)).isInstanceOf(UnusableInputException.class);
    }

    @Test
    void damagedContentOfAZip_isNamed() throws IOException {
        Path zip =
                Zips.writeStored(
                        directory.resolve("some.zip"), "a.txt", "good", "b.txt", "some content");
        Zips.replace(zip, "some content", "some c0ntent");
        Corpus corpus = Corpus.of(zip);

        assertThatThrownBy(() -> CountWords.inThisProcess(corpus))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("some.zip!/b.txt")
                .hasMessageContaining("checksum");
    }

    @Test
    void aFileRemovedMeanwhile_isNamed() throws IOException {
        Path file = write("a.txt", "one");
        Corpus corpus = Corpus.of(directory);
        Files.delete(file);

        assertThatThrownBy(() -> CountWords.inThisProcess(corpus))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("a.txt': no such file");
    }

    private Path write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
