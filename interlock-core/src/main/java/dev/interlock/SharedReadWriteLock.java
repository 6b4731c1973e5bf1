package dev.interlock;

import dev.interlock.internal.region.Mapping;
import dev.interlock.internal.region.OpenRegion;
import dev.interlock.internal.sync.LockQueue;
import dev.interlock.internal.sync.ReadWriteState;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;

/**
 * A pair of locks between threads, of one JVM or of many: any number of threads read at once, or one writes. Reading
 * writes to no memory that another process writes to, so readers of several processes do not slow each other down.
 *
 * <p>Both locks are reentrant, as those of {@link java.util.concurrent.locks.ReentrantReadWriteLock}. A writer may take
 * the read lock and then unlock the write lock: it goes on reading, and nobody wrote in between. A reader that asks for
 * the write lock would wait for itself; other than there it gets a {@link DeadlockException}, and {@code false} from
 * every {@code tryLock}.
 *
 * <p><b>Reading without a lock.</b> As with {@link java.util.concurrent.locks.StampedLock}:
 * <pre>{@code
 * long stamp = lock.tryOptimisticRead();
 * long x = a.getPlain(), y = b.getPlain();
 * if (!lock.validate(stamp)) {
 *     try (var _ = lock.readLock().acquire()) { x = a.getPlain(); y = b.getPlain(); }
 * }
 * }</pre>
 *
 * <p><b>Death.</b> A process that is killed while its threads read leaves nothing. One that is killed while a thread of it
 * writes, at any instruction, lets others in within milliseconds, and the lock is {@linkplain #isAbandoned() abandoned}
 * until somebody repairs what it guards and calls {@link #markConsistent()}: readers and writers should ask. A process
 * that is killed while it waits leaves nothing. A stopped, slow or paused process is alive and keeps its locks, as does
 * a process whose thread ended without unlocking. If something else wrote into the region's file, so that a process seems to read or write
 * that is not there, who waits for it, and whoever wants to write, gets a {@link RegionCorruptException}, and not the lock.
 *
 * <p><b>Order.</b> What a thread did before it unlocked writing happens-before what follows the next acquisition of either
 * lock, and what it did before it unlocked reading happens-before what follows the next acquisition of the write lock,
 * in whatever process.
 *
 * <p><b>Fairness.</b> Nobody starves: once a writer waits for readers to leave, no more come in but those that read already,
 * and readers that wait queue with the writers. Among those who wait a running thread may be faster; who was passed
 * over for a millisecond goes before newcomers.
 *
 * <p>A lock takes 33 KB of the region. A thread may hold the read lock 65,535 times. Handles, also those of the two locks
 * alone, are safe for use by many threads and may be sent to other processes. Virtual threads wait without holding a
 * carrier. All methods that reach the memory throw {@link IllegalStateException} when the {@link Region} is closed, also
 * those that are waiting then.
 */
public final class SharedReadWriteLock extends SharedObject implements ReadWriteLock {
    private static final long serialVersionUID = 1L;

    private final transient OpenRegion region;
    private final transient Mapping words;
    private final transient long at;
    private final transient ReadWriteState state;
    private final transient SharedReadLock readLock;
    private final transient SharedWriteLock writeLock;

    SharedReadWriteLock(Handle handle) {
        super(handle);
        this.region = handle.region();
        this.words = region.mapping();
        this.at = handle.payload();
        this.state = region.readWriteLock(at);
        this.readLock = new SharedReadLock(handle.lockWithin(Shapes.READ_PART));
        this.writeLock = new SharedWriteLock(handle.lockWithin(Shapes.WRITE_PART));
    }

    /**
     * The lock for reading.
     *
     * @return the same for each call
     */
    @Override
    public SharedReadLock readLock() {
        return readLock;
    }

    /**
     * The lock for writing.
     *
     * @return the same for each call
     */
    @Override
    public SharedWriteLock writeLock() {
        return writeLock;
    }

    /**
     * Begins to read without a lock. Costs one look at the memory and disturbs nobody; what is read may change at any time, so copy
     * it and use it only after {@link #validate}.
     *
     * @return a stamp for {@link #validate}; 0, which is never valid, if a thread writes or the lock is abandoned
     */
    public long tryOptimisticRead() {
        return state.stamp(words);
    }

    /**
     * Whether nobody has written since the stamp was made. What was read in between is then as if it had been read under the read
     * lock.
     *
     * @param stamp from {@link #tryOptimisticRead()} of any handle to this lock
     * @return true if no thread held the write lock since, waiting for it aside; false for 0
     */
    public boolean validate(long stamp) {
        return state.isUnwritten(words, stamp);
    }

    /**
     * How many threads of all processes hold the read lock, at this moment, as near as can be told without waiting. Other than with
     * {@code ReentrantReadWriteLock}, a thread that holds it several times counts once.
     *
     * @return their number
     */
    public int getReadLockCount() {
        return state.countReaders(words);
    }

    /**
     * Whether any thread of any process holds the write lock, at this moment.
     *
     * @return whether one does
     */
    public boolean isWriteLocked() {
        return state.isWritten(words);
    }

    /**
     * Whether the calling thread holds the write lock.
     *
     * @return whether it does
     */
    public boolean isWriteLockedByCurrentThread() {
        return state.isHeldByCurrentThread();
    }

    /**
     * How often the calling thread holds the read lock.
     *
     * @return the number of holds; 0 if it does not hold it
     */
    public int getReadHoldCount() {
        return state.readHolds();
    }

    /**
     * How often the calling thread holds the write lock.
     *
     * @return the number of holds; 0 if it does not hold it
     */
    public int getWriteHoldCount() {
        return writeLock.getHoldCount();
    }

    /**
     * Whether any thread of any process sleeps until it gets one of the two locks, at this moment.
     *
     * @return whether one does
     */
    public boolean hasQueuedThreads() {
        return getQueueLength() > 0;
    }

    /**
     * How many threads of all processes sleep until they get one of the two locks, at this moment.
     *
     * @return their number
     */
    public int getQueueLength() {
        return LockQueue.length(words, region.cells().root(), at);
    }

    /**
     * Who writes. Asking never waits and never disturbs the owner; the answer may be old when you read it.
     *
     * @return the owner of the write lock, or empty if nobody holds it
     */
    public Optional<LockOwner> owner() {
        return state.isWritten(words) ? region.owner(at) : Optional.empty();
    }

    /**
     * Whether a writer died writing and nobody called {@link #markConsistent()} since. While a thread holds either lock, no writer can
     * die, so the answer is the same until it unlocks or calls that.
     *
     * @return whether what the lock guards may be half written
     */
    public boolean isAbandoned() {
        return state.isAbandoned(words);
    }

    /**
     * Declares what the lock guards to be whole again. The calling thread holds the write lock, or nobody does.
     *
     * @throws IllegalMonitorStateException if another thread holds the write lock
     */
    public void markConsistent() {
        if (!state.markWhole(words)) {
            throw new IllegalMonitorStateException(
                    "Cannot mark consistent: "
                            + handle.describe()
                            + " is "
                            + writerText()
                            + ". Only who writes knows.");
        }
    }

    String writerText() {
        return owner().map(o ->
                        "written under by pid "
                                + o.pid()
                                + " ("
                                + o.processName()
                                + "), thread '"
                                + o.threadName()
                                + "', since "
                                + o.since())
                .orElse("not write-locked");
    }

    @Override
    String state() {
        return ", " + writerText() + ", " + getReadLockCount() + " reading";
    }
}
