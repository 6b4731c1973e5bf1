package dev.interlock;

import dev.interlock.internal.pool.PoolBuilder;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;

/**
 * An executor whose workers are JVMs: a task that crashes, exits or eats all memory takes its worker with it, and nothing else. As
 * {@link java.util.concurrent.ThreadPoolExecutor}, and Python's {@code multiprocessing.Pool} and {@code ProcessPoolExecutor}.
 *
 * {@snippet :
 * try (ProcessPool pool = ProcessPool.of(4)) {
 *     PoolFuture<Integer> answer = pool.submit(() -> 6 * 7);
 *     System.out.println(answer.get());
 * } // waits for all tasks, and ends the workers
 * }
 *
 * <p>Tasks and what they capture, and results, travel by serialization; a worker works on copies. Handles of a {@link Region} arrive as
 * handles of the same memory: a {@link SharedDoubleArray} is passed as itself, and large data had better be passed so. Everything else goes
 * through shared memory, and is copied into it once and out of it once; while a task or result is on its way the machine's shared memory
 * ({@code /dev/shm}) must have room for it.
 *
 * <p><b>Order.</b> Workers begin tasks in the order in which they were submitted; each works on one at a time, on its main thread.
 * What was done before a task was submitted happens-before what the task does, and that happens-before what follows the return of
 * {@link PoolFuture#get()}, as far as shared memory is concerned.
 *
 * <p><b>Death.</b> A worker may die at any instruction: be killed, call {@code System.exit} or {@code halt}, crash in native code, run out
 * of memory (a worker in which a task throws {@link OutOfMemoryError} ends itself, since what is left of that JVM is not to be trusted). Then
 * the task that it was running fails with {@link ProcessDiedException}, or is run again as the {@link RetryPolicy} says. No other task
 * is affected, none is run twice, and another worker takes the place of the dead one. A stack overflow is an exception of the task
 * like others. If this process is killed, its workers end within a second, and the memory goes with them. If workers cannot be
 * started at all (three in a row end before they are ready, or their initializer throws) the pool stops: what it has fails with
 * {@link ProcessStartException}, and it takes no more.
 *
 * <p><b>The end.</b> {@link #close()} and {@link #shutdown()} let all tasks finish. As with any executor, a pool that is not shut down keeps
 * the JVM from ending. Workers are {@link ChildProcess}es of the {@code daemon(true)} kind: when this JVM ends in whatever way, they do.
 * A worker that leaves ends as by {@code System.exit(0)}, also if threads that its tasks started are running; its shutdown hooks had
 * better end, since the pool waits for it.
 *
 * <p>Pools are safe for use by many threads, virtual ones too, and a task may make a pool of its own. A pool belongs to the process that
 * made it and cannot be sent.
 */
public interface ProcessPool extends ExecutorService {
    /**
     * Starts a pool with default options.
     *
     * @param workers how many tasks run at once; 1 to 499
     * @return the pool; its workers are starting
     * @throws IllegalArgumentException if {@code workers} is out of range
     */
    static ProcessPool of(int workers) {
        return builder().workers(workers).start();
    }

    /**
     * Prepares a pool. Nothing happens until {@link Builder#start()}.
     *
     * @return a builder for its options
     */
    static Builder builder() {
        return new PoolBuilder();
    }

    /**
     * Submits a task: what a lambda with a result becomes.
     *
     * @param <T> the type of the result
     * @param task the work; it and what it captured must be serializable
     * @return the future of its result
     * @throws TaskNotSerializableException if something that the task captured cannot be sent; nothing is submitted then
     * @throws RejectedExecutionException if the pool was shut down or has stopped
     * @throws RegionFullException if there is no shared memory for so large a task
     */
    <T> PoolFuture<T> submit(Task<T> task);

    /**
     * Submits a task; as {@link #submit(Task)}, for what is serializable though its type does not say so.
     *
     * @param <T> the type of the result
     * @param task the work
     * @return the future of its result
     * @throws TaskNotSerializableException if it is not serializable, or something that it captured; nothing is submitted then
     * @throws RejectedExecutionException if the pool was shut down or has stopped
     */
    @Override
    <T> PoolFuture<T> submit(Callable<T> task);

    /**
     * Submits a task without a result: what a lambda without one becomes. One that throws checked exceptions is a {@link Task}:
     * let it return null.
     *
     * @param task the work; it and what it captured must be serializable
     * @return the future of its end, whose result is null
     * @throws TaskNotSerializableException if something that the task captured cannot be sent; nothing is submitted then
     * @throws RejectedExecutionException if the pool was shut down or has stopped
     */
    PoolFuture<?> submit(RunnableTask task);

