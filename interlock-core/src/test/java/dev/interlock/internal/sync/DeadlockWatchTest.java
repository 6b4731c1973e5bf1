package dev.interlock.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.internal.sync.LockState.Acquired;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A thread that has found a deadlock and asks a thread for its stack that does not answer, while the clock stands. */
class DeadlockWatchTest {
    private static final long A = 1024;
    private static final long B = 2048;
    private static final long PATIENCE_NANOS = 1_000_000;
    private static final long WATCHDOG_SECONDS = 30;

    private final ArrayWords words = new ArrayWords(ArrayCells.BYTES);
    private final WaitCells cells = ArrayCells.in(words).cells(PATIENCE_NANOS);
    private final LockState a = lock();
    private final LockState b = lock();
    private final ExecutorService silent =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
    private long silentCell;

    private LockState lock() {
        return new LockState(
                ArrayCells.SLOT,
                ArrayCells.GENERATION,
                ArrayCells.NOBODY_ELSE,
                LockState.Manner.USUAL,
                cells);
    }

    @BeforeEach
    void theSilentOwnsBAndWaitsForA() throws Exception {
        silentCell =
                silent.submit(
                                () -> {
                                    b.acquire(words, B, Words.NEVER, false);
                                    return cells.enter(WaitCell.Kind.LOCK, A, 1, 0);
                                })
                        .get(WATCHDOG_SECONDS, TimeUnit.SECONDS);
    }

    @AfterEach
    void end() {
        silent.shutdown();
    }

    /* Owns A and waits for B. On return it has asked the other. */
    private Asker ask(boolean interruptible) {
        Asker asker = new Asker(interruptible);
        await(
                "the other was asked",
                () -> {
                    words.advance(PATIENCE_NANOS);
                    return words.get(silentCell + WaitCell.REPORT) == WaitCell.ASKED;
                });
        return asker;
    }

    private final class Asker {
        private final FutureTask<Acquired> task;
        private final Thread thread;
        private volatile boolean interrupted;

        Asker(boolean interruptible) {
            task =
                    new FutureTask<>(() -> {
                        a.acquire(words, A, Words.NEVER, false);
                        Acquired result = b.acquire(words, B, Words.NEVER, interruptible);
                        interrupted = Thread.interrupted();
                        return result;
                    });
            thread = Thread.ofPlatform().daemon().start(task);
        }

        Acquired result() throws Exception {
            return task.get(WATCHDOG_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WATCHDOG_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(100_000);
        }
    }

    private void theSilentUnlocks() throws Exception {
        silent.submit(() -> b.release(words, B)).get(WATCHDOG_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void anInterrupt_endsIt() throws Exception {
        Asker asker = ask(true);
        asker.thread.interrupt();
        assertThat(asker.result()).isEqualTo(Acquired.INTERRUPTED);
    }

    @Test
    void aLockThatBecomesFree_isTaken() throws Exception {
        Asker asker = ask(true);
        theSilentUnlocks();
        assertThat(asker.result()).isEqualTo(Acquired.YES);
    }

    @Test
    void anInterruptOfAWaitThatHeedsNone_isKept() throws Exception {
        Asker asker = ask(false);
        asker.thread.interrupt();
        theSilentUnlocks();
        assertThat(asker.result()).isEqualTo(Acquired.YES);
        assertThat(asker.interrupted).isTrue();
    }
}
