package dev.interlock.it;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A JVM that a test started: it runs one static method that takes a {@link Child}, talks by lines, and ends when it is closed, if
 * not before. Every wait for it is under the watchdog of {@link Await}.
 */
final class ChildJvm implements AutoCloseable {
    /** Where children leave what they print as errors, and what a crashed JVM says of itself. */
    static final Path LOGS =
            Path.of(System.getProperty("interlock.it.logs", "target/children")).toAbsolutePath();

    private static final int KILLED = 128 + 9;
    private static final Set<ChildJvm> LIVING = ConcurrentHashMap.newKeySet();
    private static final AtomicInteger STARTED = new AtomicInteger();
    private static final String END = "\0the end";

    private final Process process;
    private final String title;
    private final Path errors;
    private final Writer in;
    private final BlockingQueue<String> out = new LinkedBlockingQueue<>();

    /** How a child is started: behind which command, with which options of the JVM. */
    record Launch(List<String> prefix, List<String> jvmOptions) {
        static final Launch PLAIN = new Launch(List.of(), List.of());

        /** For children that live so shortly that compiling would cost them a quarter of all they do. */
        static final Launch INTERPRETED = PLAIN.with("-Xint");

        Launch with(String... options) {
            List<String> all = new ArrayList<>(jvmOptions);
            all.addAll(List.of(options));
            return new Launch(prefix, all);
        }

        Launch behind(String... command) {
            return new Launch(List.of(command), jvmOptions);
        }

        /** The command that runs a verb. */
        List<String> command(Path directory, Class<?> verbs, String verb, Object... args) {
            List<String> command = new ArrayList<>(prefix);
            command.addAll(java());
            command.addAll(ChildArchive.options());
            command.addAll(jvmOptions);
            command.addAll(List.of("-cp", classPath(), Child.class.getName()));
            command.addAll(List.of(verbs.getName(), verb, directory.toString()));
            for (Object arg : args) command.add(arg.toString());
            return command;
        }
    }

    private ChildJvm(Process process, String title, Path errors) {
        this.process = process;
        this.title = title;
        this.errors = errors;
        in = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        Thread.ofPlatform().daemon().name("lines of " + process.pid()).start(this::readLines);
    }

    static ChildJvm start(
            Launch launch, Path directory, Class<?> verbs, String verb, Object... args) {
        return start(
                launch.command(directory, verbs, verb, args),
                verb + " " + List.of(args) + " " + launch.jvmOptions);
    }

    /** Starts any command that talks as a child does. */
    static ChildJvm start(List<String> command, String title) {
        try {
            Files.createDirectories(LOGS);
            Path errors = LOGS.resolve("errors-" + STARTED.incrementAndGet() + ".txt");
            Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
            ChildJvm child = new ChildJvm(process, title, errors);
            LIVING.add(child);
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The command of every child's JVM, up to what differs. */
    static List<String> java() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Djdk.reflect.useNativeAccessorOnly=true",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:ErrorFile=" + LOGS + "/crash-%p.log");
    }

    /** No more than is needed: a test JVM's own class path is long, and opening all of it takes its time. */
    static String classPath() {
        Path jar = ChildArchive.jar();
        return (jar == null ? placeOf(Child.class) : jar)
                + File.pathSeparator
                + placeOf(dev.interlock.Region.class);
    }

    static Path placeOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static Set<ChildJvm> living() {
        return LIVING;
    }

    static int started() {
        return STARTED.get();
    }

