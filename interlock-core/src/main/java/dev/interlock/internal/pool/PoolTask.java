package dev.interlock.internal.pool;

import dev.interlock.PoolFuture;
import dev.interlock.RunnableTask;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/*
 * Where it is   new -> waits in the parent -> has a slot: in the queue, or begun -> settled
 *                      ^------------------------ to be run again
 * The pool's lock guards all but `settled`, which is completed outside of it, once.
 */
/** A task given to a pool, and the future of its result. */
final class PoolTask<T> implements PoolFuture<T>, RunnableFuture<T> {
    private static final Executor CALLBACKS =
            task -> Thread.ofVirtual().name("interlock-callback").start(task);

    private final Dispatcher pool;
    final String className; // of the task
    private final @Nullable ClassLoader loader; // of its class
    final boolean isUnwatched; // nobody has the future

    /** Completed with what became of the task, or cancelled. Only what is ours hangs on it, and does not wait for anything. */
    final CompletableFuture<Answer> settled = new CompletableFuture<>();

    @Nullable T value; // to be the result in place of what the worker gives; set before the task is
    // given away

    // guarded by the pool's lock
    byte @Nullable [] message; // null when it is not needed any more
    int slot = -1;
    long ticket;
    long givenNanos; // when the pool took it, or took it again
    int ended; // attempts that came to an end
    volatile boolean isGiven; // to the pool
    boolean isOver; // settled or cancelled, or about to be so
    private @Nullable Object task; // as the user gave it; null when it is not needed any more
    boolean isOverdue; // ran longer than it may, and was interrupted for that

    PoolTask(Dispatcher pool, Object task, byte[] message, boolean isUnwatched) {
        this.pool = pool;
        this.task = task;
        this.className = task.getClass().getName();
        this.loader = task.getClass().getClassLoader();
        this.message = message;
        this.isUnwatched = isUnwatched;
    }

    boolean isOf(Dispatcher pool) {
        return this.pool == pool;
    }

    /** Of a task that has not been given away for the last time. */
    byte[] message() {
        return Objects.requireNonNull(message);
    }

    @Nullable ClassLoader loader() {
        return loader;
    }

    /** Lets go of what was sent, which may be large, while the future may be kept for long. */
    void forget() {
        message = null;
        task = null;
    }

    /** Called by the pool, once, unless it was cancelled before. */
    void settle(Answer answer) {
        settled.complete(answer);
        if (isUnwatched && answer.mayHaveFailed()) CALLBACKS.execute(() -> tell(answer));
    }

    /* Nobody will ask for the failure of what was executed; so it goes where uncaught exceptions go. */
    private static void tell(Answer answer) {
        Throwable failure = answer.failure();
        if (failure == null) return;
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
    }

    /** Whether it is a part of something larger, or was made here: nobody has given it as a task. */
    boolean isPart() {
        return !(task instanceof Runnable || task instanceof Callable);
    }

    /** The task as its user would run it; from now on it is nobody else's. */
    Runnable asGiven() {
        if (task instanceof Runnable runnable) return runnable;
        Callable<?> callable = (Callable<?>) Objects.requireNonNull(task);
        return (RunnableTask)
                () -> {
                    try {
                        callable.call();
                    } catch (RuntimeException e) {
                        throw e;
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                };
    }

    /** Gives itself to the pool and waits; so it can be run by whoever was given it as a {@code Runnable}. */
    @Override
    public void run() {
        try {
            if (!isGiven) pool.dispatch(this);
        } catch (RuntimeException e) { // nobody else is told
            settle(Answer.failed(e));
        }
        try {
            settled.join();
        } catch (CancellationException e) {
            // it is done
        }
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        if (!isDone()) pool.lookFor(this, Long.MAX_VALUE);
        return result(settled.get());
    }

    @Override
    public T get(long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        long nanos = Math.max(0, unit.toNanos(timeout));
        long began = System.nanoTime();
        if (nanos > 0 && !isDone()) pool.lookFor(this, nanos);
        long left = nanos - (System.nanoTime() - began);
        return result(settled.get(left, TimeUnit.NANOSECONDS));
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // the worker ran a Task<T>; null is a result, too
    private T result(Answer answer) throws ExecutionException {
        Object result = answer.get();
        return value != null ? value : (T) result;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return pool.cancel(this, mayInterruptIfRunning);
    }

    @Override
    public boolean kill() {
        return pool.kill(this);
    }

    @Override
    public boolean isCancelled() {
        return settled.isCancelled();
    }

    @Override
    public boolean isDone() {
        return settled.isDone();
    }

    @Override
    public int attempts() {
        return pool.attempts(this);
    }

    @Override
    public CompletableFuture<T> toCompletableFuture() {
        Linked<T> future = new Linked<>(this);
        var _ = settled.whenCompleteAsync((answer, problem) -> future.settle(answer), CALLBACKS);
        return future;
    }

    /** Completes with a task's result, on a thread of its own, and takes a cancellation to the task. */
    private static final class Linked<T> extends CompletableFuture<T> {
        private final PoolTask<T> task;

        Linked(PoolTask<T> task) {
            this.task = task;
        }

        private void settle(@Nullable Answer answer) {
            if (answer == null) {
                super.cancel(false);
                return;
            }
            try {
                Throwable failure = answer.failure();
                if (failure != null) completeExceptionally(failure);
                else complete(task.resultNow());
            } catch (Throwable e) { // of the user's methods that read a result
                completeExceptionally(e);
            }
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean _ = task.cancel(true);
            return super.cancel(mayInterruptIfRunning);
        }

        @Override
        public <U> CompletableFuture<U> newIncompleteFuture() {
            return new CompletableFuture<>(); // of a stage, which has no task of its own
        }
    }

    @Override
    public String toString() {
        return "task " + className + " of " + pool;
    }
}
