package dev.interlock;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** A child JVM. @param <T> the result of its task */
public interface ChildProcess<T> extends Future<T> {
    static <T> ChildProcess<T> start(Task<T> task) {
        throw new UnsupportedOperationException();
    }

    static ChildProcess<Void> start(Action action) {
        throw new UnsupportedOperationException();
    }

    static <T> Builder<T> of(Task<T> task) {
        throw new UnsupportedOperationException();
    }

    static Builder<Void> of(Action action) {
        throw new UnsupportedOperationException();
    }

    static ChildProcess<?> current() {
        throw new UnsupportedOperationException();
    }

    static Optional<ChildProcess<?>> parent() {
        throw new UnsupportedOperationException();
    }

    static List<ChildProcess<?>> active() {
        throw new UnsupportedOperationException();
    }

    String name();

    long pid();

    boolean isAlive();

    boolean isDaemon();

    void join() throws InterruptedException;

    boolean join(Duration timeout) throws InterruptedException;

    ExitStatus exitStatus();

    void terminate();

    void kill();

    void killTree();

    CompletableFuture<ExitStatus> onExit();

    interface Builder<T> {
        Builder<T> name(String name);

        Builder<T> daemon(boolean daemon);

        Builder<T> jvmOptions(String... options);

        Builder<T> environment(String name, String value);

        Builder<T> environment(Map<String, String> environment);

        Builder<T> directory(Path directory);

        Builder<T> outputPrefix(String prefix);

        Builder<T> redirectOutput(ProcessBuilder.Redirect target);

        Builder<T> redirectError(ProcessBuilder.Redirect target);

        Builder<T> inheritOutput();

        ChildProcess<T> start();
    }
}
