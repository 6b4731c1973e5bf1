package dev.interlock.internal.pool;

import org.jspecify.annotations.Nullable;

/*
 * To tell a caller that its task is done takes two wake-ups, of the collector and of the caller; and of two threads that are woken on one CPU
 * the second waits for the first. A caller that looks is not told: it reads the report as soon as it is there.
 *
 * Who         Whoever asks for the result of the only task that there is, while nobody else does. A platform thread, since a virtual one would
 *             keep others from their carrier; not while workers are new, as they need the CPUs; not if there is a retry policy,
 *             which is the user's and is asked by the collector only.
 *
 * Gives up    when another task is given away, at an interrupt, at its own time limit, after LIMIT_NANOS. Then it waits as others do. The collector is
 *             told of each report in any case, so nobody relies on who looks.
 *
 * Yields      The kernel often lets the worker wait for the CPU of who woke it, which is the caller's.
 *
 * Order       Only the collector handles the end of a worker, and what makes one unfit: who looks puts those back, behind all that is there.
 *             For the collector takes reports out of the queue before it has the pool's lock, so who looks may handle a report while
 *             the collector has earlier ones in hand. All may change places but the end of a worker and what that worker reported
 *             before (B4 of Board). When the collector has an end, all earlier reports were taken, by itself, or by who held the lock
 *             until they were handled.
 *
 * Whole       A report that was taken is handled. So nobody looks without the stack for both (StackRoom), which is asked before any lock is
 *             taken, and nobody waits for the lock, since a time limit could pass meanwhile.
 *
 * In vain     After n looks in a row that took too long one is tried for each 2^n tasks, with n up to MOST_MISSES. Then tasks take longer, or
 *             others want the CPUs: who yields to them gets its CPU back later than who is woken.
 */
/** Lets a caller that waits for a task read the report itself, if that comes soon. */
final class Lookout {
    private static final long LIMIT_NANOS = 200_000;
    private static final int MOST_MISSES = 6;
    private static final int LEVELS = 2000; // see StackRoom

    private final Dispatcher pool;
    private final Board board;

    private volatile @Nullable PoolTask<?> awaited; // set under the pool's lock, cleared by anybody

    // lost updates do no harm
    private int misses; // in a row
    private int chances;

    Lookout(Dispatcher pool, Board board) {
        this.pool = pool;
        this.board = board;
    }

    /** Under the lock: somebody begins to look, unless another does. */
    boolean begin(PoolTask<?> task) {
        if (awaited != null) return false;
        awaited = task;
        return true;
    }

    /** Whoever looks gives up. */
    void disturb() {
        if (awaited != null) awaited = null;
    }

    /** Looks for the report of a task for a while, if that promises something. The task may be done then, or not. */
    void lookFor(PoolTask<?> task, long nanos) {
        if (Thread.currentThread().isVirtual() || !isPromising()) return;
        if (!StackRoom.has(LEVELS)) return;
        Board.Place place = pool.beginLook(task);
        if (place == null) return;
        try {
            look(task, place, Math.min(nanos, LIMIT_NANOS));
        } catch (RuntimeException e) {
            pool.breakDown(e); // if it has not ended, so that the task is done
        } catch (OutOfMemoryError e) {
            // for the report, which was given back
        } finally {
            if (awaited == task) awaited = null;
        }
    }

    private boolean isPromising() {
        int every = 1 << misses;
        return (++chances & every - 1) == 0;
    }

    @SuppressWarnings("ThreadPriorityCheck") // nothing but time depends on who runs next
    private void look(PoolTask<?> task, Board.Place place, long nanos) {
        long began = System.nanoTime();
        while (awaited == task && !Thread.currentThread().isInterrupted()) {
            boolean isOver = System.nanoTime() - began >= nanos;
            // also when it is over: this thread may have had no CPU meanwhile
            if (board.isReporting(place)) pool.readReport();
            if (isOver || task.isDone()) {
                misses = isOver ? Math.min(misses + 1, MOST_MISSES) : 0;
                return;
            }
            Thread.yield();
        }
    }
}
