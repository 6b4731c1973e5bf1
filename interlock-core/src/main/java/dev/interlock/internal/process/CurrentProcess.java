package dev.interlock.internal.process;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** This process. */
final class CurrentProcess extends RelatedProcess {
    static final CurrentProcess INSTANCE = new CurrentProcess();

    private final CompletableFuture<Void> never = new CompletableFuture<>();

    private CurrentProcess() {
        super(Self.name(), ProcessHandle.current().pid());
    }

    @Override
    CompletableFuture<Void> end() {
        return never;
    }

    @Override
    public boolean isDaemon() {
        return Self.isDaemon();
    }

    @Override
    public void join() {
        throw new IllegalStateException(
                "A process cannot wait for its own end. Join its handle in its parent.");
    }

    @Override
    public boolean join(Duration timeout) {
        throw new IllegalStateException(
                "A process cannot wait for its own end. Join its handle in its parent.");
    }

    @Override
    public void terminate() {
        throw endIt();
    }

    @Override
    public void kill() {
        throw endIt();
    }

    @Override
    public void killTree() {
        throw endIt();
    }

    private static IllegalStateException endIt() {
        return new IllegalStateException(
                "A process cannot be ended through its own handle. Call System.exit, or Runtime.halt to skip shutdown hooks.");
    }

    @Override
    IllegalStateException noResult() {
        return new IllegalStateException(
                "This process is running, and its result is given to its parent. Ask the handle that the parent has.");
    }
}
