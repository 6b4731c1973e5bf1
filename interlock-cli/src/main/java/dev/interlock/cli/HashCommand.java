package dev.interlock.cli;

import dev.interlock.examples.words.Corpus;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code interlock demo hash}: hashing and compressing alone. */
@Command(name = "hash", description = HashCommand.DESCRIPTION)
final class HashCommand implements Callable<Integer> {
    static final String DESCRIPTION =
            "Hashes and compresses many files in a pool of processes, then in one thread, and compares.";

    @Mixin private final FilesInput input = new FilesInput();

    @Override
    public Integer call() throws Exception {
        Corpus corpus = input.corpus();
        return new HashDemo(System.out).run(input.path(), corpus, corpus.size(), input.processes());
    }
}
