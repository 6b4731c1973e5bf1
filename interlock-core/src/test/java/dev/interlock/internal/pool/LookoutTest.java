package dev.interlock.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The order in which a caller that looks and the collector handle reports. */
@Timeout(60)
class LookoutTest {
    private static final String NAME = "looked-at";
    private static final int LOOKS = 300;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    @Test
    void theEndOfAWorker_isNotHandledBeforeWhatItReported_thoughTheCollectorHasThatInHand()
            throws Exception {
        Dispatcher pool = TestPools.start(NAME, 1);
        try {
            PoolTask<Integer> first = give(pool);
            assertThat(first.get()).isOne();
            awaitThat(() -> pool.pauseNanos() == 0); // as long, the collector does not sleep
            PoolTask<Integer> second = give(pool);
            assertThat(second.settled.get().failure()).isNull(); // waited for without a look
            Thread collector = collector();
            awaitThat(() -> isInTake(collector)); // before that it takes the lock once more

            PoolTask<Integer> task;
            pool.lock.lock();
            try {
                task = give(pool);
                awaitThat(() -> pool.lock.hasQueuedThread(collector)); // has the report in hand
                Worker worker = pool.crew.all().iterator().next();
                worker.kill();
                var _ = worker.process().onExit().get();
                for (int i = 0; i < LOOKS; i++) { // the note of the end comes meanwhile
                    pool.readReport();
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
                assertThat(task.isDone()).isFalse();
            } finally {
                pool.lock.unlock();
            }
            assertThat(task.get()).isOne();
            PoolTask<Integer> last = give(pool);
            assertThat(last.get()).isOne(); // by another worker
        } finally {
            pool.shutdown();
            assertThat(pool.awaitEnd(TimeUnit.MINUTES.toNanos(1))).isTrue();
        }
    }

    private static PoolTask<Integer> give(Dispatcher pool) {
        return TestPools.give(pool, () -> 1);
    }

    private static Thread collector() {
        for (Thread thread : Thread.getAllStackTraces().keySet())
            if (thread.getName().equals("interlock-" + NAME)) return thread;
        throw new AssertionError("There is no collector");
    }

    private static boolean isInTake(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace())
            if (frame.getMethodName().equals("take")) return true;
        return false;
    }

    private static void awaitThat(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) LockSupport.parkNanos(PAUSE_NANOS);
    }
}
