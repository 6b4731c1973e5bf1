package dev.interlock.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who sweeps may be stopped at any step, while others do the same for the same process or for another one. */
class LateSweepTest {
    private static final int PERMITS = 10;
    private static final long WATCHDOG_SECONDS = 60;
    private static final int BARRIER_WORDS = 4096;

    /** Words on which nobody sleeps; whoever would, looks again. */
    private static final class ArrayWords implements Words {
        private final AtomicLongArray words = new AtomicLongArray(BARRIER_WORDS);
        private @Nullable Runnable afterCas; // once, after a CAS of the word at 0

        @Override
        public long get(long offset) {
            return words.get((int) (offset / 8));
        }

        @Override
        public long getPlain(long offset) {
            return get(offset);
        }

        @Override
        public void put(long offset, long value) {
            words.set((int) (offset / 8), value);
        }

        @Override
        public void putPlain(long offset, long value) {
            put(offset, value);
        }

        @Override
        public boolean cas(long offset, long expected, long value) {
            boolean done = words.compareAndSet((int) (offset / 8), expected, value);
            Runnable once = afterCas;
            if (done && offset == 0 && once != null) {
                afterCas = null;
                once.run();
            }
            return done;
        }

        @Override
        public long getAndAdd(long offset, long delta) {
            return words.getAndAdd((int) (offset / 8), delta);
        }

        @Override
        public Wait await(long offset, int expected, long deadlineNanos, boolean interruptible) {
            Thread.onSpinWait();
            return Wait.CHANGED;
        }

        @Override
        public int wake(long offset, int count) {
            return count;
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }
    }

    private static final class NoOwners implements Owners {
        @Override
        public long patienceNanos(int slot) {
            return Words.NEVER;
        }

        @Override
        public void look(int slot) {}

        @Override
        public RuntimeException deadlock(List<Deadlocks.Edge> circle) {
            return new IllegalStateException("a deadlock");
        }
    }

    private static final class NoMemory implements WaitCells.Memory {
        @Override
        public long chunk() {
            throw new IllegalStateException("no memory");
        }

        @Override
        public long report() {
            throw new IllegalStateException("no memory");
        }
    }

    private static long ledger(int slot) {
        return SemaphoreState.ledger(0, slot);
    }

    private static boolean sweepPermits(Words words, int dead) {
        return SemaphoreState.sweep(words, 0, PERMITS, dead, () -> true);
    }

    private static Words heldByTwo() {
        Words words = new ArrayWords();
        words.put(0, SemaphoreState.initial(PERMITS - 3 - 4));
        words.put(ledger(1), 3L << 32);
        words.put(ledger(2), 4L << 32);
        words.put(SemaphoreState.REACH, 3);
        return words;
    }

    @Test
    void permitsOfTwo_whoAreSweptForAtOnce_allComeBack() {
        ArrayWords words = (ArrayWords) heldByTwo();
        words.afterCas = () -> sweepPermits(words, 1); // the first sweeper is stopped meanwhile
        sweepPermits(words, 2);
        assertThat(sweepPermits(words, 1)).isTrue();
        assertThat(sweepPermits(words, 2)).isTrue();
        assertThat(SemaphoreState.available(words, 0)).isEqualTo(PERMITS);
    }

    @Test
    void permits_forWhichTwoSweepAtOnce_comeBackOnce() {
        ArrayWords words = (ArrayWords) heldByTwo();
        words.afterCas = () -> assertThat(sweepPermits(words, 2)).isTrue();
        assertThat(sweepPermits(words, 2)).isTrue();
        assertThat(SemaphoreState.available(words, 0)).isEqualTo(PERMITS - 3);
        assertThat(words.get(ledger(2)) >>> 32).as("held by the dead").isZero();
    }

    private static BarrierState barrier(Words words, int slot) {
        var owners = new NoOwners();
        var cells = new WaitCells(words, 30_000, 30_008, slot, 0, new NoMemory(), 0);
        var lock = new LockState(slot, 0, owners, LockState.Manner.USUAL, null);
        return new BarrierState(words, words, cells, lock, owners, 0, 2);
    }

    /** The first party died before anybody waited; all of that is done, and another waits, when the late one goes on. */
    @Test
    void aLateSweep_breaksNoBarrierForADeathThatNobodyWaitedFor() throws Exception {
        Words words = new ArrayWords();
        barrier(words, 1);
        BarrierState survivor = barrier(words, 0);
        var asked = new AtomicInteger();
        var arrived = new CompletableFuture<Integer>();
        boolean[] over = {false};
        BarrierState.sweep(
                words,
                0,
                1,
                () -> {
                    if (asked.incrementAndGet() < 2 || over[0]) return !over[0];
                    over[0] = true; // the late one is stopped after it was told that the slot is
                    // still the dead one's
                    BarrierState.sweep(words, 0, 1, () -> true);
                    awaitInThread(survivor, arrived);
                    while (survivor.waiting() == 0 && !arrived.isDone()) Thread.onSpinWait();
                    return true;
                });
        assertThat(survivor.isBroken()).isFalse();
        awaitInThread(survivor, new CompletableFuture<>());
        assertThat(arrived.get(WATCHDOG_SECONDS, TimeUnit.SECONDS)).isEqualTo(1);
    }

    private static void awaitInThread(BarrierState barrier, CompletableFuture<Integer> arrived) {
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    try {
                        arrived.complete(barrier.await(null, Words.NEVER));
                    } catch (Exception e) {
                        arrived.completeExceptionally(e);
                    }
                });
    }

    /** A death in an earlier turn has all look; who waits for another turn goes on to wait, and must be woken at its end. */
    @Test
    void aNudge_leavesItsWakeUpToWhoSleepsOn() {
        Words words = new ArrayWords();
        barrier(words, 1);
        words.put(BarrierState.TURN, words.get(BarrierState.TURN) | SignalWord.W);
        BarrierState.sweep(words, 0, 1, () -> true);
        assertThat(words.get(BarrierState.TURN) & SignalWord.W).isEqualTo(SignalWord.W);
    }
}
