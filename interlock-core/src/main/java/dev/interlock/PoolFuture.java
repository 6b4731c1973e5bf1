package dev.interlock;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * The result of a task that was given to a {@link ProcessPool}. As any future; and it can be waited for together with other things, see
 * {@link WaitSet}, and made into a {@link CompletableFuture}.
 *
 * @param <T> the type of the result
 */
public non-sealed interface PoolFuture<T> extends Future<T>, Waitable {
    /**
     * Waits until the task is done, and gives its result, which is made into an object when first asked for.
     *
     * @return the result; null for a task that gives none
     * @throws ExecutionException if there is none. Its cause is the exception that the task threw, with its class and remote stack
     *     trace; or a {@link RemoteException} if that cannot be rebuilt here; or a {@link TaskNotSerializableException} if the result
     *     could not be sent; or a {@link ProcessDiedException} if the worker died; or a
     *     {@link java.util.concurrent.TimeoutException} if the task took longer than the pool allows; or a
     *     {@link ProcessStartException} if the pool gave up, since its workers could not be started
     * @throws InterruptedException if interrupted on entry or while waiting; the task is not affected
     * @throws java.util.concurrent.CancellationException if the task was cancelled
     */
    @Override
    T get() throws InterruptedException, ExecutionException;

    /**
     * Gives up the result. A task that waits for a worker never runs; one that runs is interrupted if
     * {@code mayInterruptIfRunning}, and goes on otherwise. {@link #get()} throws {@code CancellationException} from now on.
     *
     * @param mayInterruptIfRunning whether to interrupt the thread that runs the task, which can ignore that: see {@link #kill()}
     * @return false if the task is done already or was cancelled before
     */
    @Override
    boolean cancel(boolean mayInterruptIfRunning);

    /**
     * Gives up the result as {@link #cancel} does, and kills the worker if the task runs. Another takes its place.
     *
     * @return false if the task is done already or was cancelled before
     */
    boolean kill();

    /**
     * How often a worker has begun to run the task, as far as is known here: more than once if it was retried.
     *
     * @return 0 if it waits for a worker
     */
    int attempts();

    /**
     * A future of the same result, to combine many. What hangs on it runs on a thread of its own. Cancelling it cancels the task, and
     * interrupts it if it runs.
     *
     * @return a new future; it fails with what is the cause of the exception that {@link #get()} throws
     */
    CompletableFuture<T> toCompletableFuture();
}
