package dev.interlock.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The command {@code interlock}. Exit status: 0 for success, 1 if something failed, 2 for a wrong command line or unusable input. */
@Command(
        name = "interlock",
        scope = CommandLine.ScopeType.INHERIT, // -h, -V and the version for all commands
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Locks, shared memory and child processes across JVMs.",
            "Try 'interlock demo' first. 'interlock COMMAND --help' explains a command."
        },
        synopsisSubcommandLabel = "COMMAND")
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create(); // written by picocli before anything runs

    /** Without a command: says which there are. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** {@return the whole command line, ready to execute} */
    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .addSubcommand(DemoCommand.commandLine())
                .addSubcommand(new BenchCommand())
                .addSubcommand(new SoakCommand())
                .setUsageHelpAutoWidth(true)
                .setExecutionStrategy(Main::runLast)
                .setParameterExceptionHandler(Failures::misused)
                .setExecutionExceptionHandler(Failures::failed);
    }

    /** Runs the last command of the line, after making sure that no argument before it is lost. */
    private static int runLast(ParseResult parsed) {
        for (var level = parsed; level.hasSubcommand(); level = level.subcommand()) {
            if (!level.matchedPositionals().isEmpty()
                    || level.matchedOptions().stream().anyMatch(Main::isNoHelp)) {
                throw new ParameterException(
                        level.commandSpec().commandLine(),
                        "arguments go after '"
                                + level.subcommand().commandSpec().name()
                                + "', not before it.");
            }
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    private static boolean isNoHelp(OptionSpec option) {
        return !option.usageHelp() && !option.versionHelp();
    }

    /**
     * Runs a command and exits with its status.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        int status = commandLine().execute(args);
        System.exit(System.out.checkError() ? outputLost(status) : status);
    }

    /** A full disk or a closed pipe: who reads less than was printed must not take it for all. */
    private static int outputLost(int status) {
        System.err.println("interlock: standard output could not be written.");
        return status == CommandLine.ExitCode.OK ? CommandLine.ExitCode.SOFTWARE : status;
    }
}
