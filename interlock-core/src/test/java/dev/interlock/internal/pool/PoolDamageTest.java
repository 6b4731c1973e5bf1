package dev.interlock.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.QueueClosedException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pool whose memory is damaged can learn nothing more of its tasks: they fail, and it ends, instead of waiting for ever. */
@Timeout(60)
class PoolDamageTest {
    private static void requireEnd(Dispatcher pool, List<ProcessHandle> workers) throws Exception {
        assertThat(pool.awaitEnd(TimeUnit.MINUTES.toNanos(1))).isTrue();
        for (ProcessHandle worker : workers) worker.onExit().get();
        assertThatThrownBy(() -> TestPools.give(pool, () -> 1))
                .isInstanceOf(RejectedExecutionException.class)
                .hasCauseInstanceOf(RuntimeException.class);
        assertThat(pool.statistics().workers()).isEmpty();
        pool.shutdown();
    }

    private static List<ProcessHandle> workers(Dispatcher pool) {
        pool.lock.lock();
        try {
            return pool.crew.all().stream()
                    .map(worker -> ProcessHandle.of(worker.process().pid()).orElseThrow())
                    .toList();
        } finally {
            pool.lock.unlock();
        }
    }

    /* A queue that is closed behind the pool's back throws as one with damaged words does. */
    @Test
    void reportsThatCannotBeRead_failTheTasks_andEndThePool() throws Exception {
        Dispatcher pool = TestPools.start("damaged", 1);
        assertThat(TestPools.give(pool, () -> 1).get()).isOne();
        List<ProcessHandle> workers = workers(pool);
        PoolTask<Integer> running = giveEndless(pool);
        pool.board.reports.close();
        assertThatThrownBy(running::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(QueueClosedException.class);
        requireEnd(pool, workers);
    }

    @Test
    void aBreakDown_failsWhatRunsAndWhatWaits_withItsReason() throws Exception {
        Dispatcher pool = TestPools.start("damaged", 1);
        PoolTask<Integer> running = giveEndless(pool);
        PoolTask<Integer> waiting = TestPools.give(pool, () -> 2);
        List<ProcessHandle> workers = workers(pool);
        IllegalStateException damage = new IllegalStateException("damaged");
        pool.breakDown(damage);
        assertThatThrownBy(running::get).hasCause(damage);
        assertThatThrownBy(waiting::get).hasCause(damage);
        assertThat(pool.attempts(running)).isZero();
        requireEnd(pool, workers);
    }

    private static PoolTask<Integer> giveEndless(Dispatcher pool) {
        PoolTask<Integer> task =
                TestPools.give(
                        pool,
                        () -> {
                            Thread.sleep(TimeUnit.HOURS.toMillis(1));
                            return 1;
                        });
        while (!isRunning(pool, task)) Thread.onSpinWait();
        return task;
    }

    private static boolean isRunning(Dispatcher pool, PoolTask<?> task) {
        pool.lock.lock();
        try {
            return pool.flights.isRunning(task);
        } finally {
            pool.lock.unlock();
        }
    }
}
