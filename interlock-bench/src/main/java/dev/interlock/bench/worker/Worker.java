package dev.interlock.bench.worker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Serializable;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A JVM that works for a driver: the driver's end. Not for two threads at once. */
public final class Worker implements AutoCloseable {
    private static final long LONGEST_ANSWER_SECONDS = 60;
    private static final long LONGEST_END_SECONDS = 5;

    /** More options for all of them, as one word each: tests, which look at no figure, have the JVMs compile little. */
    private static final String OPTIONS = "interlock.bench.worker.options";

    private final Process process;
    private final BufferedReader answers;
    private final Writer orders;
    private final Path errors;

    private Worker(Process process, Path errors) {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.orders = process.outputWriter(StandardCharsets.UTF_8);
        this.errors = errors;
    }

    /**
     * Starts a JVM with our class path.
     *
     * @param main the class whose {@code main} runs in it
     * @param jvmOptions more options
     * @param arguments for {@code main}; what is not a string is serialized
     */
    public static Worker start(Class<?> main, List<String> jvmOptions, Serializable... arguments)
            throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(optionsOfAll());
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        for (Serializable argument : arguments) command.add(Arguments.encode(argument));
        Path errors = Files.createTempFile("interlock-bench", ".err");
        return new Worker(
                new ProcessBuilder(command).redirectError(errors.toFile()).start(), errors);
    }

    private static List<String> optionsOfAll() {
        String options = System.getProperty(OPTIONS, "").strip();
        return options.isEmpty() ? List.of() : List.of(options.split(" +", -1));
    }

    /** Starts a JVM with our class path and no other options. */
    public static Worker start(Class<?> main, Serializable... arguments) throws IOException {
        return start(main, List.of(), arguments);
    }

    /**
     * Sends an order.
     *
     * @throws IOException if the worker has ended; with the last lines of its standard error
     */
    public void tell(String order) throws IOException {
        try {
            orders.write(order + "\n");
            orders.flush();
        } catch (IOException e) {
            throw new IOException("a worker ended early" + lastErrors(), e);
        }
    }

    /**
     * Waits for an answer.
     *
     * @return the numbers in it
     * @throws IOException if the worker ended instead, or did not answer in time; with the last lines of its standard error
     */
    public double[] answer() throws IOException, InterruptedException {
        String line = readLine();
        if (line == null) throw new IOException("a worker ended early" + lastErrors());
        return line.isBlank()
                ? new double[0]
                : Arrays.stream(line.strip().split(" ", -1))
                        .mapToDouble(Double::parseDouble)
                        .toArray();
    }

    /** Sends an order and waits for the answer. */
    public double[] ask(String order) throws IOException, InterruptedException {
        tell(order);
        return answer();
    }

    private @Nullable String readLine() throws IOException, InterruptedException {
        var line =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return answers.readLine();
                            } catch (IOException e) {
                                return null; // the worker was killed
                            }
                        },
                        task -> Thread.ofVirtual().start(task));
        try {
            return line.get(LONGEST_ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IOException("a worker gave no answer" + lastErrors(), e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    /** Kills it with SIGKILL. */
    public void kill() {
        process.destroyForcibly();
    }

    /** Waits for its end. */
    public void awaitEnd() throws InterruptedException {
        if (!process.waitFor(LONGEST_ANSWER_SECONDS, TimeUnit.SECONDS)) kill();
    }

    /** Ends it: by closing its standard input, and if that does not help, by killing it. An interrupt does not end the wait. */
    @Override
    public void close() throws IOException {
        try {
            orders.close();
        } catch (IOException e) {
            kill(); // it ended, or is about to
        }
        process.onExit().completeOnTimeout(process, LONGEST_END_SECONDS, TimeUnit.SECONDS).join();
        kill();
        process.onExit().join();
        answers.close();
        Files.deleteIfExists(errors);
    }

    private String lastErrors() throws IOException {
        List<String> lines =
                new String(Files.readAllBytes(errors), StandardCharsets.UTF_8).lines().toList();
        return lines.isEmpty()
                ? ""
                : ": " + String.join(" | ", lines.subList(0, Math.min(3, lines.size())));
    }
}
