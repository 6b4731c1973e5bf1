package dev.interlock.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code interlock demo NAME}: runs one small program. */
@Command
final class ProgramCommand implements Callable<Integer> {
    private final DemoProgram program;

    private ProgramCommand(DemoProgram program) {
        this.program = program;
    }

    static CommandLine commandLine(DemoProgram program) {
        var command =
                new CommandLine(new ProgramCommand(program)).setCommandName(program.command());
        command.getCommandSpec().usageMessage().description(program.description);
        return command;
    }

    @Override
    public Integer call() throws Exception {
        program.run();
        return CommandLine.ExitCode.OK;
    }
}
