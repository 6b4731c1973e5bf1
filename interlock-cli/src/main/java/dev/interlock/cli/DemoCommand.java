package dev.interlock.cli;

import dev.interlock.examples.words.Corpus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code interlock demo}: runs the small programs one after the other, then the jobs on many files. */
@Command(
        name = "demo",
        description = {
            "Shows Interlock at work, in real child JVMs: five small programs, then jobs on many files.",
            "With a PROGRAM, runs that one only."
        },
        customSynopsis = {"interlock demo [--processes=N] [PATH]", "       interlock demo PROGRAM"},
        commandListHeading = "%nPrograms:%n")
final class DemoCommand implements Callable<Integer> {
    /* So that all of it stays short. Alone, the jobs do more. */
    private static final int MAX_HASHED = 2000;
    private static final int PICTURES = 8;

    @Spec
    private CommandSpec spec = CommandSpec.create(); // written by picocli before anything runs

    @Mixin private final FilesInput input = new FilesInput();

    static CommandLine commandLine() {
        var demo = new CommandLine(new DemoCommand());
        for (var program : DemoProgram.values()) {
            demo.addSubcommand(ProgramCommand.commandLine(program));
        }
        return demo.addSubcommand(new WordsCommand())
                .addSubcommand(new HashCommand())
                .addSubcommand(new ThumbnailsCommand());
    }

    @Override
    public Integer call() throws Exception {
        requireProgramOrFile(input.path());
        // A wrong path is told before the first program runs, not after the last.
        Corpus corpus = input.corpus();
        for (var program : DemoProgram.values()) {
            System.out.println("--- " + program.command() + ": " + program.description);
            program.run();
            System.out.println();
        }
        return runJobs(corpus);
    }

    private int runJobs(Corpus corpus) throws Exception {
        int hashed = Math.min(corpus.size(), MAX_HASHED);
        System.out.println("--- words: " + WordsCommand.DESCRIPTION);
        int words = new WordsDemo(System.out).run(input.path(), corpus, input.processes());
        System.out.println("\n--- hash: " + HashCommand.DESCRIPTION);
        int hash = new HashDemo(System.out).run(input.path(), corpus, hashed, input.processes());
        System.out.println("\n--- thumbnails: " + ThumbnailsCommand.DESCRIPTION);
        int thumbnails = new ThumbnailsDemo(System.out).run(PICTURES, input.processes());
        return Math.max(words, Math.max(hash, thumbnails));
    }

    private void requireProgramOrFile(Path path) {
        if (!Files.exists(path)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "'" + path + "' is neither a program nor a directory or zip file.");
        }
    }
}