    private void readLines() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line; (line = lines.readLine()) != null; ) out.add(line);
        } catch (IOException e) {
            // the process is being reaped
        } finally {
            out.add(END);
        }
    }

    long pid() {
        return process.pid();
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** Sends a line. */
    void say(Object line) {
        try {
            in.write(line + "\n");
            in.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** There is nothing more to say to it. A JVM that ends waits 300 ms for a thread that reads. */
    void sayNoMore() {
        try {
            in.close();
        } catch (IOException e) {
            // it was killed while a line was under way
        }
    }

    /** The next line. */
    String hear() throws InterruptedException {
        String line = hearOrEnd();
        if (line == null)
            throw Diagnosis.plainFailure(this + " ended, exit code " + exitCode() + errorText());
        return line;
    }

    /** The next line, or null if the child has ended. */
    @Nullable String hearOrEnd() throws InterruptedException {
        String line = out.poll(Await.WATCHDOG.toMillis(), TimeUnit.MILLISECONDS);
        if (line == null) throw Diagnosis.failure("nothing heard of " + this);
        if (!line.equals(END)) return line;
        out.add(END);
        return null;
    }

    /** The next line if it is there already. */
    @Nullable String heard() {
        String line = out.poll();
        if (END.equals(line)) out.add(END);
        return END.equals(line) ? null : line;
    }

    /** Whether it has said something that nobody has heard yet, or ends, within that time. */
    boolean speaksWithin(long millis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (out.isEmpty() && System.nanoTime() < end) Await.sleep(1);
        return !out.isEmpty();
    }

    /** Makes sure that the next line is this one. */
    ChildJvm expect(String line) throws InterruptedException {
        String heard = hear();
        if (!heard.equals(line))
            throw Diagnosis.plainFailure(
                    "expected '" + line + "' of " + this + ", heard '" + heard + "'");
        return this;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Ends it as {@code kill -9} does, and waits until it is gone. */
    void kill() throws InterruptedException {
        List<ProcessHandle> family = killFamily();
        join();
        for (ProcessHandle child : family) child.onExit().join();
    }

    /** Where it was started behind a command, it is that one's child. */
    private List<ProcessHandle> killFamily() {
        List<ProcessHandle> family = process.toHandle().descendants().toList();
        family.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        return family;
    }

    /** Sends SIGKILL and does not wait. */
    void killSoon() {
        process.destroyForcibly();
    }

    /** Takes the processor away from it. */
    void stop() throws Exception {
        signal("-STOP");
        Await.until(this + " is stopped", () -> state() == 'T');
    }

    /** Lets it go on. */
    void resume() throws Exception {
        signal("-CONT");
    }

    private void signal(String name) throws Exception {
        int code =
                new ProcessBuilder("kill", name, Long.toString(pid()))
                        .inheritIO()
                        .start()
                        .waitFor();
        if (code != 0 && isAlive()) throw new IllegalStateException("kill " + name + ": " + code);
    }

    /** As {@code ps} shows it: R running, S sleeping, T stopped, Z ended. */
    char state() throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid() + "/stat"));
        return stat.charAt(stat.lastIndexOf(')') + 2);
    }

    /** Waits for its end. */
    int join() throws InterruptedException {
        if (!process.waitFor(Await.WATCHDOG.toMillis(), TimeUnit.MILLISECONDS))
            throw Diagnosis.failure(this + " does not end");
        forget();
        return process.exitValue();
    }

    /** Waits for its end, which must be a good one. */
    void joinWell() throws InterruptedException {
        int code = join();
        if (code != 0)
            throw Diagnosis.plainFailure(this + " ended with exit code " + code + errorText());
    }

    /** Waits for its end and tells whether SIGKILL was the reason; any end but that and success fails. */
    boolean joinKilled() throws InterruptedException {
        int code = join();
        if (code != 0 && code != KILLED)
            throw Diagnosis.plainFailure(this + " ended with exit code " + code + errorText());
        return code == KILLED;
    }

    private String exitCode() throws InterruptedException {
        process.waitFor(5, TimeUnit.SECONDS);
        return process.isAlive() ? "unknown" : Integer.toString(process.exitValue());
    }

    String errorText() {
        try {
            return Files.exists(errors) ? "\n" + Files.readString(errors) : "";
        } catch (IOException e) {
            return "\n" + e;
        }
    }

    private void forget() {
        if (!LIVING.remove(this)) return;
        sayNoMore();
        try {
            if (Files.exists(errors) && Files.size(errors) == 0) Files.delete(errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        List<ProcessHandle> family = killFamily();
        boolean interrupted = false;
        while (true) { // until it is reaped
            try {
                process.waitFor();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        for (ProcessHandle child : family) child.onExit().join();
        forget();
        if (interrupted) Thread.currentThread().interrupt();
    }

    @Override
    public String toString() {
        return "child " + pid() + " (" + title + ")";
    }
}