    /**
     * Submits a task without a result; as {@link #submit(RunnableTask)}, for what is serializable though its type does not say so.
     *
     * @param task the work
     * @return the future of its end, whose result is null
     * @throws TaskNotSerializableException if it is not serializable, or something that it captured; nothing is submitted then
     * @throws RejectedExecutionException if the pool was shut down or has stopped
     */
    @Override
    PoolFuture<?> submit(Runnable task);

    /**
     * Submits a task without a result of its own.
     *
     * @param <T> the type of the result
     * @param task the work; must be serializable
     * @param result what the future gives when the task has ended; it stays here
     * @return the future
     * @throws TaskNotSerializableException if the task is not serializable, or something that it captured; nothing is submitted then
     * @throws RejectedExecutionException if the pool was shut down or has stopped
     */
    @Override
    <T> PoolFuture<T> submit(Runnable task, T result);

    /**
     * Submits a task; as {@link #submit(Task)} and {@link PoolFuture#toCompletableFuture()}.
     *
     * @param <T> the type of the result
     * @param task the work; it and what it captured must be serializable
     * @return a future of its result. What hangs on it runs on a thread of its own; cancelling it cancels the task
     */
    <T> CompletableFuture<T> submitAsync(Task<T> task);

    /**
     * Runs a task that nobody waits for. If it fails, the exception goes to the uncaught exception handler of a thread here, which prints
     * it if the program has set no other.
     *
     * @param task the work; it and what it captured must be serializable
     * @throws TaskNotSerializableException if something that the task captured cannot be sent; nothing is submitted then
     * @throws RejectedExecutionException if the pool was shut down or has stopped
     */
    void execute(RunnableTask task);

    /**
     * Runs a task that nobody waits for; as {@link #execute(RunnableTask)}, for what is serializable though its type does not say so. A
     * {@link java.util.concurrent.ExecutorCompletionService} over this pool works, too.
     *
     * @param task the work
     * @throws TaskNotSerializableException if it is not serializable, or something that it captured; nothing is submitted then
     * @throws RejectedExecutionException if the pool was shut down or has stopped
     */
    @Override
    void execute(Runnable task);

    /**
     * Applies a function to all items, in the workers; as {@link #map(TaskFunction, Iterable, PoolMapOptions)} with default options.
     *
     * @param <A> the type of the items
     * @param <R> the type of the results
     * @param function what to apply
     * @param items what to apply it to
     * @return the results, in the order of the items
     */
    default <A, R> Stream<R> map(
            TaskFunction<? super A, ? extends R> function, Iterable<? extends A> items) {
        return map(function, items, PoolMapOptions.defaults());
    }

    /**
     * Applies a function to all items, in the workers; as {@link #map(TaskFunction, Iterable, PoolMapOptions)} with default options.
     *
     * @param <A> the type of the items
     * @param <R> the type of the results
     * @param function what to apply
     * @param items what to apply it to; it is closed with the stream of results
     * @return the results, in the order of the items
     */
    default <A, R> Stream<R> map(
            TaskFunction<? super A, ? extends R> function, Stream<? extends A> items) {
        return map(function, items, PoolMapOptions.defaults());
    }

