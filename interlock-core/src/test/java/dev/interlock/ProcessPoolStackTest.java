package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tasks that are submitted where the stack is nearly full: they are refused by an error, or run; the pool serves everybody else. */
@Timeout(180)
class ProcessPoolStackTest {
    private static final int TIMES = 1000;
    private static final int MOST_FRAMES_LEFT = 1000;
    private static final long SMALL_STACK_BYTES = 256 << 10;

    @Test
    void callersAtTheEndOfTheirStack_doNoHarmToThePool() throws Exception {
        long seed = Long.getLong("interlock.seed", System.nanoTime() & 0xFFFF_FFFFL);
        System.out.println("submitted from deep down: -Dinterlock.seed=" + seed);
        Random random = new Random(seed);
        AtomicInteger refused = new AtomicInteger();
        AtomicInteger accepted = new AtomicInteger();
        try (ProcessPool pool = ProcessPool.of(1)) {
            pool.submit(() -> 0)
                    .get(); // a class that cannot be initialized for want of a stack never can be
            for (int i = 0; i < TIMES; i++) {
                int number = i;
                var height = new AtomicInteger(random.nextInt(MOST_FRAMES_LEFT));
                Runnable deep = () -> submitFromDeepDown(pool, height, accepted);
                Thread caller = new Thread(null, deep, "deep", SMALL_STACK_BYTES);
                caller.setUncaughtExceptionHandler((_, _) -> refused.incrementAndGet());
                caller.start();
                caller.join();
                assertThat(pool.submit(() -> number).get(20, TimeUnit.SECONDS)).isEqualTo(i);
            }
        }
        assertThat(refused.get()).as("errors").isPositive();
        assertThat(accepted.get()).as("tasks").isPositive();
    }

    /* Submits in a frame that has about so many below it. */
    @SuppressWarnings("InfiniteRecursion") // it is to fill the stack
    private static void submitFromDeepDown(
            ProcessPool pool, AtomicInteger height, AtomicInteger accepted) {
        try {
            submitFromDeepDown(pool, height, accepted);
        } catch (StackOverflowError full) {
            if (height.getAndDecrement() != 0) throw full;
            var _ = pool.submit(() -> -1);
            accepted.incrementAndGet();
        }
    }
}
