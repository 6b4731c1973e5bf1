package dev.interlock.cli;

import dev.interlock.examples.words.Corpus;
import dev.interlock.examples.words.UnusableInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Which files to work on, and with how many processes. */
final class FilesInput extends ProcessesInput {
    @Parameters(
            arity = "0..1",
            paramLabel = "PATH",
            description =
                    "A directory or a zip file to work on. Default: the sources of the running JDK.")
    private @Nullable Path path;

    Path path() {
        if (path != null && path.toString().isEmpty())
            throw new ParameterException(commandLine(), "PATH is empty.");
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
