package dev.interlock.bench.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The peers in C, compiled on this machine when first asked for. */
public final class CProgram {
    private static final List<String> COMPILERS = List.of("cc", "gcc", "clang");

    private final Path directory;
    private final @Nullable Path compiler;
    private @Nullable Path executable; // made at the first run
    private @Nullable PeerException failure; // why it cannot be made

    /** Compiles into that directory. */
    public CProgram(Path directory) {
        this(directory, COMPILERS);
    }

    CProgram(Path directory, List<String> compilers) {
        this.directory = directory;
        this.compiler =
                compilers.stream()
                        .map(Command::find)
                        .flatMap(Optional::stream)
                        .findFirst()
                        .orElse(null);
    }

    /** The compiler and its version, or that there is none. */
    public String compiler() throws InterruptedException {
        if (compiler == null) return "none";
        try {
            return Command.run(List.of(compiler.toString(), "--version"))
                            .lines()
                            .findFirst()
                            .orElse("")
                    + ", -O2";
        } catch (IOException e) {
            return "unusable: " + e.getMessage();
        }
    }

    /**
     * Runs it with those arguments and reads what it prints.
     *
     * @throws PeerException if there is no C compiler, or if compiling or running failed
     */
    public double[] run(Object... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(executable().toString());
        for (Object argument : arguments) command.add(argument.toString());
        return Command.numbers(command);
    }

    private Path executable() throws IOException, InterruptedException {
        if (failure != null) throw failure;
        if (executable == null) {
            try {
                executable = compile();
            } catch (PeerException e) {
                failure = e;
                throw e;
            }
        }
        return executable;
    }

    private Path compile() throws IOException, InterruptedException {
        if (compiler == null)
            throw new PeerException(
                    "no C compiler (" + String.join(", ", COMPILERS) + ") on the PATH");
        Resources.copy("peer.h", directory);
        Path source = Resources.copy("peer.c", directory);
        Path signals = Resources.copy("signals.c", directory);
        Path queue = Resources.copy("queue.c", directory);
        Path target = directory.resolve("peer");
        Command.run(
                List.of(
                        compiler.toString(),
                        "-O2",
                        "-std=gnu11",
                        "-pthread",
                        "-o",
                        target.toString(),
                        source.toString(),
                        signals.toString(),
                        queue.toString()));
        if (!Files.isExecutable(target)) throw new PeerException("cannot execute " + target);
        return target;
    }
}
