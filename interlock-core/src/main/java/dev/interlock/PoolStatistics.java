package dev.interlock;

import java.util.List;

/**
 * What a {@link ProcessPool} is doing, and has done, at one moment.
 *
 * @param queued tasks that no worker has begun
 * @param running tasks that a worker has begun
 * @param submitted tasks that the pool has taken since it was started; a chunk of a map is one
 * @param done tasks that ended with a result or a failure
 * @param failed those of them that failed
 * @param cancelled tasks that were given up
 * @param retried how often a task was run again
 * @param workers the workers, spares included, in the order of their start
 */
public record PoolStatistics(
        int queued,
        int running,
        long submitted,
        long done,
        long failed,
        long cancelled,
        long retried,
        List<Worker> workers) {
    /**
     * Makes a copy of the list.
     *
     * @param workers as above
     */
    public PoolStatistics {
        workers = List.copyOf(workers);
    }

    /** What a worker is doing. */
    public enum State {
        /** Its JVM is starting, or it runs the initializer. */
        STARTING,
        /** It waits in reserve. */
        SPARE,
        /** It waits for a task. */
        IDLE,
        /** It has a task in hand. */
        RUNNING,
        /** It is about to end. */
        LEAVING
    }

    /**
     * One worker.
     *
     * @param name its name
     * @param pid its process id; 0 if it has none yet
     * @param state what it is doing
     * @param done tasks that it has reported, with a result or a failure
     * @param failed those of them that failed
     */
    public record Worker(String name, long pid, State state, int done, int failed) {}
}
