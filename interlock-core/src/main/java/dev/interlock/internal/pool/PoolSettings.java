package dev.interlock.internal.pool;

import dev.interlock.Action;
import dev.interlock.RetryPolicy;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a pool was asked to be. Times in nanoseconds and sizes in bytes; 0 where there is no limit.
 *
 * @param workers how many at most
 * @param minWorkers how many at least
 * @param spares how many wait in reserve
 */
record PoolSettings(
        String name,
        int workers,
        int minWorkers,
        int spares,
        long idleTimeoutNanos,
        @Nullable Action initializer,
        int tasksPerWorker,
        List<String> jvmOptions,
        Map<String, String> environment,
        long memoryLimit,
        long taskTimeLimitNanos,
        long interruptGraceNanos,
        RetryPolicy retryPolicy) {
    static final RetryPolicy NO_RETRIES = RetryPolicy.never();

    String workerName(int number) {
        return name + "-worker-" + number;
    }

    /** Whether a worker's JVM is as that of any child, so that a spare or an early one will do: see Launch. */
    boolean hasPlainJvms() {
        return jvmOptions.isEmpty() && environment.isEmpty() && memoryLimit == 0;
    }

    /** Whether a task may be run again, so that its message has to be kept. */
    boolean mayRetry() {
        return !retryPolicy.equals(NO_RETRIES);
    }
}
