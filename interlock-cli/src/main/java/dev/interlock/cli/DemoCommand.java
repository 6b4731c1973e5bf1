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

/** {@code interlock demo}: runs the small programs one after the other, then counts words. */
@Command(
        name = "demo",
        description = {
            "Shows Interlock at work, in real child JVMs: five small programs, then a word count over many files.",
            "With a PROGRAM, runs that one only."
        },
        customSynopsis = {"interlock demo [--processes=N] [PATH]", "       interlock demo PROGRAM"},
        commandListHeading = "%nPrograms:%n")
final class DemoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create(); // written by picocli before anything runs

    @Mixin private final WordsInput input = new WordsInput();

    static CommandLine commandLine() {
        var demo = new CommandLine(new DemoCommand());
        for (var program : DemoProgram.values()) {
            demo.addSubcommand(ProgramCommand.commandLine(program));
        }
        return demo.addSubcommand(new WordsCommand());
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
        System.out.println("--- words: " + WordsCommand.DESCRIPTION);
        return new WordsDemo(System.out).run(input.path(), corpus, input.processes());
    }

    private void requireProgramOrFile(Path path) {
        if (!Files.exists(path)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "'" + path + "' is neither a program nor a directory or zip file.");
        }
    }
}
