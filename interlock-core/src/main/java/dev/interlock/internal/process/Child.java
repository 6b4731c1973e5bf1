package dev.interlock.internal.process;

import dev.interlock.ChildProcess;
import dev.interlock.ExitStatus;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/*
 * Life     start   -> the waiter thread sleeps in waitFor
 *          exit    -> it waits for the output, reads and removes the report, closes the pipe, removes the child from Processes, and
 *                     only then tells: whoever sees the end finds nothing left to do or to clean up. `exit` comes last, since
 *                     completing it runs what users hung on it, which may wait for the others.
 * The waiter is not a daemon thread unless the child is: so this JVM waits for its children as it waits for its threads.
 */
/** A parent's handle of its child. */
final class Child<T> implements ChildProcess<T> {
    private final ChildNote note;
    private final Process process;
    private final List<OutputPump> pumps;
    private final DeathReport deathReport;
    private final String ancestry;
    private final @Nullable ClassLoader loader; // where the task's classes are
    private final List<Path> files; // removed at the end

    // written by the waiter, in this order; `settled` by cancel, too
    private volatile @Nullable ExitStatus status;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final CountDownLatch settled = new CountDownLatch(1);
    private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();

    private final AtomicBoolean cancelled = new AtomicBoolean();
    private volatile boolean killed; // set by kill
    private volatile Report report = Report.NONE; // written by the waiter before `status`
    private @Nullable Outcome outcome; // guarded by this; made from the report when first asked for

    Child(
            ChildNote note,
            Process process,
            List<OutputPump> pumps,
            DeathReport deathReport,
            String ancestry,
            @Nullable ClassLoader loader,
            List<Path> files) {
        this.note = note;
        this.process = process;
        this.pumps = List.copyOf(pumps);
        this.deathReport = deathReport;
        this.ancestry = ancestry;
        this.loader = loader;
        this.files = List.copyOf(files);
    }

    /** Starts to wait for the process, on a thread of its own. */
    void watch() {
        for (OutputPump pump : pumps) Threads.start("interlock-output-" + note.name(), true, pump);
        Threads.start("interlock-wait-" + note.name(), !note.mode().keepsParent(), this::awaitEnd);
    }

    private void awaitEnd() {
        OwnedFile.collectLeftovers();
        int code = Threads.uninterruptibly(process::waitFor);
        try {
            for (OutputPump pump : pumps) Threads.uninterruptibly(pump::awaitDelivery);
            report = Report.read(Path.of(note.report()), Path.of(note.spareReport()));
            cleanUp();
        } finally {
            tell(code);
        }
    }

    private void tell(int code) {
        Processes.remove(this);
        ExitStatus itsStatus = ExitCode.toStatus(code, report.exitedInOrder(), killed);
        status = itsStatus;
        ended.countDown();
        settled.countDown();
        exit.complete(itsStatus);
    }

    /* The pumps close what they read: if a process still holds the pipe open, its lines keep coming. */
    private void cleanUp() {
        close(process.getOutputStream());
        files.forEach(OwnedFile::delete);
    }

    private static void close(Closeable stream) {
        try {
            stream.close();
        } catch (IOException e) {
            // it was the pipe to a dead process
        }
    }

    DaemonMode mode() {
        return note.mode();
    }

    /**
     * Says something to the task, once it has begun. A pipe takes thousands of these before it is full.
     *
     * @throws IOException if the process is dead
     */
    void say(byte[] message) throws IOException {
        OutputStream pipe = process.getOutputStream();
        synchronized (pipe) {
            pipe.write(message);
            pipe.flush();
        }
    }

    /** Ends the process at once, if the start cannot be completed. */
    void abandon() {
        process.destroyForcibly();
        Threads.uninterruptibly(process::waitFor);
        cleanUp();
        Processes.remove(this);
    }

    @Override
    public String name() {
        return note.name();
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public boolean isAlive() {
        return status == null;
    }

    @Override
    public boolean isDaemon() {
        return note.mode() == DaemonMode.DAEMON;
    }

    @Override
    public void join() throws InterruptedException {
        ended.await();
    }

    @Override
    public boolean join(Duration timeout) throws InterruptedException {
        return ended.await(Waiting.nanos(timeout), TimeUnit.NANOSECONDS);
    }

    void awaitUntil(long deadline) {
        Threads.uninterruptibly(
                () -> ended.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS));
    }

    @Override
    public ExitStatus exitStatus() {
        ExitStatus known = status;
        if (known == null) {
            throw new IllegalStateException(
                    this
                            + " is running and has no exit status. Call join() first, or ask isAlive().");
        }
        return known;
    }

    /* Process.destroy would also close the pipes, and lose what the shutdown hooks print. */
    @Override
    public void terminate() {
        process.toHandle().destroy();
    }

    @Override
    public void kill() {
        killed = true;
        process.toHandle().destroyForcibly();
    }

    @Override
    public void killTree() {
        killed = true;
        ProcessTree.kill(process.toHandle(), ancestry);
    }

    @Override
    public CompletableFuture<ExitStatus> onExit() {
        return exit.copy();
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        settled.await();
        return result();
    }

    @Override
    public T get(long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (!settled.await(timeout, unit)) {
            throw new TimeoutException(this + " has not ended within " + timeout + " " + unit);
        }
        return result();
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // the child ran a Task<T>; null is a result, too
    private T result() throws ExecutionException {
        if (cancelled.get()) throw new CancellationException(this + " was cancelled");
        return (T) outcome().get();
    }

    private synchronized Outcome outcome() {
        if (outcome == null) outcome = makeOutcome();
        return outcome;
    }

    private Outcome makeOutcome() {
        byte[] failure = report.failure();
        if (failure != null) return Outcome.ofFailure(failure, toString(), loader);
        byte[] result = report.result();
        if (result != null) return Outcome.ofResult(result, toString(), loader);
        return Outcome.failed(deathReport.exception(name(), pid(), exitStatus(), report));
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (!isAlive() || !cancelled.compareAndSet(false, true)) return false;
        settled.countDown();
        if (mayInterruptIfRunning) endForCancel();
        return true;
    }

    private void endForCancel() {
        terminate();
        Threads.start(
                "interlock-cancel-" + note.name(),
                true,
                () -> {
                    awaitUntil(System.nanoTime() + EndOfParent.GRACE_NANOS);
                    if (isAlive()) kill();
                });
    }

    @Override
    public boolean isCancelled() {
        return cancelled.get();
    }

    @Override
    public boolean isDone() {
        return !isAlive() || isCancelled();
    }

    @Override
    public String toString() {
        return "process '" + note.name() + "' (pid " + pid() + ")";
    }
}
