package dev.interlock;

import java.time.Instant;
import java.util.List;

/**
 * What {@link Region#objects()} tells of an object, as it was seen at one moment without stopping anybody: holders and
 * waiters may have changed while they were looked at.
 *
 * @param name its name; empty if it was made without one
 * @param type its type, as in {@code SharedLock} or {@code SharedLongArray}
 * @param length elements of an array, bytes of a block; 1 for all others
 * @param sizeBytes memory that it takes, with its header
 * @param state what it is like, in words: {@code held, abandoned}, {@code 3 of 5 available}, {@code 2 reading}; empty for what is
 *     nothing but memory
 * @param holders who holds it, or the lock that belongs to it: threads that own a lock, processes that hold permits or read; nobody
 *     holds a condition, an event, a latch, or a permit of a semaphore whose permits are not owned
 * @param waiters who sleeps until it gets or sees what it waits for, in the order of arrival; also those who wait for it among others
 *     in a {@link WaitSet}
 * @param contention how often a thread began to sleep for it since it was made, not counting those that got it by looking for a moment
 */
public record ObjectInfo(
        String name,
        String type,
        long length,
        long sizeBytes,
        String state,
        List<Holder> holders,
        List<Waiter> waiters,
        long contention) {
    /**
     * What is known of an object.
     *
     * @param name as above
     * @param type as above
     * @param length as above
     * @param sizeBytes as above
     * @param state as above
     * @param holders as above; copied
     * @param waiters as above; copied
     * @param contention as above
     */
    public ObjectInfo {
        holders = List.copyOf(holders);
        waiters = List.copyOf(waiters);
    }

    /**
     * A process, or a thread of it, that holds an object.
     *
     * @param pid the process, in its own pid namespace
     * @param processName the process's name
     * @param threadName the thread's name; empty if only the process is known
     * @param amount how much it holds: permits, or threads that read; else 1
     */
    public record Holder(long pid, String processName, String threadName, long amount) {}

    /**
     * A thread that waits for an object.
     *
     * @param pid its process, in its own pid namespace
     * @param processName the process's name
     * @param threadId the thread's id in its JVM
     * @param since when it began to wait
     * @param amount for how much it waits: permits; else 1
     */
    public record Waiter(long pid, String processName, long threadId, Instant since, long amount) {}
}
