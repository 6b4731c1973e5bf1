package dev.interlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command line accepts, and how it says no. Nothing here starts a process. */
class CommandLineTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "demo --help",
                "demo words --help",
                "demo hash --help",
                "demo thumbnails --help",
                "demo add --help",
                "bench --help",
                "soak --help",
                "soak queue --help"
            })
    void everyCommandExplainsItself(String arguments) {
        assertThat(execute(arguments.split(" ", -1))).isZero();
        assertThat(out.toString()).startsWith("Usage: interlock").contains("--help");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void withoutACommand_itTellsWhichThereAre() {
        assertThat(execute()).isZero();
        assertThat(out.toString()).contains("demo", "bench", "soak");
    }

    @Test
    void theVersionNamesTheJdkToo() {
        assertThat(execute("--version")).isZero();
        assertThat(out.toString()).startsWith("interlock ").contains("java " + Runtime.version());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    unknown                          | there is no command 'unknown'
                    --unknown                        | Unknown option: '--unknown'
                    demo value more                  | unexpected argument 'more'
                    demo unknown                     | 'unknown' is neither a program nor a directory or zip file
                    demo words /no/such              | '/no/such' does not exist
                    demo words /dev/null             | '/dev/null' is neither a directory nor a zip file
                    demo words -n 0                  | --processes is 0, but it takes 1 to 256
                    demo words --processes 257       | --processes is 257, but it takes 1 to 256
                    demo words --processes=1000000   | --processes is 1000000, but it takes 1 to 256
                    demo words --processes -1        | --processes is -1, but it takes 1 to 256
                    demo --processes 0               | --processes is 0, but it takes 1 to 256
                    demo hash /no/such               | '/no/such' does not exist
                    demo hash /dev/null              | '/dev/null' is neither a directory nor a zip file
                    demo hash -n 0                   | --processes is 0, but it takes 1 to 256
                    demo hash --processes=1000000    | --processes is 1000000, but it takes 1 to 256
                    demo hash one two                | unexpected argument 'two'
                    demo thumbnails -n 0             | --processes is 0, but it takes 1 to 256
                    demo thumbnails -n 1000000       | --processes is 1000000, but it takes 1 to 256
                    demo thumbnails /tmp             | unexpected argument '/tmp'
                    demo words --processes x         | 'x' is not an int
                    demo words -n 99999999999        | '99999999999' is not an int
                    demo --processes 3 words         | arguments go after 'words', not before it
                    demo words one two               | unexpected argument 'two'
                    bench unknown                    | there is no benchmark 'unknown'
                    bench region-open --json /no/such/file | cannot write '/no/such/file'
                    soak                             | say what to soak
                    soak queue --minutes 0           | --minutes is 0.0, which is not possible
                    soak queue --producers 0         | --producers is 0, which is not possible
                    soak queue --mode lose           | expected one of [redeliver, drop]
                    demo add --processes 3           | Unknown options: '--processes'
                    """)
    void aMistake_isToldInOneMessage_withStatus2(String arguments, String message) {
        assertThat(execute(arguments.split(" ", -1))).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("interlock: ")
                .contains(message)
                .doesNotContain("\tat ");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aZipThatIsNone_isToldByItsName() throws Exception {
        Path zip =
                Files.writeString(directory.resolve("broken zip.zip"), "PK, but no more than that");

        assertThat(execute("demo", "words", zip.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("broken zip.zip' is not a sound zip file");
    }

    private int execute(String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