    /**
     * Applies a function to all items, in the workers: as Python's {@code Pool.imap} and {@code imap_unordered}.
     *
     * {@snippet :
     * try (Stream<String> hashes = pool.map(Files::hash, paths)) {
     *     hashes.forEach(System.out::println);
     * }
     * }
     *
     * <p><b>Lazy.</b> Nothing happens until results are asked for. From then on the thread that asks takes items from the source, some
     * ahead of the results that it has got ({@link PoolMapOptions#lookAhead}), so the source may be endless; no other thread
     * uses it. Items go to the workers in chunks ({@link PoolMapOptions#chunkSize}), each of which is a task of the pool. What travels in one
     * chunk travels together: items, or results, of one chunk that are the same object here are the same object there. Items and
     * results may be null, and are sent as the arguments and results of tasks are.
     *
     * <p><b>Failures.</b> If the function throws, the results of the items before are delivered, and then the stream throws
     * {@link java.util.concurrent.CompletionException}, whose cause is what {@link PoolFuture#get()} would have as one. A worker that dies
     * fails the chunk that it had in hand, if the {@link RetryPolicy} does not say otherwise. What the source throws, or a
     * {@link TaskNotSerializableException} about an item, is thrown as it is, after the results of the items before. With
     * {@link PoolMapOptions#failFast()} a failure is thrown as soon as it is known. In an unordered stream the items before are those whose
     * results came before.
     *
     * <p><b>Giving up.</b> When the stream fails or is closed, what is left is cancelled: chunks that wait never run, those that run
     * are interrupted. So close a stream that is not read to its end; one that nobody has any more is closed by the garbage collector. If the
     * thread that waits for a result is interrupted, on entry or while it waits, all is cancelled and the stream throws
     * {@link java.util.concurrent.CancellationException}; the thread is interrupted still. That it throws, too, if another thread
     * closes the stream, or {@link #shutdownNow()} is called. After {@link #shutdown()} the chunks that the pool has are run and
     * delivered, and then the stream throws {@link RejectedExecutionException}, unless it is at its end.
     *
     * <p>Several streams may be read at once, each by one thread at a time.
     *
     * @param <A> the type of the items
     * @param <R> the type of the results
     * @param function what to apply; it and what it captured must be serializable
     * @param items what to apply it to
     * @param options how
     * @return the results
     * @throws TaskNotSerializableException if something that the function captured cannot be sent
     * @throws RejectedExecutionException if the pool was shut down or has stopped
     */
    <A, R> Stream<R> map(
            TaskFunction<? super A, ? extends R> function,
            Iterable<? extends A> items,
            PoolMapOptions options);

    /**
     * Applies a function to all items, in the workers; as {@link #map(TaskFunction, Iterable, PoolMapOptions)}.
     *
     * @param <A> the type of the items
     * @param <R> the type of the results
     * @param function what to apply; it and what it captured must be serializable
     * @param items what to apply it to; it is closed with the stream of results
     * @param options how
     * @return the results
     * @throws TaskNotSerializableException if something that the function captured cannot be sent
     * @throws RejectedExecutionException if the pool was shut down or has stopped
     */
    <A, R> Stream<R> map(
            TaskFunction<? super A, ? extends R> function,
            Stream<? extends A> items,
            PoolMapOptions options);

    /**
     * Applies a function to the two components of each record; as {@link #starmap(TaskBiFunction, Iterable, PoolMapOptions)} with default options.
     *
     * @param <A> the type of the first component
     * @param <B> the type of the second
     * @param <R> the type of the results
     * @param function what to apply
     * @param items records of two components
     * @return the results, in the order of the items
     */
    default <A, B, R> Stream<R> starmap(
            TaskBiFunction<A, B, R> function, Iterable<? extends Record> items) {
        return starmap(function, items, PoolMapOptions.defaults());
    }

    /**
     * Applies a function to the two components of each record; as {@link #starmap(TaskBiFunction, Iterable, PoolMapOptions)} with default options.
     *
     * @param <A> the type of the first component
     * @param <B> the type of the second
     * @param <R> the type of the results
     * @param function what to apply
     * @param items records of two components; it is closed with the stream of results
     * @return the results, in the order of the items
     */
    default <A, B, R> Stream<R> starmap(
            TaskBiFunction<A, B, R> function, Stream<? extends Record> items) {
        return starmap(function, items, PoolMapOptions.defaults());
    }

    /**
     * Applies a function to the two components of each record, in the workers: as Python's {@code Pool.starmap}, and otherwise as
     * {@link #map(TaskFunction, Iterable, PoolMapOptions)}. The components are sent, not the records. The stream throws
     * {@link IllegalArgumentException} for a record that has not two components, or is null, or whose class is not open to this library.
     *
     * @param <A> the type of the first component
     * @param <B> the type of the second
     * @param <R> the type of the results
     * @param function what to apply; it and what it captured must be serializable
     * @param items records of two components
     * @param options how
     * @return the results
     * @throws TaskNotSerializableException if something that the function captured cannot be sent
     * @throws RejectedExecutionException if the pool was shut down or has stopped
     */
    <A, B, R> Stream<R> starmap(
            TaskBiFunction<A, B, R> function,
            Iterable<? extends Record> items,
            PoolMapOptions options);

    /**
     * Applies a function to the two components of each record; as {@link #starmap(TaskBiFunction, Iterable, PoolMapOptions)}.
     *
     * @param <A> the type of the first component
     * @param <B> the type of the second
     * @param <R> the type of the results
     * @param function what to apply; it and what it captured must be serializable
     * @param items records of two components; it is closed with the stream of results
     * @param options how
     * @return the results
     * @throws TaskNotSerializableException if something that the function captured cannot be sent
     * @throws RejectedExecutionException if the pool was shut down or has stopped
     */
    <A, B, R> Stream<R> starmap(
            TaskBiFunction<A, B, R> function,
            Stream<? extends Record> items,
            PoolMapOptions options);

