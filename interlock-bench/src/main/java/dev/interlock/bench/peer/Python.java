package dev.interlock.bench.peer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The peers in Python, if there is one on this machine. */
public final class Python {
    private final Path directory;
    private final @Nullable Path interpreter;
    private @Nullable Path script; // copied at the first run

    /** Copies its script to that directory. */
    public Python(Path directory) {
        this(directory, "python3");
    }

    Python(Path directory, String interpreter) {
        this.directory = directory;
        this.interpreter = Command.find(interpreter).orElse(null);
    }

    /** The version, or that there is none. */
    public String version() throws InterruptedException {
        if (interpreter == null) return "none";
        try {
            return Command.run(List.of(interpreter.toString(), "--version")).strip();
        } catch (IOException e) {
            return "unusable: " + e.getMessage();
        }
    }

    /**
     * Runs the script with those arguments and reads what it prints.
     *
     * @throws PeerException if there is no Python, or if the script failed
     */
    public double[] run(Object... arguments) throws IOException, InterruptedException {
        if (interpreter == null) throw new PeerException("no python3 on the PATH");
        if (script == null) script = Resources.copy("peer.py", directory);
        List<String> command = new ArrayList<>(List.of(interpreter.toString(), script.toString()));
        for (Object argument : arguments) command.add(argument.toString());
        return Command.numbers(command);
    }
}
