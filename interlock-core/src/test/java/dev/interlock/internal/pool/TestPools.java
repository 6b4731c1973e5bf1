package dev.interlock.internal.pool;

import dev.interlock.Task;
import java.util.List;
import java.util.Map;

/** Pools of one worker, as their inside is tested. */
final class TestPools {
    private TestPools() {}

    /** Starts one with all settings at their defaults but these. */
    static Dispatcher start(String name, int minWorkers) {
        return Dispatcher.start(
                new PoolSettings(
                        name,
                        1,
                        minWorkers,
                        0,
                        0,
                        null,
                        0,
                        List.of(),
                        Map.of(),
                        0,
                        0,
                        0,
                        PoolSettings.NO_RETRIES));
    }

    /** A task for a pool that was not given to it. */
    static PoolTask<Integer> task(Dispatcher pool, Task<Integer> body) {
        return new PoolTask<>(pool, body, TaskMessage.ofTask(body, true), false);
    }

    /** Gives a task to a pool. */
    static PoolTask<Integer> give(Dispatcher pool, Task<Integer> body) {
        PoolTask<Integer> task = task(pool, body);
        pool.dispatch(task);
        return task;
    }
}
