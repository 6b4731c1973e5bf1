package dev.interlock;

/**
 * A reentrant lock between threads, of one JVM or of many: the thread that owns it may lock it again, and unlocks it as
 * often. In all else, above all in what the death of an owner does, it is a {@link SharedLock}.
 *
 * <p>It behaves as {@link java.util.concurrent.locks.ReentrantLock}, with these differences: waiting threads are of many
 * processes, so they are counted but not named; and an abandoned lock tells so. Other than Python's {@code RLock} it is
 * also released when its owner is killed, however often it was held. What damage to its memory does stands at {@link SharedLock}.
 */
public final class SharedReentrantLock extends OwnedLock {
    private static final long serialVersionUID = 1L;

    SharedReentrantLock(Handle handle) {
        super(handle);
    }

    /**
     * Acquires the lock, waiting for its owner if that is another thread. An interrupt does not end the wait; the
     * thread's status stays set.
     *
     * @throws DeadlockException if what the calling thread owns is waited for, in a circle, by the lock's owner; the lock is
     *     not held then
     * @throws AbandonedException if an owner died and the policy is to throw; the lock is not held then
     * @throws Error if the calling thread would hold it more than 2,147,483,647 times; it holds it as often as before
     */
    @Override
    public void lock() {
        if (local().isHeldByCurrentThread()) local().reenter();
        else if (!local().acquireIfIdle(words, piece(), at)) lockSlowly();
    }

    /**
     * Acquires the lock if no other thread owns it. Never waits, and does not mind those who wait for a fair lock.
     *
     * @return whether the lock was acquired; always true for its owner, who holds it once more
     * @throws AbandonedException if an owner died and the policy is to throw; the lock is not held then
     * @throws Error if the calling thread would hold it more than 2,147,483,647 times; it holds it as often as before
     */
    @Override
    public boolean tryLock() {
        return ownedAlready() || require(local().tryAcquire(words, at));
    }

    /**
     * Gives one hold back. The last one releases the lock and wakes one waiter, in whatever process.
     *
     * @throws IllegalMonitorStateException if the calling thread does not own the lock; the message names who does
     */
    @Override
    public void unlock() {
        if (!local().isHeldByCurrentThread()) throw notOwner("unlock");
        if (!local().leaveOnce()) local().release(words, piece(), at);
    }

    /**
     * How often the calling thread holds the lock.
     *
     * @return the number of holds; 0 if it does not own the lock
     */
    public int getHoldCount() {
        return local().isHeldByCurrentThread() ? local().holds() : 0;
    }

    @Override
    boolean ownedAlready() {
        if (!local().isHeldByCurrentThread()) return false;
        local().reenter();
        return true;
    }
}
