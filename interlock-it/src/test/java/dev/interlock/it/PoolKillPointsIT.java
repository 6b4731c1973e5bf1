package dev.interlock.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.PoolFuture;
import dev.interlock.ProcessDiedException;
import dev.interlock.ProcessPool;
import dev.interlock.Region;
import dev.interlock.RetryPolicy;
import dev.interlock.SharedIntArray;
import dev.interlock.internal.os.KillPoints;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A worker is killed before every single step that others can see, from the end of one task, over taking, beginning and reporting the next, to
 * the end of a third: exactly the task in hand fails, none runs twice, none is lost; or each is run again, if the pool does that.
 */
@Timeout(600)
class PoolKillPointsIT {
    private static final int MOST_STEPS = 200;
    private static final int TASKS = 3; // after the one that sets the trap

    /* Workers live so shortly that compiling would cost them half of all they do. */
    private static ProcessPool.Builder builder() {
        return ProcessPool.builder().workers(1).jvmOptions("-Xint", "-Dinterlock.killpoints=true");
    }

    /** Sets the trap for this worker: from here on it dies before the k-th step. */
    static int arm(SharedIntArray begun, int k) {
        begun.getAndAdd(0, 1);
        if (begun.get(0) == 1) KillPoints.dieAtStep(k); // not when it is run again
        return 0;
    }

    static int task(SharedIntArray begun, int number) {
        begun.getAndAdd(number, 1);
        return number;
    }

    static long disarm() {
        return KillPoints.disarm();
    }

    @Test
    void exactlyTheTaskInHandFails() throws Exception {
        int kills = 0;
        StringBuilder failed = new StringBuilder(); // which task, by step
        try (Region region = Region.temporary();
                ProcessPool pool = builder().start()) {
            boolean died = true;
            for (int k = 1; died; k++) {
                assertThat(k).isLessThan(MOST_STEPS);
                SharedIntArray begun = region.intArray(TASKS + 1);
                List<PoolFuture<Integer>> futures = submit(pool, begun, k);
                int failures = 0;
                for (int i = 0; i <= TASKS; i++) {
                    boolean isDead = isDead(futures.get(i), i, k);
                    if (isDead) failures++;
                    if (isDead) failed.append(i);
                    assertThat(begun.get(i))
                            .as("step %d, task %d begun", k, i)
                            .isBetween(isDead ? 0 : 1, 1);
                }
                assertThat(failures).as("failures at step %d", k).isLessThanOrEqualTo(1);
                died = !endTrap(pool);
                if (died) kills++;
                if (died && failures == 0) failed.append('-');
            }
        }
        System.out.println("Steps " + kills + ", tasks that failed: " + failed);
        assertThat(kills).isGreaterThan(20);
        // A step more or less is taken each time, by how long the worker waited, so the order is
        // not exact at the borders.
        assertThat(failed.toString()).startsWith("0").contains("1", "2", "3");
    }

    @Test
    void withRetries_noTaskFails() throws Exception {
        int kills = 0;
        try (Region region = Region.temporary();
                ProcessPool pool = builder().retryPolicy(RetryPolicy.onDeath(1)).start()) {
            boolean died = true;
            for (int k = 1; died; k += 3) { // the steps are the same as above
                SharedIntArray begun = region.intArray(TASKS + 1);
                List<PoolFuture<Integer>> futures = submit(pool, begun, k);
                int twice = 0;
                for (int i = 0; i <= TASKS; i++) {
                    assertThat(futures.get(i).get(1, TimeUnit.MINUTES)).isEqualTo(i);
                    assertThat(begun.get(i)).as("step %d, task %d begun", k, i).isBetween(1, 2);
                    if (begun.get(i) == 2) twice++;
                }
                assertThat(twice).as("tasks that ran twice at step %d", k).isLessThanOrEqualTo(1);
                died = !endTrap(pool);
                if (died) kills++;
            }
        }
        assertThat(kills).isGreaterThan(6);
    }

    private static List<PoolFuture<Integer>> submit(ProcessPool pool, SharedIntArray begun, int k) {
        List<PoolFuture<Integer>> futures = new ArrayList<>();
        futures.add(pool.submit(() -> arm(begun, k)));
        for (int i = 1; i <= TASKS; i++) {
            int number = i;
            futures.add(pool.submit(() -> task(begun, number)));
        }
        return futures;
    }

    private static boolean isDead(PoolFuture<Integer> future, int number, int k) throws Exception {
        try {
            assertThat(future.get(1, TimeUnit.MINUTES)).isEqualTo(number);
            return false;
        } catch (ExecutionException e) {
            assertThat(e).as("step %d", k).hasCauseInstanceOf(ProcessDiedException.class);
            return true;
        }
    }

    /** Whether the worker lives that has the trap. */
    private static boolean endTrap(ProcessPool pool) throws Exception {
        try {
            return pool.submit(() -> disarm()).get(1, TimeUnit.MINUTES) < MOST_STEPS;
        } catch (ExecutionException e) {
            return false; // it went off just now
        }
    }
}
