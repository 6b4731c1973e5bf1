package dev.interlock;

import dev.interlock.internal.sync.LockState.Acquired;
import dev.interlock.internal.sync.Words;

/**
 * The write lock of a {@link SharedReadWriteLock}, which one thread of all processes holds while nobody reads. It is
 * reentrant, and may be sent to other processes alone.
 */
public final class SharedWriteLock extends ReadWritePart {
    private static final long serialVersionUID = 1L;

    SharedWriteLock(Handle handle) {
        super(handle);
    }

    /**
     * Acquires the write lock, waiting until nobody else reads or writes; no reader comes in meanwhile but those that read already.
     * An interrupt does not end the wait; the thread's status stays set.
     *
     * @throws DeadlockException if it would wait for ever: the calling thread holds the read lock and not the write lock, or what it
     *     owns is waited for, in a circle, by who writes; the lock is not held then. Readers that wait for it are not seen
     * @throws Error if the calling thread would hold it more than 2,147,483,647 times; it holds it as often as before
     */
    @Override
    public void lock() {
        lock(Words.NEVER, false);
    }

    /**
     * Acquires the write lock if no other thread reads or writes. Never waits.
     *
     * @return whether the lock was acquired; false also if the calling thread holds the read lock and not the write lock
     */
    @Override
    public boolean tryLock() {
        if (reenter()) return true;
        region.requireOpen();
        return state.canBeTakenAnew() && state.tryWrite(words);
    }

    /**
     * Gives one hold back. The last one ends the writing and wakes one waiter, in whatever process; a thread that holds the read
     * lock too goes on reading.
     *
     * @throws IllegalMonitorStateException if the calling thread does not hold the write lock; the message names who does
     */
    @Override
    public void unlock() {
        if (!state.isHeldByCurrentThread()) throw notOwner();
        if (!state.lock().leaveOnce()) state.releaseWrite(words);
    }

    /**
     * Makes a condition of this lock, which others reach by the handle that they are sent. A thread that holds the read lock too
     * cannot wait for it: {@link DeadlockException}.
     *
     * @return a new condition
     */
    @Override
    public SharedCondition newCondition() {
        return SharedCondition.make(handle, "");
    }

    /**
     * Finds or makes the condition of that name. Condition names are object names: two locks of a region cannot have conditions of
     * the same name.
     *
     * @param name its name
     * @return the condition
     * @throws ObjectMismatchException if the name belongs to something else, or to a condition of another lock
     */
    public SharedCondition condition(String name) {
        return SharedCondition.make(handle, name);
    }

    /**
     * Whether the calling thread holds the write lock.
     *
     * @return whether it does
     */
    public boolean isHeldByCurrentThread() {
        return state.isHeldByCurrentThread();
    }

    /**
     * How often the calling thread holds the write lock.
     *
     * @return the number of holds; 0 if it does not hold it
     */
    public int getHoldCount() {
        return state.isHeldByCurrentThread() ? state.lock().holds() : 0;
    }

    private boolean reenter() {
        if (!state.isHeldByCurrentThread()) return false;
        region.requireOpen();
        state.lock().reenter();
        return true;
    }

    @Override
    Acquired lock(long deadlineNanos, boolean interruptible) {
        if (reenter()) return Acquired.YES;
        if (wouldWaitForItself()) throw upgrade();
        return state.write(words, deadlineNanos, interruptible);
    }

    @Override
    boolean wouldWaitForItself() {
        return !state.isHeldByCurrentThread() && !state.canBeTakenAnew();
    }

    private DeadlockException upgrade() {
        region.requireOpen();
        return new DeadlockException(
                "This thread ("
                        + ProcessHandle.current().pid()
                        + ", '"
                        + Thread.currentThread().getName()
                        + "') reads, and "
                        + handle.describe()
                        + " waits for all readers: it would wait for itself for ever. "
                        + "Unlock the read lock first, or take the write lock from the start.");
    }

    private IllegalMonitorStateException notOwner() {
        return new IllegalMonitorStateException(
                "Cannot unlock: "
                        + handle.describe()
                        + " is "
                        + whole().writerText()
                        + ", not held by this thread ("
                        + ProcessHandle.current().pid()
                        + ", '"
                        + Thread.currentThread().getName()
                        + "'). Unlock it in the thread that locked it, as often as it did.");
    }
}