    /**
     * Applies a function in a worker and waits for the result: as Python's {@code Pool.apply}.
     *
     * @param <A> the type of the argument
     * @param <R> the type of the result
     * @param function what to apply; it and what it captured must be serializable
     * @param argument what to apply it to
     * @return the result
     * @throws ExecutionException if there is none, see {@link PoolFuture#get()}
     * @throws InterruptedException if interrupted on entry or while waiting; the call is cancelled then, and interrupted if it runs
     * @throws TaskNotSerializableException if something that the function captured cannot be sent, or the argument
     * @throws RejectedExecutionException if the pool was shut down or has stopped
     */
    <A, R> R apply(TaskFunction<? super A, ? extends R> function, A argument)
            throws InterruptedException, ExecutionException;

    /**
     * Futures in the order in which they get done: as Python's {@code as_completed}. Takes tasks of pools, processes, completable futures
     * and all others; for those that cannot tell their end, a virtual thread waits. Nothing polls.
     *
     * <p>Those that are done when the first is asked for come first, in the order given; each comes once. If the thread that waits is
     * interrupted, the stream throws {@link java.util.concurrent.CancellationException}, and the thread is interrupted still; the
     * futures go on. Close a stream that is not read to its end.
     *
     * @param <F> the type of the futures
     * @param futures what to wait for
     * @return the futures, which are done: {@link java.util.concurrent.Future#resultNow()} and the like answer at once
     */
    static <F extends Future<?>> Stream<F> asCompleted(Collection<? extends F> futures) {
        return FutureWaits.asCompleted(futures, FutureWaits.NO_LIMIT);
    }

    /**
     * Futures in the order in which they get done; as {@link #asCompleted(Collection)}. When the time is over before all are done, the
     * stream gives those that are and then throws {@link FuturesTimeoutException}.
     *
     * @param <F> the type of the futures
     * @param futures what to wait for
     * @param timeout how long from now on; zero or less for those that are done
     * @return the futures
     */
    static <F extends Future<?>> Stream<F> asCompleted(
            Collection<? extends F> futures, Duration timeout) {
        return FutureWaits.asCompleted(futures, FutureWaits.deadline(timeout));
    }

    /**
     * Waits until one of the futures is done, or for that long: as Python's {@code wait} with {@code FIRST_COMPLETED}. Takes any
     * futures, as {@link #asCompleted(Collection)} does. Returns at once if there are none.
     *
     * @param <F> the type of the futures
     * @param futures what to wait for
     * @param timeout how long; zero or less looks once
     * @return those that are done, and the others
     * @throws InterruptedException if interrupted, on entry or while waiting; the futures go on
     */
    static <F extends Future<?>> DoneAndNotDone<F> waitAny(
            Collection<? extends F> futures, Duration timeout) throws InterruptedException {
        return FutureWaits.await(futures, FutureWaits.deadline(timeout), _ -> true);
    }

    /**
     * Waits until all of the futures are done, or for that long: as Python's {@code wait}. Takes any futures, as
     * {@link #asCompleted(Collection)} does.
     *
     * @param <F> the type of the futures
     * @param futures what to wait for
     * @param timeout how long; zero or less looks once
     * @return those that are done, and the others
     * @throws InterruptedException if interrupted, on entry or while waiting; the futures go on
     */
    static <F extends Future<?>> DoneAndNotDone<F> waitAll(
            Collection<? extends F> futures, Duration timeout) throws InterruptedException {
        return FutureWaits.await(futures, FutureWaits.deadline(timeout), _ -> false);
    }

    /**
     * Waits until all of the futures are done or one has failed, or for that long: as Python's {@code wait} with
     * {@code FIRST_EXCEPTION}. One that was cancelled is done and has not failed. Takes any futures, as
     * {@link #asCompleted(Collection)} does.
     *
     * @param <F> the type of the futures
     * @param futures what to wait for
     * @param timeout how long; zero or less looks once
     * @return those that are done, and the others
     * @throws InterruptedException if interrupted, on entry or while waiting; the futures go on
     */
    static <F extends Future<?>> DoneAndNotDone<F> waitAllOrFailure(
            Collection<? extends F> futures, Duration timeout) throws InterruptedException {
        return FutureWaits.await(
                futures,
                FutureWaits.deadline(timeout),
                future -> future.state() == Future.State.FAILED);
    }

