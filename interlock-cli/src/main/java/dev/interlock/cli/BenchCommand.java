package dev.interlock.cli;

import dev.interlock.bench.Bench;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code interlock bench}: measures this machine. */
@Command(
        name = "bench",
        description =
                "Measures Interlock on this machine, next to what you know from Java and Python.")
final class BenchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create(); // written by picocli before anything runs

    @Parameters(
            arity = "0..*",
            paramLabel = "NAME",
            completionCandidates = Names.class,
            description = "Which benchmarks: ${COMPLETION-CANDIDATES}. Default: all.")
    private List<String> names = List.of();

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Also writes the results to this file, as JSON.")
    private @Nullable Path json;

    @Override
    public Integer call() {
        try {
            return Bench.run(names, json, System.out);
        } catch (IllegalArgumentException misused) {
            throw new ParameterException(
                    spec.commandLine(), String.valueOf(misused.getMessage()), misused);
        }
    }

    /** The benchmarks there are, for the help text. */
    static final class Names implements Iterable<String> {
        @Override
        public java.util.Iterator<String> iterator() {
            return Bench.names().iterator();
        }
    }
}
