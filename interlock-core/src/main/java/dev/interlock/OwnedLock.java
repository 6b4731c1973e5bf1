package dev.interlock;

import dev.interlock.internal.region.Mapping;
import dev.interlock.internal.region.OpenRegion;
import dev.interlock.internal.sync.LockDisplay;
import dev.interlock.internal.sync.LockQueue;
import dev.interlock.internal.sync.LockState;
import dev.interlock.internal.sync.Words;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** What all locks with an owner have in common. */
abstract sealed class OwnedLock extends SharedObject implements Lock
        permits SharedLock, SharedReentrantLock {
    private static final long serialVersionUID = 1L;

    final transient OpenRegion region;
    final transient Mapping words;
    final transient long at;
    private transient @Nullable LockState
            local; // written by any thread, all of which find the same
    private transient @Nullable MemorySegment piece; // of equal ones, whichever came last
    private final transient Held held = new Held();

    OwnedLock(Handle handle) {
        super(handle);
        this.region = handle.region();
        this.words = region.mapping();
        this.at = handle.at();
        region.cells(); // while the region is surely open
    }

    /* What this JVM knows of the lock. Made when first needed, since a program may make very many locks and use few of them. */
    final LockState local() {
        LockState known = local;
        return known != null ? known : makeLocal();
    }

    private LockState makeLocal() {
        LockState made = region.lock(at, handle.lockOptions().manner());
        local = made;
        return made;
    }

    /* The lock's memory, at hand for the common case. Made when first needed, too. */
    final MemorySegment piece() {
        MemorySegment known = piece;
        return known != null ? known : makePiece();
    }

    private MemorySegment makePiece() {
        MemorySegment made = LockState.piece(words, at);
        piece = made;
        return made;
    }

    /** A lock that is held; closing it unlocks. Made for {@code try (var _ = lock.acquire()) { … }}. */
    public final class Held implements AutoCloseable {
        private Held() {}

        /**
         * Unlocks.
         *
         * @throws IllegalMonitorStateException if the calling thread does not own the lock
         */
        @Override
        public void close() {
            unlock();
        }
    }

    /**
     * Acquires the lock, as {@link #lock()} does, and unlocks it when the result is closed.
     *
     * @return what to close
     * @throws DeadlockException as {@code lock()}
     * @throws AbandonedException if an owner died and the policy is to throw; the lock is not held then
     */
    public final Held acquire() {
        lock();
        return held;
    }

    final void lockSlowly() {
        if (!ownedAlready()) require(local().acquire(words, at, Words.NEVER, false));
    }

    /**
     * Acquires the lock unless the thread is interrupted, on entry or while it waits.
     *
     * @throws InterruptedException if interrupted; the thread's status is cleared, and the lock is not held, or as often as
     *     before
     * @throws DeadlockException as {@code lock()}
     * @throws AbandonedException if an owner died and the policy is to throw; the lock is not held then
     */
    @Override
    public final void lockInterruptibly() throws InterruptedException {
        if (Thread.interrupted()) throw new InterruptedException();
        if (local().acquireIfIdle(words, piece(), at) || ownedAlready()) return;
        requireUninterrupted(local().acquire(words, at, Words.NEVER, true));
    }

    /**
     * Acquires the lock, waiting for it at most that long; see {@link #tryLock(Duration)}.
     *
     * @param time how long; zero or less tries once
     * @param unit of {@code time}
     * @return whether the lock was acquired; false if the time ran out
     * @throws InterruptedException if interrupted, on entry or while waiting; the lock is not held then, or as often as before
     * @throws DeadlockException if the calling thread owns the lock, which is not reentrant, and would wait for itself
     * @throws AbandonedException if an owner died and the policy is to throw; the lock is not held then
     */
    @Override
    public final boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        return tryLockNanos(unit.toNanos(time));
    }

    /**
     * Acquires the lock, waiting for it at most that long. Other than {@code tryLock()} this does not pass those who wait for a
     * fair lock, however short the time. A wait with a limit is no part of a deadlock.
     *
     * @param timeout how long; zero or less tries once
     * @return whether the lock was acquired; false if the time ran out
     * @throws InterruptedException if interrupted, on entry or while waiting; the thread's status is cleared, and the lock is not
     *     held, or as often as before
     * @throws DeadlockException if the calling thread owns the lock, which is not reentrant, and would wait for itself
     * @throws AbandonedException if an owner died and the policy is to throw; the lock is not held then
     */
    public final boolean tryLock(Duration timeout) throws InterruptedException {
        return tryLockNanos(Timeouts.toNanos(timeout));
    }

    private boolean tryLockNanos(long nanos) throws InterruptedException {
        if (Thread.interrupted()) throw new InterruptedException();
        if (nanos <= 0) return tryLockAtOnce();
        if (ownedAlready()) return true;
        return requireUninterrupted(local().acquire(words, at, Timeouts.deadline(nanos), true));
    }

    /**
     * Makes a condition of this lock, which others reach by the handle that they are sent.
     *
     * @return a new condition
     * @throws RegionFullException if there is no memory for it
     */
    @Override
    public final SharedCondition newCondition() {
        return SharedCondition.make(handle, "");
    }

    /**
     * Finds or makes the condition of that name. Condition names are object names: two locks of a region cannot have
     * conditions of the same name.
     *
     * @param name its name
     * @return the condition
     * @throws ObjectMismatchException if the name belongs to something else, or to a condition of another lock
     */
    public final SharedCondition condition(String name) {
        return SharedCondition.make(handle, name);
    }

    /**
     * Whether any thread of any process owns the lock, at this moment.
     *
     * @return whether it is owned
     */
    public final boolean isLocked() {
        local().lookAfterOwner(words, at);
        return LockDisplay.isLocked(words, at);
    }

    /**
     * Whether the calling thread owns the lock.
     *
     * @return whether it does
     */
    public final boolean isHeldByCurrentThread() {
        return local().isHeldByCurrentThread();
    }

    /**
     * Who owns the lock. Asking never waits and never disturbs the owner; the answer may be old when you read it.
     *
     * @return the owner, or empty if the lock is free
     */
    public final Optional<LockOwner> owner() {
        local().lookAfterOwner(words, at);
        return region.owner(at);
    }

    /**
     * Whether the lock was made fair, see {@link LockOptions#isFair}.
     *
     * @return whether it was
     */
    public final boolean isFair() {
        return local().isFair();
    }

    /**
     * Whether any thread of any process sleeps until it gets the lock, at this moment.
     *
     * @return whether one does
     */
    public final boolean hasQueuedThreads() {
        return getQueueLength() > 0;
    }

    /**
     * How many threads of all processes wait until they get the lock, at this moment.
     *
     * @return their number
     */
    public final int getQueueLength() {
        return LockQueue.length(words, region.cells().root(), at);
    }

    /**
     * A number that grows with every acquisition of the lock, by whatever process. Send it along with what you do under
     * the lock, and let the receiver refuse smaller ones than it has seen: so a former owner that was taken for dead
     * cannot do harm.
     *
     * @return the number of the latest acquisition; the caller's own if it owns the lock
     */
    public final long token() {
        return LockDisplay.token(words, at);
    }

    /**
     * Whether an owner died holding the lock and nobody called {@link #markConsistent()} since. With
     * {@link OwnerDeathPolicy#IGNORE} the next acquisition forgets it.
     *
     * @return whether what the lock guards may be half written
     */
    public final boolean isAbandoned() {
        local().lookAfterOwner(words, at);
        return LockDisplay.isAbandoned(words, at);
    }

    /**
     * Declares what the lock guards to be whole again. The calling thread owns the lock, or nobody does.
     *
     * @throws IllegalMonitorStateException if somebody else owns the lock
     */
    public final void markConsistent() {
        if (local().isHeldByCurrentThread()) {
            LockDisplay.clearAbandoned(words, at);
            return;
        }
        local().lookAfterOwner(words, at);
        if (!LockDisplay.clearAbandonedIfFree(words, at)) {
            throw notOwner("mark consistent");
        }
    }

    /** Whether the calling thread, which owns the lock, may have it once more; what happens if not is thrown. */
    abstract boolean ownedAlready();

    /* Other than tryLock() this does not pass those who wait for a fair lock. */
    private boolean tryLockAtOnce() {
        boolean mayPass =
                !local().isFair() || local().isHeldByCurrentThread() || !hasQueuedThreads();
        return mayPass && tryLock();
    }

    private boolean requireUninterrupted(LockState.Acquired acquired) throws InterruptedException {
        if (acquired == LockState.Acquired.INTERRUPTED) throw new InterruptedException();
        return require(acquired);
    }

    final boolean require(LockState.Acquired acquired) {
        if (acquired == LockState.Acquired.ABANDONED) {
            throw new AbandonedException(
                    handle.describe()
                            + " was abandoned: its owner died, and what it guards may be half written. "
                            + "Repair that, then call markConsistent().");
        }
        return acquired == LockState.Acquired.YES;
    }

    final IllegalMonitorStateException notOwner(String action) {
        return new IllegalMonitorStateException(
                "Cannot "
                        + action
                        + ": "
                        + handle.describe()
                        + " is "
                        + ownerText()
                        + ", not owned by this thread ("
                        + ProcessHandle.current().pid()
                        + ", '"
                        + Thread.currentThread().getName()
                        + "'). Unlock it in the thread that locked it, once.");
    }

    final String ownerText() {
        return owner().map(o ->
                        "owned by pid "
                                + o.pid()
                                + " ("
                                + o.processName()
                                + "), thread '"
                                + o.threadName()
                                + "', since "
                                + o.since())
                .orElse("free");
    }

    @Override
    String state() {
        return ", " + ownerText();
    }
}
