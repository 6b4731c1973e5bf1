package dev.interlock.internal.sync;

/** Waiting for a signal under a lock, and giving one. */
public final class Conditions {
    /*
     * Layout      0 offset of the lock | 8 waiters: 1 if somebody may wait | 16 option of the lock
     * await       under the lock: enter a cell, waiters := 1; release the lock; sleep until the cell is WOKEN; acquire the lock;
     *             free the cell.
     * signal      under the lock: the first in line from WAITING to WOKEN. None found: waiters := 0. It is woken when the signaller has
     *             released the lock, since until then it could only wait for that; if the lock is fair at once, to stand in line.
     * No lost wake-up   Who waits entered its cell under the lock, so a signaller, which owns the lock, sees it. The CAS chooses;
     *             a thread that gives up chooses too, and who loses heeds the other: a signal goes to a thread that returns
     *             because of it, never to one that throws or reports a time-out.
     * Death       of who waits: its cell is WOKEN until it owns the lock again, so the sweep passes the signal on; once it owns the
     *             lock it dies as an owner. Of an owner: the sweep signals all who wait for conditions of that lock, since the
     *             dead one may have been about to, then frees the lock. Between CAS and wake: the sweep wakes who is WOKEN.
     * Deadlock    A thread that is WOKEN and asleep waits for the lock, but is not seen to. So who looks for a deadlock wakes it first.
     * Spurious    A wake-up for which nobody signalled comes after a death only: of an owner, as all are woken; of a signalled
     *             waiter, as each of several sweepers may pass its signal on.
     */
    public static final int BYTES = 128;

    static final int LOCK = 0;
    static final int WAITERS = 8; // written under the lock

    private static final int OPTION = 16;

    /** In the option: the lock is the writer's of a read-write lock. */
    public static final long OF_WRITER = 1L << 32;

    private Conditions() {}

    /** How a wait ended. The caller owns the lock again. */
    public enum Signalled {
        YES,
        TIMED_OUT,
        INTERRUPTED,
        /** The lock was abandoned and its policy is to throw; the caller does not own it. */
        ABANDONED
    }

    /** Whose condition this is: the offset of its lock. */
    public static long lockOf(Words words, long condition) {
        return words.get(condition + LOCK);
    }

    /** What its lock was made with, for the first of a process to use it. */
    public static long optionOfLock(Words words, long condition) {
        return words.get(condition + OPTION);
    }

    /** Makes the condition one of that lock. */
    public static void initialize(Words words, long condition, long lock, long option) {
        words.putPlain(condition + LOCK, lock);
        words.putPlain(condition + OPTION, option);
    }

    /**
     * Waits for a signal. The calling thread owns the lock, and owns it again afterwards.
     *
     * @param deadlineNanos on the clock of {@link Words#nanoTime()}, or {@link Words#NEVER}
     * @throws RuntimeException if there is no memory to wait in, or the region is closed meanwhile; in the first case the lock is
     *     still owned
     */
    public static Signalled await(
            Words words,
            WaitCells cells,
            Relockable lock,
            long condition,
            long deadlineNanos,
            boolean interruptible) {
        long at = lockOf(words, condition);
        long cell =
                cells.enter(WaitCell.Kind.CONDITION, condition, 1, WaitCell.flags(deadlineNanos));
        boolean left = false;
        try {
            words.put(condition + WAITERS, 1);
            int holds = lock.releaseAll(words, at);
            Signalled result = sleep(words, cells, cell, deadlineNanos, interruptible);
            LockState.Acquired acquired = lock.acquireAgain(words, at);
            if (acquired == LockState.Acquired.YES) lock.setHolds(holds);
            else result = Signalled.ABANDONED;
            left = true;
            if (result == Signalled.ABANDONED) pass(cells, cell, condition);
            else cells.leave(cell);
            return result;
        } finally {
            if (!left) pass(cells, cell, condition);
        }
    }

    /** Sleeps until signalled, timed out or interrupted; whatever it answers is settled. */
    static Signalled sleep(
            Words words, WaitCells cells, long cell, long deadlineNanos, boolean interruptible) {
        while (true) { // until signalled, timed out or interrupted
            if (cells.isWoken(cell)) return Signalled.YES;
            if (interruptible && Thread.currentThread().isInterrupted()) {
                if (!cells.giveUp(cell)) return Signalled.YES; // and the status stays
                Thread.interrupted();
                return Signalled.INTERRUPTED;
            }
            if (deadlineNanos != Words.NEVER && words.nanoTime() >= deadlineNanos)
                return cells.giveUp(cell) ? Signalled.TIMED_OUT : Signalled.YES;
            cells.await(words, cell, deadlineNanos, interruptible);
        }
    }

    /* Leaves without heeding a signal, which then belongs to another. */
    private static void pass(WaitCells cells, long cell, long condition) {
        if (!cells.giveUp(cell) && cells.isWoken(cell)) cells.wakeFirst(condition);
        cells.leave(cell);
    }

    /** Chooses who waited longest, to be woken with the lock's release. The calling thread owns the lock. */
    public static void signal(Words words, WaitCells cells, Relockable lock, long condition) {
        if (words.get(condition + WAITERS) == 0) return;
        long cell = cells.chooseFirst(condition);
        if (cell == 0) words.put(condition + WAITERS, 0);
        else lock.wakeAtRelease(words, cell);
    }

    /** Chooses all. The calling thread owns the lock. */
    public static void signalAll(Words words, WaitCells cells, Relockable lock, long condition) {
        if (words.get(condition + WAITERS) == 0) return;
        for (WaitList.Waiter waiter : cells.waiting(condition)) {
            long cell = cells.choose(waiter);
            if (cell != 0) lock.wakeAtRelease(words, cell);
        }
        words.put(condition + WAITERS, 0);
    }
}
