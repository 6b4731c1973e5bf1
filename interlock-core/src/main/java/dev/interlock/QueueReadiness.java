package dev.interlock;

import dev.interlock.internal.region.AnyWord;
import dev.interlock.internal.region.OpenRegion;
import dev.interlock.internal.sync.QueueState;
import dev.interlock.internal.sync.SecondTry;
import java.util.function.IntSupplier;

/** A queue has a message, or a place. One of its waiters is woken for each change, so whoever ends its wait wakes the next. */
final class QueueReadiness implements Readiness {
    private final SignalReadiness word;
    private final QueueState state;
    private final int signal;
    private final SecondTry second;

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
        this.second = state.secondTry();
    }

    @Override
    public boolean isReady() {
        second.begin();
        return word.isReady();
    }

    @Override
    public AnyWord.Watched watched() {
        return word.watched();
    }

    @Override
    public long until(long deadlineNanos) {
        return state.mayGoUntold(signal)
                ? second.until(word.announced(), deadlineNanos)
                : deadlineNanos;
    }

    @Override
    public void close() {
        word.close();
        state.passOn(signal);
    }
}
