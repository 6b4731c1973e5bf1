package dev.interlock.cli;

import dev.interlock.examples.words.Corpus;
import dev.interlock.examples.words.UnusableInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What to count and with how many processes: the arguments of the word count. */
final class WordsInput {
    /** Every process is a JVM of some 40 MB, and a region has room for 500. */
    static final int MAX_PROCESSES = 256;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create(); // written by picocli before anything runs

    @Parameters(
            arity = "0..1",
            paramLabel = "PATH",
            description =
                    "A directory or a zip file whose words are counted. Default: the sources of the running JDK.")
    private @Nullable Path path;

    private int processes = Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 16);

    @Option(
            names = {"-n", "--processes"},
            paramLabel = "N",
            description =
                    "How many child processes count words, 1 to "
                            + MAX_PROCESSES
                            + ". Default: one per CPU, 2 to 16.")
    void processes(int wanted) {
        if (wanted < 1 || wanted > MAX_PROCESSES) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--processes is " + wanted + ", but it takes 1 to " + MAX_PROCESSES + ".");
        }
        processes = wanted;
    }

    int processes() {
        return processes;
    }

    Path path() {
        if (path != null && path.toString().isEmpty())
            throw new ParameterException(spec.commandLine(), "PATH is empty.");
        return path != null ? path : jdkSources();
    }

    Corpus corpus() throws UnusableInputException {
        return Corpus.of(path());
    }

    /** The running JDK's src.zip; some packages leave it out, then the JDK's own files. */
    private static Path jdkSources() {
        Path jdk = Path.of(System.getProperty("java.home"));
        Path sources = jdk.resolve("lib/src.zip");
        return Files.isReadable(sources) ? sources : jdk;
    }
}
