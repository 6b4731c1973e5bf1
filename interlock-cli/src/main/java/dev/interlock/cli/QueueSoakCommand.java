package dev.interlock.cli;

import dev.interlock.cli.soak.QueueSoak;
import dev.interlock.cli.soak.QueueSoak.Plan;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code interlock soak queue}. */
@Command(
        name = "queue",
        description = {
            "Puts numbered messages through a queue from process to process, kills processes at random, and accounts for each message.",
            "Exit status 1 if one is lost, torn, out of order, or taken more often than the mode allows."
        })
final class QueueSoakCommand implements Callable<Integer> {
    private static final int MOST_PROCESSES = 100;

    /** What happens to a message in a dead consumer's hands. */
    enum Mode {
        redeliver,
        drop
    }

    @Spec
    private CommandSpec spec = CommandSpec.create(); // written by picocli before anything runs

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description = "How long to run. Default: ${DEFAULT-VALUE}.")
    private double minutes = 1;

    @Option(names = "--kills", paramLabel = "N", description = "Ends earlier, after so many kills.")
    private long kills = Long.MAX_VALUE;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description =
                    "What becomes of a message in a killed consumer's hands: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Mode mode = Mode.redeliver;

    @Option(names = "--producers", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
    private int producers = 2;

    @Option(names = "--consumers", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
    private int consumers = 2;

    @Option(
            names = "--pause",
            paramLabel = "MILLIS",
            description = "The longest pause between two kills. Default: ${DEFAULT-VALUE}.")
    private long pauseMillis = 100;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Kills as a run before did, whose seed that was.")
    private @Nullable Long seed;

    @Override
    public Integer call() throws InterruptedException {
        require(minutes > 0 && minutes < 1e6, "--minutes", minutes);
        require(kills >= 0, "--kills", kills);
        require(producers >= 1 && producers <= MOST_PROCESSES, "--producers", producers);
        require(consumers >= 1 && consumers <= MOST_PROCESSES, "--consumers", consumers);
        require(pauseMillis >= 0, "--pause", pauseMillis);
        Plan plan =
                new Plan(
                        seed == null ? System.nanoTime() & 0xFFFF_FFFFL : seed,
                        Duration.ofMillis(Math.round(minutes * 60_000)),
                        kills,
                        producers,
                        consumers,
                        pauseMillis,
                        mode == Mode.drop);
        return QueueSoak.run(plan, System.out)
                ? CommandLine.ExitCode.OK
                : CommandLine.ExitCode.SOFTWARE;
    }

    private void require(boolean condition, String name, Object value) {
        if (condition) return;
        throw new ParameterException(
                spec.commandLine(), name + " is " + value + ", which is not possible.");
    }
}
