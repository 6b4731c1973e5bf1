package dev.interlock.internal.sync;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One thread's care, while it waits for a lock without a time limit, that it does not wait for ever. */
final class DeadlockWatch {
    private static final long LOOK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(4); // at the latest
    private static final long REPORTS_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Words words;
    private final WaitCells cells;
    private final Owners owners;
    private final long cell;
    private final boolean interruptible;
    private long pauseNanos;
    private long lookAt;

    private DeadlockWatch(
            Words words, WaitCells cells, Owners owners, long cell, boolean interruptible) {
        this.words = words;
        this.cells = cells;
        this.owners = owners;
        this.cell = cell;
        this.interruptible = interruptible;
        this.pauseNanos = cells.deadlockNanos();
        this.lookAt = words.nanoTime() + pauseNanos;
    }

    /** The watch of a thread that waits in that cell; null if it need not, or cannot be seen. */
    static @Nullable DeadlockWatch of(
            Words words,
            @Nullable WaitCells cells,
            Owners owners,
            long cell,
            long deadlineNanos,
            boolean interruptible) {
        if (cells == null || cells.deadlockNanos() == 0 || cell == 0) return null;
        if (deadlineNanos != Words.NEVER) return null;
        return new DeadlockWatch(words, cells, owners, cell, interruptible);
    }

    /** When a sleep has to end, so that the next look is not missed. */
    long until(long untilNanos) {
        return Math.min(untilNanos, lookAt);
    }

    /**
     * Tells who asked what this thread does, and looks for a deadlock when it is time to.
     *
     * @return what to throw, or null
     */
    @Nullable RuntimeException look() {
        cells.answer(cell);
        if (words.nanoTime() < lookAt) return null;
        pauseNanos = Math.min(2 * pauseNanos, Math.max(LOOK_AGAIN_NANOS, cells.deadlockNanos()));
        lookAt = words.nanoTime() + pauseNanos;
        WaitList.wakeSignalled(words, cells.root()); // they wait for a lock, and are to be seen to
        List<Deadlocks.Edge> circle = Deadlocks.find(words, cells.root(), cell);
        if (circle == null) return null;
        gatherReports(circle);
        if (isInterrupted()) return null; // which the caller sees
        // Meanwhile somebody may have been interrupted or killed.
        circle = Deadlocks.find(words, cells.root(), cell);
        return circle == null ? null : owners.deadlock(circle);
    }

    private boolean isInterrupted() {
        return interruptible && Thread.currentThread().isInterrupted();
    }

    /* Until all have answered, the time is over, or there is no more reason to ask. */
    private void gatherReports(List<Deadlocks.Edge> circle) {
        long end = words.nanoTime() + REPORTS_NANOS;
        long pause = FIRST_PAUSE_NANOS;
        boolean interrupted = false; // kept here: the status would end every pause at once
        try {
            while (words.nanoTime() < end && !isInterrupted() && stands(circle)) {
                for (Deadlocks.Edge edge : circle) cells.ask(words, edge.waiter());
                cells.answer(cell);
                if (haveAnswered(circle)) return;
                LockSupport.parkNanos(pause);
                pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
                if (!interruptible) interrupted |= Thread.interrupted();
            }
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    /* Not for long after one of its threads was killed, whose death perhaps nobody else will notice. */
    private boolean stands(List<Deadlocks.Edge> circle) {
        for (Deadlocks.Edge edge : circle) owners.look(edge.waiter().slot());
        return Deadlocks.stands(words, circle);
    }

    private boolean haveAnswered(List<Deadlocks.Edge> circle) {
        for (Deadlocks.Edge edge : circle) {
            if (!cells.hasAnswered(edge.waiter().cell())) return false;
        }
        return true;
    }
}
