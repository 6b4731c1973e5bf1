package dev.interlock.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code interlock soak}: long runs under a random killer. */
@Command(
        name = "soak",
        subcommands = QueueSoakCommand.class,
        description =
                "Uses a structure from many processes, kills these at random, and checks that nothing is lost.",
        synopsisSubcommandLabel = "STRUCTURE",
        commandListHeading = "%nStructures:%n")
final class SoakCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create(); // written by picocli before anything runs

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "say what to soak, as in 'interlock soak queue'.");
    }
}
