package dev.interlock.internal.process;

import dev.interlock.Action;
import dev.interlock.ChildProcess;
import dev.interlock.ProcessStartException;
import dev.interlock.Task;
import dev.interlock.internal.region.Regions;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The options of a child, and how it is started with them. */
public final class Launch<T> implements ChildProcess.Builder<T> {
    /* A pipe takes at least a page without a reader; what is larger is written by another thread, as the child needs time to start. */
    private static final int MAX_DIRECT_WRITE = 4096;

    private final Object task;
    private final boolean hasResult;
    private final List<String> jvmOptions = new ArrayList<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private @Nullable String name;
    private @Nullable DaemonMode mode;
    private @Nullable Path directory;
    private String outputPrefix = "";
    private Redirect output = Redirect.PIPE;
    private Redirect error = Redirect.PIPE;
    private @Nullable EarlyJvm early;

    private Launch(Object task, boolean hasResult) {
        this.task = Objects.requireNonNull(task, "task");
        this.hasResult = hasResult;
    }

    public static <T> Launch<T> of(Task<T> task) {
        return new Launch<>(task, true);
    }

    public static Launch<Void> of(Action action) {
        return new Launch<>(action, false);
    }

    @Override
    public Launch<T> name(String name) {
        if (name.isEmpty() || name.chars().anyMatch(c -> c == '\n' || c == '\r' || c == 0)) {
            throw new IllegalArgumentException(
                    "Bad process name '" + name + "'. Give some text in one line.");
        }
        this.name = name;
        return this;
    }

    @Override
    public Launch<T> daemon(boolean daemon) {
        mode = daemon ? DaemonMode.DAEMON : DaemonMode.NON_DAEMON;
        return this;
    }

    @Override
    public Launch<T> jvmOptions(String... options) {
        jvmOptions.addAll(List.of(options));
        return this;
    }

