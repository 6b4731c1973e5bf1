package dev.interlock.cli;

import dev.interlock.InterlockException;
import dev.interlock.examples.words.UnusableInputException;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns a failure into one message and an exit status. A stack trace is for our own bugs only. */
final class Failures {
    private static final int FAILED = CommandLine.ExitCode.SOFTWARE;
    private static final int MISUSED = CommandLine.ExitCode.USAGE;

    private Failures() {}

    /** The command line makes no sense. */
    static int misused(ParameterException problem, String[] args) {
        CommandLine command = problem.getCommandLine();
        say(command, textOf(problem));
        command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return MISUSED;
    }

    private static String textOf(ParameterException problem) {
        if (problem instanceof UnmatchedArgumentException unmatched
                && !unmatched.isUnknownOption()) {
            String kind =
                    problem.getCommandLine().getSubcommands().isEmpty()
                            ? "unexpected argument"
                            : "there is no command";
            return kind + " '" + unmatched.getUnmatched().getFirst() + "'.";
        }
        return String.valueOf(problem.getMessage());
    }

    /** The command was understood and went wrong. */
    static int failed(Exception failure, CommandLine command, ParseResult parsed) {
        Throwable reason = failure instanceof ExecutionException ? failure.getCause() : failure;
        switch (reason) {
            case UnusableInputException unusable -> {
                say(command, unusable.problem());
                return MISUSED;
            }
            case InterlockException known -> say(command, String.valueOf(known.getMessage()));
            case null, default -> failure.printStackTrace(command.getErr());
        }
        return FAILED;
    }

    private static void say(CommandLine command, String message) {
        command.getErr().println(command.getCommandSpec().root().name() + ": " + message);
    }
}
