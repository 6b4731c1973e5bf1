package dev.interlock.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/** How long a waiter sleeps that may not be told of a change. */
class RingSignalTest {
    private static final long AT = 0;
    private static final long SETTLED = 2_000_000;
    private static final long LATER = 10 * SETTLED;

    private final Sleeps words = new Sleeps();
    private boolean mayGoUntold = true;

    /** Memory in which what happens during each sleep is said beforehand; the last one ends the wait. */
    private static final class Sleeps extends ArrayWords {
        private final Deque<LongConsumer> script = new ArrayDeque<>();
        private final List<Long> until = new ArrayList<>();
        private boolean done;

        Sleeps() {
            super(Long.BYTES);
        }

        @Override
        public Wait await(long offset, int expected, long deadlineNanos, boolean interruptible) {
            until.add(deadlineNanos);
            script.remove().accept(deadlineNanos);
            if (script.isEmpty()) done = true;
            return Wait.WOKEN;
        }
    }

    private void sleep(LongConsumer untilWhen) {
        words.script.add(untilWhen);
    }

    private void toTheEnd(long deadlineNanos) {
        words.advance(deadlineNanos - words.nanoTime());
    }

    private void wokenEarly(long deadlineNanos) {
        words.advance((deadlineNanos - words.nanoTime()) / 2);
    }

    private void wokenAtOnce(long deadlineNanos) {}

    private void signalled(long deadlineNanos) {
        RingSignal.signal(words, AT);
    }

    private List<Long> await(long deadlineNanos) {
        var attempt =
                new RingSignal.Attempt() {
                    @Override
                    public long tryOnce() {
                        return words.done ? 0 : RingSignal.NOT_YET;
                    }

                    @Override
                    public long until(long deadlineNanos) {
                        return deadlineNanos;
                    }

                    @Override
                    public boolean mayGoUntold() {
                        return mayGoUntold;
                    }
                };
        assertThat(RingSignal.await(words, words, AT, attempt, deadlineNanos, false)).isZero();
        return words.until;
    }

    @Test
    void whoIsTold_sleepsUntilTheDeadline() {
        mayGoUntold = false;
        sleep(this::wokenAtOnce);
        assertThat(await(LATER)).containsExactly(LATER);
    }

    @Test
    void whoMayGoUntold_looksAgainOnce() {
        sleep(this::toTheEnd);
        sleep(this::wokenAtOnce);
        sleep(this::wokenAtOnce);
        assertThat(await(Words.NEVER)).containsExactly(SETTLED, Words.NEVER, Words.NEVER);
    }

    @Test
    void anEarlierDeadline_isKept() {
        sleep(this::wokenAtOnce);
        assertThat(await(SETTLED - 1)).containsExactly(SETTLED - 1);
    }

    @Test
    void whoIsWokenEarly_looksAgainNevertheless() {
        sleep(this::wokenEarly);
        sleep(this::toTheEnd);
        sleep(this::wokenAtOnce);
        assertThat(await(Words.NEVER)).containsExactly(SETTLED, SETTLED, Words.NEVER);
    }

    @Test
    void whoAnnouncesItselfAnew_looksAgain() {
        sleep(this::toTheEnd);
        sleep(this::signalled);
        sleep(this::toTheEnd);
        sleep(this::wokenAtOnce);
        assertThat(await(Words.NEVER))
                .containsExactly(SETTLED, Words.NEVER, 2 * SETTLED, Words.NEVER);
    }
}
