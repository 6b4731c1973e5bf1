package dev.interlock.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Virtual threads that wait for one lock, one behind the other. */
class TurnsTest {
    private static final long LOCK = 1024;
    private static final long HOUR_NANOS = TimeUnit.HOURS.toNanos(1);

    private final ArrayWords words = new ArrayWords(ArrayCells.BYTES);
    private final WaitCells cells = ArrayCells.in(words).cells(HOUR_NANOS);
    private final LockState lock =
            new LockState(
                    ArrayCells.SLOT,
                    ArrayCells.GENERATION,
                    ArrayCells.NOBODY_ELSE,
                    LockState.Manner.USUAL,
                    cells);

    private void lockAndUnlock(long deadlineNanos) {
        lock.acquire(words, LOCK, deadlineNanos, false);
        lock.release(words, LOCK);
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(100_000);
        }
    }

    private Thread waiter(String name, long deadlineNanos, int number) {
        Thread thread = Thread.ofVirtual().name(name).start(() -> lockAndUnlock(deadlineNanos));
        await(name + " waits", () -> cells.waiting(LOCK).size() == number && isParked(thread));
        return thread;
    }

    private static boolean isParked(Thread thread) {
        return thread.getState() == Thread.State.TIMED_WAITING;
    }

    @Test
    void whoQueuesBehindAnother_isAnsweredFor_whenAsked() throws Exception {
        lock.acquire(words, LOCK, Words.NEVER, false);
        Thread ahead = waiter("ahead", HOUR_NANOS, 1); // with a limit: never asked itself
        Thread behind = waiter("behind", Words.NEVER, 2);
        List<WaitList.Waiter> waiting = cells.waiting(LOCK);
        WaitList.Waiter asked = Objects.requireNonNull(waiting.getLast());

        cells.ask(words, asked);

        await("an answer", () -> cells.hasAnswered(asked.cell()));
        assertThat(cells.report(asked)).startsWith("behind\n").contains("concurrent.Semaphore");
        lock.release(words, LOCK);
        ahead.join();
        behind.join();
    }
}
