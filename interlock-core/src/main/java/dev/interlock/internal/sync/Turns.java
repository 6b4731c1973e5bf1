package dev.interlock.internal.sync;

import dev.interlock.internal.sync.LockState.Acquired;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The virtual threads of this JVM that wait for one lock. One at a time, whose turn it is, waits for the lock's word; the others queue
 * here, without a carrier. Who asks what a waiting thread does wakes those who sleep on the word, so whoever has its turn answers
 * for those who queue.
 */
final class Turns {
    private final Semaphore turn = new Semaphore(1, true);
    private final Map<Long, Thread> queue =
            new ConcurrentHashMap<>(); // by cell; each thread enters and leaves by itself

    /** Waits for the turn: {@link Acquired#YES} if it has come. */
    Acquired take(
            Words words,
            long cell,
            long deadlineNanos,
            boolean interruptible,
            @Nullable DeadlockWatch watch) {
        boolean interrupted = false;
        try {
            while (true) { // until it is our turn, the time is over or the thread interrupted
                long until = watch == null ? deadlineNanos : watch.until(deadlineNanos);
                try {
                    long left = until == Words.NEVER ? Long.MAX_VALUE : until - words.nanoTime();
                    if (isMineWithin(left, cell)) return Acquired.YES;
                } catch (InterruptedException e) {
                    if (interruptible) return Acquired.INTERRUPTED;
                    interrupted = true;
                }
                if (LockState.isOver(words, deadlineNanos)) return Acquired.NO;
                RuntimeException deadlock = watch == null ? null : watch.look();
                if (deadlock != null) throw deadlock;
            }
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    private boolean isMineWithin(long nanos, long cell) throws InterruptedException {
        if (cell == 0) return turn.tryAcquire(nanos, TimeUnit.NANOSECONDS); // nobody sees it
        queue.put(cell, Thread.currentThread());
        try {
            return turn.tryAcquire(nanos, TimeUnit.NANOSECONDS);
        } finally {
            queue.remove(cell); // waits for who answers for it
        }
    }

    /** Ends the turn. */
    void giveBack() {
        turn.release();
    }

    /** Tells, for those who queue and were asked, what they do. */
    void answer(WaitCells cells) {
        for (Long cell : queue.keySet()) {
            if (!cells.isAsked(cell)) continue;
            queue.computeIfPresent(
                    cell,
                    (_, thread) -> {
                        cells.answer(cell, thread);
                        return thread;
                    });
        }
    }
}
