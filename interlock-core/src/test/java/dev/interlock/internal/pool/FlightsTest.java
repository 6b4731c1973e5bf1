package dev.interlock.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.Region;
import dev.interlock.Task;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Slots of tasks whose message was being put into the queue when an exception or error came between. */
@Timeout(60)
class FlightsTest {
    private static final int TOO_SHORT = 1; // for an address

    private final Dispatcher pool = TestPools.start("flights", 0);
    private final Region region = Region.temporary();
    private final Board board = Board.in(region);
    private final Flights flights = new Flights(board);

    @AfterEach
    void close() throws Exception {
        region.close();
        pool.shutdown();
        assertThat(pool.awaitEnd(TimeUnit.MINUTES.toNanos(1))).isTrue();
    }

    private static byte[] message() {
        Task<Integer> one = () -> 1;
        return TaskMessage.ofTask(one, true);
    }

    private PoolTask<Integer> task() {
        return TestPools.task(pool, () -> 1);
    }

    @Test
    void messagesThatWereNotPut_costNoSlot_andNoTicketTwice() {
        long last = 0;
        for (int i = 0; i < 2 * Board.SLOTS; i++) {
            PoolTask<Integer> task = task();
            assertThatThrownBy(() -> flights.start(task, new byte[TOO_SHORT]))
                    .isInstanceOf(RuntimeException.class);
            assertThat(task.ticket).isGreaterThan(last);
            last = task.ticket;
        }
        assertThat(flights.count()).isZero();
        for (int i = 0; i < Board.SLOTS; i++) {
            PoolTask<Integer> task = task();
            assertThat(flights.start(task, message())).isTrue();
            assertThat(task.ticket).isGreaterThan(last);
            last = task.ticket;
        }
        assertThat(flights.count()).isEqualTo(Board.SLOTS);
        assertThat(flights.start(task(), message())).isFalse();
    }

    @Test
    void aCancelledTask_keepsItsSlot_untilItsMessageIsThrownAway() {
        PoolTask<Integer> task = task();
        assertThat(flights.start(task, message())).isTrue();
        int slot = task.slot;
        assertThat(flights.cancel(task)).isTrue();
        assertThat(flights.cancel(task)).isFalse();
        assertThat(flights.count()).isZero();
        flights.endCancelled(slot, task.ticket);
        assertThat(task.slot).isNegative();
        assertThat(flights.end(slot, task.ticket)).isNull();
        assertThat(flights.count()).isZero();
    }
}
