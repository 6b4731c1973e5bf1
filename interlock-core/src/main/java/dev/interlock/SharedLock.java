package dev.interlock;

/**
 * A lock between threads, of one JVM or of many. It is not reentrant.
 *
 * <p><b>Death of the owner.</b> If the process that owns the lock dies, at any instruction and even by {@code kill -9},
 * the lock becomes free within milliseconds and {@linkplain #isAbandoned() abandoned}: what it guards may be half
 * written. What the next owner is told is the lock's {@link OwnerDeathPolicy}. A stopped, slow or paused process is
 * alive and keeps its locks, as does a process whose thread ended without unlocking. If something else wrote into the region's file and the
 * lock names a process that is not there, whoever wants it gets a {@link RegionCorruptException}, and not the lock.
 *
 * <p><b>Order.</b> What a thread did before {@link #unlock()} happens-before what follows the next acquisition, in
 * whatever process.
 *
 * <p><b>Fairness.</b> A running thread may take the lock before one that has waited longer, which makes it fast; a
 * waiter that was passed over for a millisecond goes before all newcomers. A lock made with {@link LockOptions#fair()}
 * goes to those who ask for it in turn.
 *
 * <p>Handles are safe for use by many threads, and may be sent to other processes. Virtual threads wait without holding
 * a carrier. All methods that reach the memory throw {@link IllegalStateException} when the {@link Region} is closed, also those that are
 * waiting then.
 */
public final class SharedLock extends OwnedLock {
    private static final long serialVersionUID = 1L;

    SharedLock(Handle handle) {
        super(handle);
    }

    /**
     * Acquires the lock, waiting for its owner if need be. An interrupt does not end the wait; the thread's status
     * stays set.
     *
     * @throws DeadlockException if it would wait for ever: the calling thread owns the lock, or what it owns is waited for,
     *     in a circle, by the lock's owner; the lock is not held then, or as before
     * @throws AbandonedException if an owner died and the policy is to throw; the lock is not held then
     */
    @Override
    public void lock() {
        if (!local().acquireIfIdle(words, piece(), at)) lockSlowly();
    }

    /**
     * Acquires the lock if nobody owns it. Never waits, and does not mind those who wait for a fair lock.
     *
     * @return whether the lock was acquired; false also if the calling thread owns it
     * @throws AbandonedException if an owner died and the policy is to throw; the lock is not held then
     */
    @Override
    public boolean tryLock() {
        return require(local().tryAcquire(words, at));
    }

    /**
     * Releases the lock and wakes one waiter, in whatever process.
     *
     * @throws IllegalMonitorStateException if the calling thread does not own the lock; the message names who does
     */
    @Override
    public void unlock() {
        if (!local().isHeldByCurrentThread()) throw notOwner("unlock");
        local().release(words, piece(), at);
    }

    @Override
    boolean ownedAlready() {
        if (!local().isHeldByCurrentThread()) return false;
        throw new DeadlockException(
                handle.describe()
                        + " is owned by this thread ("
                        + ownerText()
                        + "), which would wait for itself for ever. "
                        + "It is not reentrant: unlock it first.");
    }
}
