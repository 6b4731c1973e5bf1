package dev.interlock;

import java.util.function.Predicate;

/**
 * Which failed tasks of a {@link ProcessPool} are run again. A task that is run again may have done part of its work before: what it does
 * had better be the same when done twice.
 */
@FunctionalInterface
public interface RetryPolicy {
    /**
     * Whether to run the task again. Called by the pool once for each failure, on a thread that other tasks wait for: it must not wait
     * for anything. If it throws, the task is not run again.
     *
     * @param attempts how often the task was run so far, 1 or more
     * @param failure what became of it: the exception that the task threw, or a {@link ProcessDiedException}
     * @return true to run it again, ahead of those that wait
     */
    boolean shouldRetry(int attempts, Throwable failure);

    /**
     * No task is run again.
     *
     * @return the policy that pools have unless another is given
     */
    static RetryPolicy never() {
        return (_, _) -> false;
    }

    /**
     * A task whose worker died is run again so often.
     *
     * @param retries how often, after the first time
     * @return the policy
     * @throws IllegalArgumentException if {@code retries} is negative
     */
    static RetryPolicy onDeath(int retries) {
        return upTo(retries, ProcessDiedException.class::isInstance);
    }

    /**
     * A task that failed in a certain way is run again so often.
     *
     * @param retries how often, after the first time
     * @param failures for which failures
     * @return the policy
     * @throws IllegalArgumentException if {@code retries} is negative
     */
    static RetryPolicy upTo(int retries, Predicate<? super Throwable> failures) {
        if (retries < 0)
            throw new IllegalArgumentException(
                    "Cannot retry " + retries + " times. Give 0 or more.");
        return (attempts, failure) -> attempts <= retries && failures.test(failure);
    }
}
