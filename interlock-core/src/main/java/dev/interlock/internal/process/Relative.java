package dev.interlock.internal.process;

import dev.interlock.ChildProcess;
import dev.interlock.ExitStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process that this one did not start: itself or its parent. It can be named and waited for, not asked how it ended.
 *
 * @param name its name
 * @param pid its id
 * @param handle its handle; empty if it has ended
 * @param isDaemon whether it ends with its own parent
 */
record Relative(String name, long pid, Optional<ProcessHandle> handle, boolean isDaemon)
        implements ChildProcess<Object> {

    Relative(String name, ProcessHandle handle, boolean isDaemon) {
        this(name, handle.pid(), Optional.of(handle), isDaemon);
    }

    @Override
    public boolean isAlive() {
        return handle.isPresent() && handle.get().isAlive();
    }

    private ProcessHandle other() {
        return handle.filter(process -> process.pid() != ProcessHandle.current().pid())
                .orElseThrow(this::notPossible);
    }

    private IllegalStateException notPossible() {
        return new IllegalStateException(
                "Process '"
                        + name
                        + "' (pid "
                        + pid
                        + ") was not started by this process, or is this process itself.");
    }

    @Override
    public void join() throws InterruptedException {
        if (Thread.interrupted()) throw new InterruptedException();
        if (handle.isEmpty()) return;
        try {
            other().onExit().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean join(Duration timeout) throws InterruptedException {
        if (Thread.interrupted()) throw new InterruptedException();
        if (handle.isEmpty()) return true;
        try {
            other().onExit().get(Math.max(0, timeout.toMillis()), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public ExitStatus exitStatus() {
        throw notPossible();
    }

    @Override
    public void terminate() {
        other().destroy();
    }

    @Override
    public void kill() {
        other().destroyForcibly();
    }

    @Override
    public void killTree() {
        throw notPossible();
    }

    @Override
    public CompletableFuture<ExitStatus> onExit() {
        throw notPossible();
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return false;
    }

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public boolean isDone() {
        return !isAlive();
    }

    @Override
    public Object get() {
        throw notPossible();
    }

    @Override
    public Object get(long timeout, TimeUnit unit) {
        throw notPossible();
    }
}
