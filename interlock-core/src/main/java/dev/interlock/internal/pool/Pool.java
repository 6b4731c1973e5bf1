package dev.interlock.internal.pool;

import dev.interlock.PoolFuture;
import dev.interlock.PoolMapOptions;
import dev.interlock.PoolStatistics;
import dev.interlock.ProcessPool;
import dev.interlock.RunnableTask;
import dev.interlock.Task;
import dev.interlock.TaskBiFunction;
import dev.interlock.TaskFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A pool as its users have it. What it does is in {@link Dispatcher}. */
final class Pool extends AbstractExecutorService implements ProcessPool {
    /* How ExecutorCompletionService wraps a task that it had from newTaskFor: it runs the task, and then tells. */
    private static final String COMPLETION =
            "java.util.concurrent.ExecutorCompletionService$QueueingFuture";

    /* What this thread was made a task for last: the one that a completion service's task is about, which comes next. */
    private static final ThreadLocal<@Nullable PoolTask<?>> LAST_MADE = new ThreadLocal<>();

    private final Dispatcher dispatcher;

    private Pool(Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    static Pool start(PoolSettings settings) {
        return new Pool(Dispatcher.start(settings));
    }

    @Override
    public <T> PoolFuture<T> submit(Task<T> task) {
        return submit((Callable<T>) task);
    }

    @Override
    public <T> PoolFuture<T> submit(Callable<T> task) {
        return given(newTask(task, true, false));
    }

    @Override
    public PoolFuture<?> submit(RunnableTask task) {
        return submit((Runnable) task);
    }

    @Override
    public PoolFuture<?> submit(Runnable task) {
        return given(newTask(task, false, false));
    }

    @Override
    public <T> PoolFuture<T> submit(Runnable task, T result) {
        PoolTask<T> made = newTask(task, false, false);
        made.value = result;
        return given(made);
    }

    @Override
    public <T> CompletableFuture<T> submitAsync(Task<T> task) {
        return submit(task).toCompletableFuture();
    }

    @Override
    public void execute(RunnableTask task) {
        execute((Runnable) task);
    }

    @Override
    public void execute(Runnable task) {
        Objects.requireNonNull(task, "task");
        PoolTask<?> made = LAST_MADE.get();
        LAST_MADE.remove();
        if (task instanceof PoolTask<?> ours && ours.isOf(dispatcher)) {
            dispatcher.dispatch(ours);
        } else if (made != null
                && made.isOf(dispatcher)
                && task.getClass().getName().equals(COMPLETION)) {
            dispatcher.dispatch(made);
            Thread.ofVirtual().name("interlock-completion").start(task); // waits, and then tells
        } else {
            dispatcher.dispatch(newTask(task, false, true));
        }
    }

    @Override
    protected <T> PoolTask<T> newTaskFor(Callable<T> task) {
        PoolTask<T> made = newTask(task, true, false);
        LAST_MADE.set(made);
        return made;
    }

    @Override
    protected <T> PoolTask<T> newTaskFor(Runnable task, T result) {
        PoolTask<T> made = newTask(task, false, false);
        made.value = result;
        LAST_MADE.set(made);
        return made;
    }

    private <T> PoolTask<T> newTask(Object task, boolean hasResult, boolean isUnwatched) {
        Objects.requireNonNull(task, "task");
        dispatcher.requireRunning();
        byte[] message = TaskMessage.ofTask(task, hasResult);
        return new PoolTask<>(dispatcher, task, message, isUnwatched);
    }

    private <T> PoolTask<T> given(PoolTask<T> task) {
        dispatcher.dispatch(task);
        return task;
    }

    @Override
    public <A, R> Stream<R> map(
            TaskFunction<? super A, ? extends R> function,
            Iterable<? extends A> items,
            PoolMapOptions options) {
        return map(function, 1, new ItemSource(items.spliterator(), ItemSource.AS_IS), options);
    }

    @Override
    public <A, R> Stream<R> map(
            TaskFunction<? super A, ? extends R> function,
            Stream<? extends A> items,
            PoolMapOptions options) {
        ItemSource source = new ItemSource(items.sequential().spliterator(), ItemSource.AS_IS);
        Stream<R> results = map(function, 1, source, options);
        return results.onClose(items::close);
    }

    @Override
    public <A, B, R> Stream<R> starmap(
            TaskBiFunction<A, B, R> function,
            Iterable<? extends Record> items,
            PoolMapOptions options) {
        return map(function, 2, new ItemSource(items.spliterator(), Components::of), options);
    }

    @Override
    public <A, B, R> Stream<R> starmap(
            TaskBiFunction<A, B, R> function,
            Stream<? extends Record> items,
            PoolMapOptions options) {
        ItemSource source = new ItemSource(items.sequential().spliterator(), Components::of);
        Stream<R> results = map(function, 2, source, options);
        return results.onClose(items::close);
    }

    private <R> Stream<R> map(
            Object function, int arity, ItemSource source, PoolMapOptions options) {
        Objects.requireNonNull(function, "function");
        dispatcher.requireRunning();
        ChunkMaker maker = new ChunkMaker(dispatcher, function, arity);
        return MapStream.of(new MapRun(dispatcher, maker, source, options));
    }

    @Override
    public <A, R> R apply(TaskFunction<? super A, ? extends R> function, A argument)
            throws InterruptedException, ExecutionException {
        Objects.requireNonNull(function, "function");
        dispatcher.requireRunning();
        PoolTask<R> task = new ChunkMaker(dispatcher, function, 1).taskOf(argument);
        dispatcher.dispatch(task);
        try {
            return task.get();
        } catch (InterruptedException e) {
            boolean _ = task.cancel(true);
            throw e;
        }
    }

    @Override
    public PoolStatistics statistics() {
        return dispatcher.statistics();
    }

    @Override
    public void shutdown() {
        dispatcher.shutdown();
    }

    @Override
    public List<Runnable> shutdownNow() {
        List<Runnable> neverRan = new ArrayList<>();
        for (PoolTask<?> task : dispatcher.shutdownNow()) {
            if (!task.isPart()) neverRan.add(task.asGiven());
        }
        return neverRan;
    }

    @Override
    public void terminate() {
        dispatcher.shutdownNow();
        dispatcher.killAll();
    }

    @Override
    public boolean isShutdown() {
        return dispatcher.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return dispatcher.isEnded();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return dispatcher.awaitEnd(unit.toNanos(timeout));
    }

    @Override
    public String toString() {
        return dispatcher.toString();
    }
}
