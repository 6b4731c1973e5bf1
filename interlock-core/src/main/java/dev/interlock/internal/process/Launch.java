package dev.interlock.internal.process;

import dev.interlock.Action;
import dev.interlock.ChildProcess;
import dev.interlock.ProcessStartException;
import dev.interlock.Task;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The description of a child, and its start. */
public final class Launch<T> implements ChildProcess.Builder<T> {
    private final Serializable task;
    private final List<String> jvmOptions = new ArrayList<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private @Nullable String name;
    private @Nullable Lifetime lifetime;
    private @Nullable Path directory;
    private String prefix = "";
    private @Nullable Redirect output; // null: through this process, line by line
    private @Nullable Redirect error;

    /** Describes a child with a result. */
    public Launch(Task<T> task) {
        this.task = java.util.Objects.requireNonNull(task, "task");
    }

    /** Describes a child without a result. */
    public Launch(Action action) {
        this.task = java.util.Objects.requireNonNull(action, "action");
    }

    @Override
    public Launch<T> name(String name) {
        this.name = name;
        return this;
    }

    @Override
    public Launch<T> daemon(boolean daemon) {
        lifetime = daemon ? Lifetime.DAEMON : Lifetime.INDEPENDENT;
        return this;
    }

    @Override
    public Launch<T> jvmOptions(String... options) {
        jvmOptions.addAll(List.of(options));
        return this;
    }

    @Override
    public Launch<T> environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    @Override
    public Launch<T> environment(Map<String, String> variables) {
        environment.putAll(variables);
        return this;
    }

    @Override
    public Launch<T> directory(Path directory) {
        this.directory = directory;
        return this;
    }

    @Override
    public Launch<T> outputPrefix(String prefix) {
        this.prefix = prefix;
        return this;
    }

    @Override
    public Launch<T> redirectOutput(Redirect target) {
        output = requireNoPipe(target);
        return this;
    }

    @Override
    public Launch<T> redirectError(Redirect target) {
        error = requireNoPipe(target);
        return this;
    }

    private static Redirect requireNoPipe(Redirect target) {
        if (target.type() == Redirect.Type.PIPE || target.type() == Redirect.Type.READ) {
            throw new IllegalArgumentException(
                    "Output cannot be sent to " + target + ". Use a file, DISCARD or INHERIT.");
        }
        return target;
    }

    @Override
    public Launch<T> inheritOutput() {
        output = Redirect.INHERIT;
        error = Redirect.INHERIT;
        return this;
    }

    @Override
    public ChildProcess<T> start() {
        byte[] bytes =
                Codec.toBytes(
                        "The task",
                        task); // first, so that nothing is started for one that cannot go
        int number = Children.nextNumber();
        String path = Children.pathOf(number);
        String givenName = name != null ? name : "Process-" + path;
        Lifetime givenLifetime = lifetime != null ? lifetime : Children.defaultLifetime();
        File report = newReport(number);
        try {
            Process process = builder().start();
            RunningChild<T> child = running(process, givenName, givenLifetime, report);
            Birth birth =
                    new Birth(
                            givenName,
                            path,
                            givenLifetime,
                            ProcessHandle.current().pid(),
                            Children.ownName(),
                            report.getPath(),
                            bytes);
            hand(birth, process);
            child.watch();
            return child;
        } catch (IOException e) {
            Report.remove(report);
            throw notStarted(givenName, e);
        } catch (RuntimeException | Error e) {
            Report.remove(report);
            throw e;
        }
    }

    private static File newReport(int number) {
        try {
            return Report.newFile(number);
        } catch (IOException e) {
            throw notStarted("Process-" + number, e);
        }
    }

    private static ProcessStartException notStarted(String name, IOException e) {
        var failure =
                new ProcessStartException(
                        "Cannot start process '"
                                + name
                                + "': "
                                + e.getMessage()
                                + ". Check its directory, and this user's limits of memory and processes (ulimit -a).");
        failure.initCause(e);
        return failure;
    }

    private ProcessBuilder builder() throws IOException {
        if (directory != null && !Files.isDirectory(directory))
            throw new IOException(directory + " is not a directory");
        ProcessBuilder builder = new ProcessBuilder(CommandLine.forChild(jvmOptions));
        if (directory != null) builder.directory(directory.toFile());
        builder.environment().putAll(environment);
        if (output != null) builder.redirectOutput(output);
        if (error != null) builder.redirectError(error);
        return builder;
    }

    private RunningChild<T> running(
            Process process, String givenName, Lifetime givenLifetime, File report) {
        List<LinePump> pumps = new ArrayList<>();
        if (output == null) {
            pumps.add(
                    new LinePump(
                            "interlock-out-" + process.pid(),
                            process.getInputStream(),
                            () -> System.out,
                            prefix));
        }
        LinePump errors = null;
        if (error == null) {
            errors =
                    new LinePump(
                            "interlock-err-" + process.pid(),
                            process.getErrorStream(),
                            () -> System.err,
                            prefix);
            pumps.add(errors);
        }
        return new RunningChild<>(
                givenName, givenLifetime, process, report, pumps, errors, task instanceof Task);
    }

    /* The stream stays open: its end tells the child that we are gone. A child that died at once shows in its exit status. */
    private static void hand(Birth birth, Process process) {
        try {
            birth.writeTo(
                    new DataOutputStream(new BufferedOutputStream(process.getOutputStream())));
        } catch (IOException e) {
            return;
        }
    }
}
