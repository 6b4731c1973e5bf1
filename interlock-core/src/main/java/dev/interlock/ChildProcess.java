package dev.interlock;

import dev.interlock.internal.process.Children;
import dev.interlock.internal.process.Launch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * A child JVM that runs one task and ends.
 *
 * <p><b>What it gets.</b> The child is a fresh JVM of this JDK with this process's class path or module path, its system
 * properties and most of its JVM options; debuggers, agents and initial heap sizes are left out. The task and what it captures
 * travel by Java serialization; handles to shared objects arrive as handles to the same objects. Statics are those of a fresh JVM.
 * Its standard input is empty. Lines that it prints come out of this process's {@code System.out} and {@code System.err}, each
 * whole, unless the builder says otherwise.
 *
 * <p><b>How it ends.</b> With status 0 when the task has returned and its other non-daemon threads have ended, with 1 and a stack
 * trace on its standard error if the task threw, or as it chose by {@link System#exit}. {@link #get()} answers the task's result, or
 * throws what the task threw.
 *
 * <p><b>What happens when the parent ends.</b> Unless the builder says otherwise, a parent whose main thread has returned waits
 * for its children as for its non-daemon threads, and a child whose parent is killed, halts or calls {@code System.exit} ends by
 * itself, within a second; see {@link Builder#daemon}.
 *
 * <p>Methods are safe for use by many threads.
 *
 * @param <T> the type of the task's result
 */
public interface ChildProcess<T> extends Future<T> {
    /**
     * Starts a process that runs a task.
     *
     * @param <T> the type of the result
     * @param task what to run; a lambda or a method reference will do
     * @return the running process
     * @throws TaskNotSerializableException if the task captures what cannot be sent; nothing is started then
     * @throws ProcessStartException if the process cannot be started
     */
    static <T> ChildProcess<T> start(Task<T> task) {
        return of(task).start();
    }

    /**
     * Starts a process that runs a task without a result.
     *
     * @param action what to run; a lambda or a method reference will do
     * @return the running process
     * @throws TaskNotSerializableException if the task captures what cannot be sent; nothing is started then
     * @throws ProcessStartException if the process cannot be started
     */
    static ChildProcess<Void> start(Action action) {
        return of(action).start();
    }

    /**
     * Describes a process before it is started.
     *
     * @param <T> the type of the result
     * @param task what to run
     * @return a description to change and start
     */
    static <T> Builder<T> of(Task<T> task) {
        return new Launch<>(task);
    }

    /**
     * Describes a process before it is started.
     *
     * @param action what to run
     * @return a description to change and start
     */
    static Builder<Void> of(Action action) {
        return new Launch<>(action);
    }

    /**
     * This process. It cannot be waited for or asked for its exit status.
     *
     * @return this process, whether it is a child or not
     */
    static ChildProcess<?> current() {
        return Children.current();
    }

    /**
     * The process that started this one by this class. Its exit status is not known here.
     *
     * @return the parent, or empty if this is not such a child
     */
    static Optional<ChildProcess<?>> parent() {
        return Children.parent();
    }

    /**
     * The children that this process started and that are alive.
     *
     * @return the children, in the order in which they were started
     */
    static List<ChildProcess<?>> active() {
        return Children.active();
    }

    /**
     * The name: as given, or {@code Process-1}, {@code Process-2}, …, and {@code Process-1:2} for the second child of the first.
     *
     * @return the name
     */
    String name();

    /**
     * The process id.
     *
     * @return the id, in this process's pid namespace
     */
    long pid();

    /**
     * Whether the process has not ended.
     *
     * @return whether it is alive; a stopped process is
     */
    boolean isAlive();

    /**
     * Whether it was started with {@link Builder#daemon daemon(true)}.
     *
     * @return whether it is ended with its parent
     */
    boolean isDaemon();

    /**
     * Waits until the process has ended and all that it printed has been passed on. How it ended makes no difference here.
     *
     * @throws InterruptedException if interrupted, on entry or while waiting; the process is not affected
     */
    void join() throws InterruptedException;

    /**
     * Waits as {@link #join()} does, at most that long.
     *
     * @param timeout how long; zero or less only looks
     * @return whether the process has ended
     * @throws InterruptedException if interrupted, on entry or while waiting; the process is not affected
     */
    boolean join(Duration timeout) throws InterruptedException;

    /**
     * How the process ended. A call of {@link Runtime#halt} with a code above 128 is taken for a signal.
     *
     * @return an exit code or a signal
     * @throws IllegalStateException if it is alive, or is not a child of this process
     */
    ExitStatus exitStatus();

    /** Asks the process to end, by SIGTERM: its shutdown hooks run. Does nothing if it has ended. */
    void terminate();

    /** Ends the process at once, by SIGKILL. Does nothing if it has ended. */
    void kill();

    /** Ends the process and all processes that it started, and those that they started, at once, by SIGKILL. */
    void killTree();

    /**
     * Completes when {@link #join()} would return.
     *
     * @return a future of the exit status
     */
    CompletableFuture<ExitStatus> onExit();

    /**
     * Waits for the end of the process and answers what its task returned.
     *
     * @return the result; null for an action
     * @throws ExecutionException if the task threw: the cause is what it threw, with its own stack trace, and tells in a suppressed
     *     {@link RemoteException} where that was. If that exception cannot be had here, the cause is a {@link RemoteException}; if the
     *     process ended before the task did, a {@link ProcessDiedException}
     * @throws InterruptedException if interrupted, on entry or while waiting; the process is not affected
     */
    @Override
    T get() throws InterruptedException, ExecutionException;

    /**
     * Describes a process before it is started. A builder may start several.
     *
     * @param <T> the type of the task's result
     */
    interface Builder<T> {
        /**
         * Names the process.
         *
         * @param name for people, not necessarily unique
         * @return this
         */
        Builder<T> name(String name);

        /**
         * Says what the end of the parent means.
         *
         * <ul>
         *   <li>{@code true}: the child is ended with its parent, however the parent ends.
         *   <li>{@code false}: the parent, when its main thread has returned, waits for the child; if the parent is killed, halts or
         *       calls {@code System.exit}, the child goes on, and what it prints then is lost unless it is redirected.
         *   <li>not called: the parent waits as with {@code false}, and the child ends with a killed parent as with {@code true}.
         *       A child of a daemon is a daemon.
         * </ul>
         *
         * @param daemon as above
         * @return this
         */
        Builder<T> daemon(boolean daemon);

        /**
         * Adds options of the JVM; they come last and win.
         *
         * @param options as on the command line, as in {@code -Xmx1g}
         * @return this
         */
        Builder<T> jvmOptions(String... options);

        /**
         * Sets a variable of the child's environment, which otherwise is this process's.
         *
         * @param name its name
         * @param value its value
         * @return this
         */
        Builder<T> environment(String name, String value);

        /**
         * Sets variables of the child's environment, which otherwise is this process's.
         *
         * @param variables names and values
         * @return this
         */
        Builder<T> environment(Map<String, String> variables);

        /**
         * Sets the working directory.
         *
         * @param directory must exist
         * @return this
         */
        Builder<T> directory(Path directory);

        /**
         * Puts a text before each line that the child prints through this process.
         *
         * @param prefix as in {@code "worker-1: "}
         * @return this
         */
        Builder<T> outputPrefix(String prefix);

        /**
         * Sends standard output elsewhere.
         *
         * @param target as in {@link ProcessBuilder.Redirect#to}; not a pipe
         * @return this
         */
        Builder<T> redirectOutput(ProcessBuilder.Redirect target);

        /**
         * Sends standard error elsewhere. Reports of the child's death then have no last lines.
         *
         * @param target as in {@link ProcessBuilder.Redirect#to}; not a pipe
         * @return this
         */
        Builder<T> redirectError(ProcessBuilder.Redirect target);

        /**
         * Lets the child write to this process's own standard output and error, not line by line.
         *
         * @return this
         */
        Builder<T> inheritOutput();

        /**
         * Starts the process.
         *
         * @return the running process
         * @throws TaskNotSerializableException if the task captures what cannot be sent; nothing is started then
         * @throws ProcessStartException if the process cannot be started
         */
        ChildProcess<T> start();
    }
}
