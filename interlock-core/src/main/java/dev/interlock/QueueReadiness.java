package dev.interlock;

import dev.interlock.internal.region.AnyWord;
import dev.interlock.internal.region.OpenRegion;
import dev.interlock.internal.sync.QueueState;
import dev.interlock.internal.sync.Words;
import java.util.function.IntSupplier;

/** A queue has a message, or a place. One of its waiters is woken for each change, so whoever ends its wait wakes the next. */
final class QueueReadiness implements Readiness {
    private final SignalReadiness word;
    private final QueueState state;
    private final int signal;

    /* As in RingSignal.await. */
    private int sleptOn;
    private long settledAt = Words.NEVER;
    private boolean isLate;

    /**
     * Makes the readiness of a queue.
     *
     * @param at where the queue lies
     * @param signal where in it the word is on which to sleep
     * @param announce as of {@link SignalReadiness}
     */
    QueueReadiness(OpenRegion region, long at, QueueState state, int signal, IntSupplier announce) {
        this.word = new SignalReadiness(region, at + signal, announce);
        this.state = state;
        this.signal = signal;
    }

    @Override
    public boolean isReady() {
        isLate = System.nanoTime() >= settledAt;
        return word.isReady();
    }

    @Override
    public AnyWord.Watched watched() {
        return word.watched();
    }

    @Override
    public long until(long deadlineNanos) {
        boolean isSettled = isLate && word.announced() == sleptOn;
        if (isSettled || !state.mayGoUntold(signal)) return deadlineNanos;
        if (word.announced() != sleptOn) settledAt = QueueState.settledAt(System.nanoTime());
        sleptOn = word.announced();
        return Math.min(deadlineNanos, settledAt);
    }

    @Override
    public void close() {
        word.close();
        state.passOn(signal);
    }
}