    @Override
    public Launch<T> environment(String name, String value) {
        environment.put(
                Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
        return this;
    }

    @Override
    public Launch<T> environment(Map<String, String> environment) {
        environment.forEach(this::environment);
        return this;
    }

    @Override
    public Launch<T> directory(Path directory) {
        this.directory = directory.toAbsolutePath();
        return this;
    }

    @Override
    public Launch<T> outputPrefix(String prefix) {
        outputPrefix = Objects.requireNonNull(prefix, "prefix");
        return this;
    }

    @Override
    public Launch<T> redirectOutput(Redirect target) {
        output = Objects.requireNonNull(target, "target");
        return this;
    }

    @Override
    public Launch<T> redirectError(Redirect target) {
        error = Objects.requireNonNull(target, "target");
        return this;
    }

    @Override
    public Launch<T> inheritOutput() {
        output = Redirect.INHERIT;
        error = Redirect.INHERIT;
        return this;
    }

    /**
     * Has the child run in that JVM, unless more is asked of its own: options, an environment, a directory, a redirection. Where it is dead
     * by then the child starts as usual. The caller gives it up in the end.
     */
    public Launch<T> in(EarlyJvm jvm) {
        early = jvm;
        return this;
    }

    @Override
    public ChildProcess<T> start() {
        Transit transit = new Transit();
        boolean started = false;
        try {
            Child<T> child = start(bytes(transit)); // first: what cannot be sent starts no process
            if (!transit.isEmpty()) {
                var _ = child.onExit().thenRun(transit::cancel);
            }
            started = true;
            return child;
        } finally {
            if (!started) transit.cancel();
        }
    }

    private byte[] bytes(Transit transit) {
        Transit outer = transit.begin();
        try {
            return TaskWriter.toBytes(task, hasResult);
        } finally {
            transit.end(outer);
        }
    }

    private Child<T> start(byte[] taskBytes) {
        String numbers = Self.nextNumbers();
        String itsName = name == null ? "Process-" + numbers : name;
        List<Path> files = new ArrayList<>();
        try {
            return start(taskBytes, itsName, numbers, files);
        } catch (IOException e) {
            files.forEach(OwnedFile::delete);
            throw StartProblem.of(itsName, directory, e);
        } catch (RuntimeException | Error e) {
            files.forEach(OwnedFile::delete);
            throw e;
        }
    }

    private Child<T> start(byte[] task, String itsName, String numbers, List<Path> files)
            throws IOException {
        hookToEnd(itsName);
        Child<T> child = mayUseSpare() ? startBySpare(task, itsName, numbers) : null;
        return child != null ? child : startCold(task, itsName, numbers, files);
    }

    private Child<T> startCold(byte[] task, String itsName, String numbers, List<Path> files)
            throws IOException {
        ReportFiles report = ReportFiles.create();
        files.addAll(report.all());
        ChildNote note = note(itsName, numbers, report);
        String ancestry = ProcessTree.newAncestry();
        Process process = process(itsName, ancestry, files).start();
        Child<T> child = child(note, process, ancestry, files);
        Frame frame = new Frame(note, task);
        watch(child, () -> send(note, frame, process.getOutputStream()));
        CacheTraining.begin();
        return child;
    }

    /* What a spare was started with cannot be changed any more. */
    private boolean mayUseSpare() {
        return jvmOptions.isEmpty()
                && environment.isEmpty()
                && directory == null
                && isPiped(output)
                && isPiped(error);
    }

    /* First the task and then all that is needed to look after it: the spare is waiting. */
    private @Nullable Child<T> startBySpare(byte[] task, String itsName, String numbers)
            throws IOException {
        for (Spare spare; (spare = takeSpare()) != null; spare.end()) {
            ChildNote note = note(itsName, numbers, spare.report());
            Frame frame = new Frame(note, task);
            if (!isSent(note, frame, spare)) continue; // it died meanwhile
            Child<T> child = child(note, spare.process(), spare.ancestry(), spare.files());
            watch(child, () -> {});
            Spares.replace();
            CacheTraining.begin();
            return child;
        }
        return null;
    }

    private static boolean isSent(ChildNote note, Frame frame, Spare spare) {
        try {
            return send(note, frame, spare.process().getOutputStream());
        } catch (OutOfMemoryError e) { // of threads
            spare.end();
            throw StartProblem.noThread(note.name(), e);
        }
    }

    private @Nullable Spare takeSpare() {
        Spare started = early == null ? null : early.take();
        return started != null ? started : Spares.take();
    }

    private static void watch(Child<?> child, Runnable then) {
        LineOutput.passLinesOn();
        Processes.add(child);
        try {
            child.watch();
            then.run();
        } catch (OutOfMemoryError e) { // of threads
            child.abandon();
            throw StartProblem.noThread(child.name(), e);
        }
    }

    private static void hookToEnd(String itsName) {
        try {
            Processes.hookToEnd();
        } catch (IllegalStateException e) {
            throw new ProcessStartException(
                    "Cannot start process '" + itsName + "': this JVM is ending.", e);
        }
    }

    private ChildNote note(String itsName, String numbers, ReportFiles report) {
        return new ChildNote(
                itsName,
                numbers,
                mode != null ? mode : Self.isDaemon() ? DaemonMode.DAEMON : DaemonMode.UNSET,
                ProcessHandle.current().pid(),
                Self.name(),
                report.first().toString(),
                report.spare().toString(),
                isPiped(output),
                isPiped(error));
    }

    private ProcessBuilder process(String itsName, String ancestry, List<Path> files)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder();
        builder.environment().putAll(environment);
        builder.environment().put(ProcessTree.VARIABLE, ancestry);
        // Who has a region open shares it with its children as a rule.
        List<String> command =
                CommandLine.of(itsName, jvmOptions, builder.environment(), Regions.isAnyOpen());
        Path argumentFile = CommandLine.shorten(command);
        if (argumentFile != null) files.add(argumentFile);
        builder.command(command);
        if (directory != null) builder.directory(directory.toFile());
        return builder.redirectOutput(output).redirectError(error);
    }

    private static boolean isPiped(Redirect target) {
        return target.type() == Redirect.Type.PIPE;
    }

    private Child<T> child(ChildNote note, Process process, String ancestry, List<Path> files) {
        List<OutputPump> pumps = new ArrayList<>();
        OutputTail tail = isPiped(error) ? new OutputTail() : null;
        Charset errorCharset = System.err.charset();
        if (isPiped(output))
            pumps.add(
                    new OutputPump(
                            process.getInputStream(),
                            StandardStream.OUT::write,
                            outputPrefix.getBytes(System.out.charset()),
                            null));
        if (tail != null)
            pumps.add(
                    new OutputPump(
                            process.getErrorStream(),
                            StandardStream.ERR::write,
                            outputPrefix.getBytes(errorCharset),
                            tail));
        String where =
                directory != null ? directory.toString() : System.getProperty("user.dir", ".");
        return new Child<>(
                note,
                process,
                pumps,
                new DeathReport(tail, errorCharset, where, jvmOptions),
                ancestry,
                task.getClass().getClassLoader(),
                files);
    }

    /** Whether it was written, as far as this can be said without waiting for it. */
    private static boolean send(ChildNote note, Frame frame, OutputStream pipe) {
        if (frame.length() <= MAX_DIRECT_WRITE) return write(frame, pipe);
        Threads.start("interlock-send-" + note.name(), true, () -> write(frame, pipe));
        return true;
    }

    /* If the child is dead already this fails, and whoever waits for it learns why it died. */
    private static boolean write(Frame frame, OutputStream pipe) {
        try {
            frame.writeTo(pipe);
            return true;
        } catch (IOException e) {
            return false; // told by the child's exit status
        }
    }
}
