package dev.interlock.internal.process;

import dev.interlock.ChildProcess;
import dev.interlock.ExitStatus;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A process that is not a child of this one: this one itself, or its parent. It has no result to give here. */
abstract class RelatedProcess implements ChildProcess<Object> {
    private final String name;
    private final long pid;

    RelatedProcess(String name, long pid) {
        this.name = name;
        this.pid = pid;
    }

    /** Completes when the process has ended. */
    abstract CompletableFuture<Void> end();

    abstract IllegalStateException noResult();

    @Override
    public String name() {
        return name;
    }

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public boolean isAlive() {
        return !end().isDone();
    }

    @Override
    public void join() throws InterruptedException {
        try {
            end().get();
        } catch (ExecutionException | CancellationException e) {
            throw new AssertionError(e); // it is completed with null only
        }
    }

    @Override
    public boolean join(Duration timeout) throws InterruptedException {
        try {
            end().get(Waiting.nanos(timeout), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException | CancellationException e) {
            throw new AssertionError(e); // it is completed with null only
        }
    }

    @Override
    public ExitStatus exitStatus() {
        throw noResult();
    }

    @Override
    public CompletableFuture<ExitStatus> onExit() {
        return end().thenApply(ended -> {
            throw noResult();
        });
    }

    @Override
    public Object get() {
        throw noResult();
    }

    @Override
    public Object get(long timeout, TimeUnit unit) {
        throw noResult();
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
    public String toString() {
        return "process '" + name + "' (pid " + pid + ")";
    }
}
