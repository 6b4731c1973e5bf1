package dev.interlock.internal.process;

import dev.interlock.ChildProcess;
import dev.interlock.ExitStatus;
import dev.interlock.ProcessDiedException;
import dev.interlock.RemoteException;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A child that was started: a thread waits for its end, for the last of what it printed, and for its report. */
final class RunningChild<T> implements ChildProcess<T> {
    private static final int SIGNAL_BASE = 128;
    private static final long MILLIS_FOR_OUTPUT = 1000; // a grandchild may keep the pipes open

    private final String name;
    private final Lifetime lifetime;
    private final Process process;
    private final File report;
    private final List<LinePump> pumps;
    private final @Nullable LinePump errors; // one of the pumps, if standard error comes to us
    private final boolean hasResult;
    private final CompletableFuture<ExitStatus> ended = new CompletableFuture<>();
    private volatile @Nullable Report outcome; // set before ended is
    private volatile boolean cancelled;

    RunningChild(
            String name,
            Lifetime lifetime,
            Process process,
            File report,
            List<LinePump> pumps,
            @Nullable LinePump errors,
            boolean hasResult) {
        this.name = name;
        this.lifetime = lifetime;
        this.process = process;
        this.report = report;
        this.pumps = pumps;
        this.errors = errors;
        this.hasResult = hasResult;
    }

    /** Starts the waiting; a thread that is no daemon keeps this JVM alive as long as the child is. */
    void watch() {
        Children.add(this);
        Thread watcher =
                new Thread(null, this::awaitEnd, "interlock-child-" + process.pid(), 128 << 10);
        watcher.setDaemon(lifetime == Lifetime.DAEMON);
        watcher.start();
    }

    private void awaitEnd() {
        int code = exitCode();
        awaitOutput();
        boolean orderly = Report.isMarkedOrderly(report);
        ExitStatus status =
                code > SIGNAL_BASE && !orderly
                        ? ExitStatus.signalled(code - SIGNAL_BASE)
                        : ExitStatus.exited(code);
        try {
            outcome = Report.read(report);
        } catch (IOException e) {
            outcome =
                    new Report(
                            true,
                            e.getClass().getName(),
                            "The child's report cannot be read: " + e,
                            new byte[0]);
        }
        Report.remove(report);
        Children.remove(this);
        ended.complete(status);
    }

    private int exitCode() {
        while (true) { // until it has ended
            try {
                return process.waitFor();
            } catch (InterruptedException e) {
                continue; // nobody has reason to interrupt this thread
            }
        }
    }

    private void awaitOutput() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MILLIS_FOR_OUTPUT);
        for (LinePump pump : pumps) {
            try {
                pump.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public boolean isDaemon() {
        return lifetime == Lifetime.DAEMON;
    }

    @Override
    public void join() throws InterruptedException {
        if (Thread.interrupted()) throw new InterruptedException();
        try {
            ended.get();
        } catch (ExecutionException e) {
            throw new AssertionError(e); // it is only ever completed with a status
        }
    }

    @Override
    public boolean join(Duration timeout) throws InterruptedException {
        if (Thread.interrupted()) throw new InterruptedException();
        try {
            ended.get(nanos(timeout), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private static long nanos(Duration timeout) {
        try {
            return Math.max(0, timeout.toNanos());
        } catch (ArithmeticException e) {
            return timeout.isNegative() ? 0 : Long.MAX_VALUE;
        }
    }

    @Override
    public ExitStatus exitStatus() {
        ExitStatus status = ended.getNow(null);
        if (status == null) {
            throw new IllegalStateException(
                    "Process '" + name + "' (pid " + pid() + ") has not ended. Call join() first.");
        }
        return status;
    }

    @Override
    public void terminate() {
        process.destroy();
    }

    @Override
    public void kill() {
        process.destroyForcibly();
    }

    @Override
    public void killTree() {
        List<ProcessHandle> descendants =
                process.descendants().toList(); // afterwards nobody could tell whose they were
        process.destroyForcibly();
        for (ProcessHandle descendant : descendants) descendant.destroyForcibly();
    }

    @Override
    public CompletableFuture<ExitStatus> onExit() {
        return ended.copy();
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (ended.isDone() || cancelled) return false;
        cancelled = true;
        if (mayInterruptIfRunning) kill();
        else terminate();
        return true;
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public boolean isDone() {
        return ended.isDone() || cancelled;
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        join();
        return result();
    }

    @Override
    public T get(long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (!join(Duration.ofNanos(unit.toNanos(timeout)))) {
            throw new TimeoutException(
                    "Process '"
                            + name
                            + "' (pid "
                            + pid()
                            + ") has not ended within "
                            + timeout
                            + " "
                            + unit
                            + ".");
        }
        return result();
    }

    @SuppressWarnings({
        "unchecked",
        "NullAway"
    }) // the child ran a Task<T>, whose result may be null
    private T result() throws ExecutionException {
        if (cancelled) throw new CancellationException("Process '" + name + "' was cancelled.");
        Report told = outcome;
        if (told == null) {
            if (!hasResult && exitStatus().isSuccess()) return null;
            throw new ExecutionException(new ProcessDiedException(death()));
        }
        try {
            if (!told.failed()) return (T) Codec.fromBytes(told.object());
        } catch (IOException | ClassNotFoundException | RuntimeException e) {
            throw new ExecutionException(
                    "The result of process '" + name + "' cannot be read here.", e);
        }
        throw new ExecutionException(failure(told));
    }

    private Throwable failure(Report told) {
        var remote =
                new RemoteException(
                        "In process '" + name + "' (pid " + pid() + "): " + told.message());
        try {
            if (told.object().length > 0
                    && Codec.fromBytes(told.object()) instanceof Throwable original) {
                original.addSuppressed(remote);
                return original;
            }
        } catch (IOException | ClassNotFoundException | RuntimeException | LinkageError e) {
            remote.addSuppressed(e); // why it is not the original
        }
        return remote;
    }

    private String death() {
        ExitStatus status = exitStatus();
        String tail = errors == null ? "" : errors.tail();
        return "Process '"
                + name
                + "' (pid "
                + pid()
                + ") ended before its task did: "
                + status
                + "."
                + hint(status, tail)
                + (tail.isEmpty() ? "" : " Its last lines on standard error:\n" + tail);
    }

    private static String hint(ExitStatus status, String tail) {
        if (tail.contains("OutOfMemoryError"))
            return " It ran out of memory: give it more with jvmOptions(\"-Xmx…\").";
        if (tail.contains("Could not create the Java Virtual Machine"))
            return " Its JVM refused an option, or found no memory for its heap.";
        return switch (status) {
            case ExitStatus.Signalled(int signal) when signal == 9 ->
                    " Somebody killed it, perhaps the kernel for want of memory (see dmesg).";
            case ExitStatus.Signalled(int signal) when signal == 6 || signal == 11 || signal == 7 ->
                    " Its JVM crashed: look for hs_err_pid" + "*.log in its directory.";
            default -> "";
        };
    }

    @Override
    public String toString() {
        ExitStatus status = ended.getNow(null);
        return "ChildProcess '"
                + name
                + "', pid "
                + pid()
                + ", "
                + (status == null ? "running" : status);
    }
}
