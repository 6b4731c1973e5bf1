package dev.interlock;

import dev.interlock.internal.process.Launch;
import dev.interlock.internal.process.Processes;
import dev.interlock.internal.process.Spares;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A child JVM that runs one task, and the future of the task's result.
 *
 * {@snippet :
 * ChildProcess<Integer> child = ChildProcess.start(() -> 6 * 7);
 * int answer = child.get();                     // waits for the child to end
 * }
 *
 * <p>The child is a JVM of the same JDK with the class path or module path, the system properties ({@code -D}), the module options
 * and the assertion options that this JVM was started with. Heap sizes, agents, debuggers and JMX ports are not passed on: give what a
 * child needs with {@link Builder#jvmOptions}. The task and what it captured travel by Java serialization; the child works on copies.
 * Its standard input is empty. What it prints comes out of this process's {@link System#out} and {@link System#err}, in whole lines.
 *
 * <h2>Who outlives whom</h2>
 *
 * <p>An <em>orderly end</em> of a program is: its main method returned and its non-daemon threads ended.
 *
 * <table>
 * <caption>What happens to a child when its parent ends</caption>
 * <tr><th>parent's end</th><th>{@code daemon} not given</th><th>{@code daemon(true)}</th><th>{@code daemon(false)}</th></tr>
 * <tr><td>orderly</td><td>the parent waits for the child</td><td>the child is terminated</td><td>the parent waits for the child</td></tr>
 * <tr><td>{@code System.exit}, SIGTERM, SIGINT</td><td>the child is terminated</td><td>the child is terminated</td><td>the child goes on</td></tr>
 * <tr><td>killed (SIGKILL), crashed, halted</td><td>the child ends by itself</td><td>the child ends by itself</td><td>the child goes on</td></tr>
 * </table>
 *
 * <p><em>Terminated</em> is SIGTERM: shutdown hooks run; a child that is not gone 5 seconds later is killed. <em>Ends by itself</em>
 * means that the child notices the parent's death at once (a pipe between them closes), runs its shutdown hooks for at most 5 seconds,
 * and is gone. A stopped parent (SIGSTOP) is not dead. A child that goes on can no longer print through its dead parent: give it
 * {@link Builder#redirectOutput} or {@link Builder#inheritOutput}. If {@code daemon} is not given and this process is itself a
 * {@code daemon(true)} child, the new child is {@code daemon(true)} too.
 *
 * <h2>Threads</h2>
 *
 * <p>All methods may be called by any thread. A handle belongs to the process that started the child and cannot be sent to another one.
 * What the task did in the child happens-before {@link #join()} or {@link #get()} returns here, as far as shared memory is concerned.
 * The child is waited for by a thread of its own: a child that nobody joins leaves no zombie, no open file and no thread behind.
 *
 * @param <T> the type of the task's result
 */
public non-sealed interface ChildProcess<T> extends Future<T>, Waitable {
    /**
     * Starts a child that runs {@code task}, with a default name and default options.
     *
     * @param <T> the type of the result
     * @param task the work; it and what it captured must be serializable
     * @return the running child
     * @throws TaskNotSerializableException if something that the task captured cannot be sent; no process is started
     * @throws ProcessStartException if the operating system does not start the process
     */
    static <T> ChildProcess<T> start(Task<T> task) {
        return of(task).start();
    }

    /**
     * Starts a child that runs {@code action}, with a default name and default options.
     *
     * @param action the work; it and what it captured must be serializable
     * @return the running child; its result is null
     * @throws TaskNotSerializableException if something that the action captured cannot be sent; no process is started
     * @throws ProcessStartException if the operating system does not start the process
     */
    static ChildProcess<Void> start(Action action) {
        return of(action).start();
    }

    /**
     * Prepares a child that will run {@code task}. Nothing happens until {@link Builder#start()}.
     *
     * @param <T> the type of the result
     * @param task the work
     * @return a builder for its options
     */
    static <T> Builder<T> of(Task<T> task) {
        return Launch.of(task);
    }

    /**
     * Prepares a child that will run {@code action}. Nothing happens until {@link Builder#start()}.
     *
     * @param action the work
     * @return a builder for its options
     */
    static Builder<Void> of(Action action) {
        return Launch.of(action);
    }

    /**
     * Keeps {@code count} spare JVMs from now on, started and warmed, so that a child has to be handed a task only, and its JVM
     * need not start. A child that is started with default options ({@link Builder#name}, {@link Builder#daemon} and
     * {@link Builder#outputPrefix} apart) is run by a spare if one is ready, and by a new JVM otherwise; another spare takes its place
     * in the background. A spare runs one task and ends, so the task finds the program's classes as fresh as in any child.
     *
     * <p>An idle spare takes no CPU and some 40 MB of memory, half of it shared with others, and ends with this process, however that
     * ends. It was started with the class path as it was then, and in process listings it keeps the name {@code interlock-spare}.
     *
     * @param count how many; 0 ends those that are waiting
     * @return completes when they are ready; with a {@link ProcessStartException} if they cannot be started. It need not be waited for
     * @throws IllegalArgumentException if {@code count} is negative
     * @throws IllegalStateException if this JVM is ending
     */
    static CompletableFuture<Void> prestart(int count) {
        if (count < 0)
            throw new IllegalArgumentException(
                    "Cannot keep " + count + " spare processes. Give 0 or more.");
        return Spares.keep(count);
    }

    /**
     * This process, seen as others see it. It has a name and a process id and is alive; a process cannot wait for itself, end itself
     * through this handle (call {@code System.exit}) or ask for its own result: those methods throw {@code IllegalStateException}.
     *
     * @return this process; its name is {@code MainProcess} unless it was started by a {@code ChildProcess}
     */
    static ChildProcess<?> current() {
        return Processes.current();
    }

    /**
     * The process that started this one. Its end can be waited for ({@link #join()}, {@link #onExit()}), but its exit status and
     * result are not known here: {@link #exitStatus()} and {@link #get()} throw {@code IllegalStateException}, and the value of
     * {@link #onExit()} fails with one.
     *
     * @return the parent, dead or alive; empty if this process was not started by a {@code ChildProcess}
     */
    static Optional<ChildProcess<?>> parent() {
        return Processes.parent();
    }

    /**
     * The children of this process that have not ended.
     *
     * @return a snapshot, in the order of their start
     */
    static List<ChildProcess<?>> active() {
        return Processes.active();
    }

    /**
     * The name of the process. By default it is numbered through the generations, as in {@code Process-2} for the second child of the
     * program and {@code Process-2:1} for that one's first child.
     *
     * @return the name
     */
    String name();

    /**
     * The process id given by the operating system.
     *
     * @return the process id, also after the end; another process may have it then
     */
    long pid();

    /**
     * Whether the process has not ended, or its last output is still being delivered. Once false, {@link #exitStatus()} answers.
     *
     * @return true until the process has ended
     */
    boolean isAlive();

    /**
     * Whether the process is terminated when its parent ends: {@code daemon(true)} was given or inherited.
     *
     * @return false if {@code daemon} was not given or false
     */
    boolean isDaemon();

    /**
     * Waits until the process has ended. All lines that it printed have then appeared in this process's output; only if somebody else
     * (such as a process that it started with inherited output) still holds its output open and is silent, this waits no longer than a
     * second for more. Does not throw if the task failed: see {@link #exitStatus()} and {@link #get()}.
     *
     * @throws InterruptedException if interrupted on entry or while waiting; the child is not affected
     * @throws IllegalStateException if this is the {@link #current()} process
     */
    void join() throws InterruptedException;

    /**
     * Waits until the process has ended, for at most {@code timeout}. A zero or negative timeout only looks.
     *
     * @param timeout how long to wait
     * @return true if the process has ended, false if the time ran out
     * @throws InterruptedException if interrupted on entry or while waiting; the child is not affected
     * @throws IllegalStateException if this is the {@link #current()} process
     */
    boolean join(Duration timeout) throws InterruptedException;

    /**
     * How the process ended.
     *
     * @return exit code or signal
     * @throws IllegalStateException if it has not ended
     */
    ExitStatus exitStatus();

    /**
     * Asks the process to end, with SIGTERM: its shutdown hooks run, {@code finally} blocks do not. Returns at once. No effect if it has
     * ended. Its own children end with it unless they are {@code daemon(false)}.
     */
    void terminate();

    /**
     * Ends the process, with SIGKILL: nothing of it runs any more. Returns at once. No effect if it has ended. Its own children end by
     * themselves unless they are {@code daemon(false)}.
     */
    void kill();

    /**
     * Kills the process and all that it started, and what those started, including {@code daemon(false)} children and programs that are
     * not JVMs. Works after the process itself has ended, too. Descendants are found by parentage and by an environment variable
     * ({@code INTERLOCK_ANCESTRY}) that they inherit; one that has left its parent and cleared its environment is not found.
     */
    void killTree();

    /**
     * A future of the process's end, to combine many. Completing or cancelling it has no effect on the process. Stages that hang on it
     * run on the thread that waits for the child: keep them short, or use the {@code Async} forms.
     *
     * @return a new future of the exit status
     */
    CompletableFuture<ExitStatus> onExit();

    /**
     * Waits until the process has ended, and gives the result of its task.
     *
     * @return the result; null for an {@link Action}
     * @throws ExecutionException if there is none. Its cause is the exception that the task threw, with its class and remote stack
     *     trace; or a {@link RemoteException} if that cannot be rebuilt here; or {@link TaskNotSerializableException} if the task or its
     *     result could not be sent; or {@link ProcessDiedException} if the process ended in another way, be it {@code System.exit(0)}
     * @throws InterruptedException if interrupted on entry or while waiting; the child is not affected
     * @throws java.util.concurrent.CancellationException if it was cancelled
     */
    @Override
    T get() throws InterruptedException, ExecutionException;

    /**
     * As {@link #get()}, waiting for at most {@code timeout}. A zero or negative timeout only looks.
     *
     * @throws TimeoutException if the process has not ended in time; it goes on
     */
    @Override
    T get(long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException;

    /**
     * Gives up the result. {@link #get()} throws {@code CancellationException} from now on; {@link #join()} and {@link #exitStatus()}
     * still speak of the process itself.
     *
     * @param mayInterruptIfRunning true to end the process: SIGTERM, and SIGKILL if it is not gone 5 seconds later; false to leave it
     *     running
     * @return false if the process has ended already or was cancelled before
     */
    @Override
    boolean cancel(boolean mayInterruptIfRunning);

    /**
     * Whether {@link #cancel} took effect.
     *
     * @return true if cancelled
     */
    @Override
    boolean isCancelled();

    /**
     * Whether {@link #get()} returns or throws without waiting: the process has ended or was cancelled.
     *
     * @return true if done
     */
    @Override
    boolean isDone();

    /**
     * The options of a child. Not safe for use by several threads at once. May start several children, each with the same options.
     *
     * @param <T> the type of the task's result
     */
    interface Builder<T> {
        /**
         * Sets the name, which error messages, {@link #current()} and process listings show. Names need not be unique.
         *
         * @param name any text without line breaks or NUL
         * @return this
         */
        Builder<T> name(String name);

        /**
         * Says what happens to the child when this process ends; see the table above. Not calling this is a third way.
         *
         * @param daemon true to end with this process, false to outlive even its violent death
         * @return this
         */
        Builder<T> daemon(boolean daemon);

        /**
         * Adds JVM options, as in {@code -Xmx256m}. They come last on the command line and win over what is passed on.
         *
         * @param options options, each one argument
         * @return this
         */
        Builder<T> jvmOptions(String... options);

        /**
         * Sets an environment variable in the child, on top of this process's environment.
         *
         * @param name the variable
         * @param value its value
         * @return this
         */
        Builder<T> environment(String name, String value);

        /**
         * Sets environment variables in the child, on top of this process's environment.
         *
         * @param environment variables and their values
         * @return this
         */
        Builder<T> environment(Map<String, String> environment);

        /**
         * Sets the working directory. Relative entries of this process's class path and module path keep their meaning.
         *
         * @param directory an existing directory
         * @return this
         */
        Builder<T> directory(Path directory);

        /**
         * Puts {@code prefix} before each line of output that comes through this process.
         *
         * @param prefix as in {@code "[worker-1] "}
         * @return this
         */
        Builder<T> outputPrefix(String prefix);

        /**
         * Sends standard output elsewhere: to a file, {@link ProcessBuilder.Redirect#DISCARD}, or
         * {@link ProcessBuilder.Redirect#INHERIT}. {@link ProcessBuilder.Redirect#PIPE} is the default, lines through
         * {@link System#out}.
         *
         * @param target where to
         * @return this
         */
        Builder<T> redirectOutput(ProcessBuilder.Redirect target);

        /**
         * Sends standard error elsewhere, as {@link #redirectOutput} does for standard output. Exit reports then cannot quote it.
         *
         * @param target where to
         * @return this
         */
        Builder<T> redirectError(ProcessBuilder.Redirect target);

        /**
         * Hands this process's standard output and error to the child as they are. Lines of several processes may then mix, System.setOut
         * has no effect on it, and it goes on after this process's end.
         *
         * @return this
         */
        Builder<T> inheritOutput();

        /**
         * Starts the child. Returns as soon as the operating system has made the process; its JVM is then still starting. Large captured
         * data is sent in the background; it was copied, so changes made after this call are not seen by the child.
         *
         * @return the running child
         * @throws TaskNotSerializableException if something that the task captured cannot be sent; no process is started
         * @throws ProcessStartException if the operating system does not start the process: no such directory, no java launcher in this
         *     JDK, too many processes
         */
        ChildProcess<T> start();
    }
}