    /**
     * What the pool is doing. Each task's end, and each worker's coming and going, is also told to Flight Recorder while somebody records, as
     * {@code dev.interlock.PoolTask} and {@code dev.interlock.PoolWorker}.
     *
     * @return counts and workers, of one moment
     */
    PoolStatistics statistics();

    /**
     * Takes no more tasks, cancels those that no worker has begun, and interrupts those that run. Does not wait for them; one that
     * ignores the interrupt goes on: see {@link #terminate()}.
     *
     * @return those that never ran, as they were given: to be run here, or by another pool
     */
    @Override
    List<Runnable> shutdownNow();

    /**
     * Does what {@link #shutdownNow()} does, and kills the workers: tasks that run fail with {@link ProcessDiedException}.
     * Does not wait; {@link #awaitTermination} does.
     */
    void terminate();

    /** The options of a pool. Not safe for use by several threads at once. May start several pools. */
    interface Builder {
        /**
         * Sets how many workers there are at most, and so how many tasks run at once.
         *
         * @param count 1 to 499; by default the number of available processors
         * @return this
         */
        Builder workers(int count);

        /**
         * Sets how many workers there are at least. The others are started when there are tasks for them, and leave as
         * {@link #idleTimeout} says.
         *
         * @param count 0 or more; by default as many as {@link #workers}
         * @return this
         */
        Builder minWorkers(int count);

        /**
         * Lets workers leave that were not needed for that long, down to {@link #minWorkers}.
         *
         * @param timeout more than zero; by default they stay
         * @return this
         */
        Builder idleTimeout(Duration timeout);

        /**
         * Keeps so many JVMs more that have started and run the initializer, and take the place of a worker that is gone at once. An idle
         * one takes no CPU and some 40 MB of memory, half of it shared with others. (To start whole pools quickly, see
         * {@link ChildProcess#prestart}, whose spares become workers if no JVM options or environment are set.)
         *
         * @param count 0 or more, with the workers together less than 500; by default 0
         * @return this
         */
        Builder spares(int count);

        /**
         * Sets what each worker does before its first task. A worker whose initializer throws ends, and if three do so in a row the
         * pool stops, with that exception as the reason.
         *
         * @param action the work; it and what it captured must be serializable
         * @return this
         */
        Builder initializer(Action action);

        /**
         * Lets a worker end after so many tasks, and another take its place: a remedy for tasks that leave things behind.
         *
         * @param count 1 or more; by default there is no limit
         * @return this
         */
        Builder tasksPerWorker(int count);

        /**
         * Adds JVM options of the workers, as in {@code -Xss4m}.
         *
         * @param options options, each one argument
         * @return this
         */
        Builder jvmOptions(String... options);

        /**
         * Sets an environment variable of the workers.
         *
         * @param variable its name
         * @param value its value
         * @return this
         */
        Builder environment(String variable, String value);

        /**
         * Limits a worker's memory. Its heap can be no larger ({@code -Xmx}, unless {@link #jvmOptions} has one): a task that needs more
         * fails with its worker. And a worker that is larger than that altogether when a task has ended, be it by native memory,
         * is replaced by another.
         *
         * @param bytes 1 MiB or more; by default the JVM's own limit, a quarter of the machine's memory
         * @return this
         */
        Builder memoryLimit(long bytes);

        /**
         * Limits how long a task may run. One that takes longer is interrupted, and if it has not ended when the {@link #interruptGrace} is
         * over, its worker is killed. It fails with a {@link java.util.concurrent.TimeoutException} either way.
         *
         * @param limit more than zero, from when a worker begins the task; by default there is none
         * @return this
         */
        Builder taskTimeLimit(Duration limit);

        /**
         * Sets how long a task that is over its limit has, from its interrupt on, before its worker is killed.
         *
         * @param grace zero or more; by default a second
         * @return this
         */
        Builder interruptGrace(Duration grace);

        /**
         * Sets which failed tasks are run again.
         *
         * @param policy asked for each failure; by default {@link RetryPolicy#never()}
         * @return this
         */
        Builder retryPolicy(RetryPolicy policy);

        /**
         * Sets the name, which threads, workers and messages show.
         *
         * @param text some text in one line; by default {@code pool-1} and so on
         * @return this
         */
        Builder name(String text);

        /**
         * Starts the pool. Its workers come up in the background.
         *
         * @return the pool
         * @throws IllegalArgumentException if the numbers contradict each other
         * @throws TaskNotSerializableException if the initializer cannot be sent; nothing is started then
         */
        ProcessPool start();
    }
}
