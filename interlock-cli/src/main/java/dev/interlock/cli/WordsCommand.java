package dev.interlock.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code interlock demo words}: the word count alone. */
@Command(name = "words", description = WordsCommand.DESCRIPTION)
final class WordsCommand implements Callable<Integer> {
    static final String DESCRIPTION =
            "Counts the words of many files with several processes, then with one, and compares.";

    @Mixin private final FilesInput input = new FilesInput();

    @Override
    public Integer call() throws Exception {
        return new WordsDemo(System.out).run(input.path(), input.corpus(), input.processes());
    }
}
