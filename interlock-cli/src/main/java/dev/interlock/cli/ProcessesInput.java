package dev.interlock.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** With how many processes to work. */
class ProcessesInput {
    /** Every process is a JVM of some 40 MB, and a region has room for 500. */
    static final int MAX_PROCESSES = 256;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create(); // written by picocli before anything runs

    private int processes = Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 16);

    @Option(
            names = {"-n", "--processes"},
            paramLabel = "N",
            description =
                    "How many child processes share the work, 1 to "
                            + MAX_PROCESSES
                            + ". Default: one per CPU, 2 to 16.")
    final void processes(int wanted) {
        if (wanted < 1 || wanted > MAX_PROCESSES) {
            throw new ParameterException(
                    commandLine(),
                    "--processes is " + wanted + ", but it takes 1 to " + MAX_PROCESSES + ".");
        }
        processes = wanted;
    }

    final int processes() {
        return processes;
    }

    final CommandLine commandLine() {
        return spec.commandLine();
    }
}
