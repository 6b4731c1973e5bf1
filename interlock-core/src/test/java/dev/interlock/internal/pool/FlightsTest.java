package dev.interlock.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Lease;
import dev.interlock.Region;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Slots and places, where the test is the worker. */
@SuppressWarnings("NullAway.Init")
class FlightsTest {
    private static final int WORKER = 1;

    private Region region;
    private Board board;
    private Flights flights;

    @BeforeEach
    void makeBoard() {
        region = Region.temporary();
        board = Board.in(region);
        flights = new Flights(board);
    }

    @AfterEach
    void closeRegion() {
        region.close();
    }

    private PoolTask<Object> start() {
        PoolTask<Object> task = task();
        assertThat(flights.start(task, task.message())).isTrue();
        return task;
    }

    @SuppressWarnings("NullAway") // nobody asks it for anything
    private static PoolTask<Object> task() {
        byte[] message = TaskMessage.of(new byte[0]);
        return new PoolTask<>(null, "a task", message, false);
    }

    /** Begins, ends and reports a task as a worker does. */
    private void work(PoolTask<?> task) throws InterruptedException {
        Lease<byte[]> lease = board.tasks.takeLease();
        assertThat(board.begin(task.slot, task.ticket, WORKER)).isTrue();
        lease.ack();
        assertThat(flights.end(task.slot, task.ticket)).isSameAs(task);
    }

    /** Has one worker hold the oldest message while another works until the queue has come round to it. */
    private Lease<byte[]> fillQueue() throws InterruptedException {
        PoolTask<?> _ = start();
        Lease<byte[]> slow = board.tasks.takeLease();
        for (int i = 1; i < Board.SLOTS; i++) work(start());
        return slow;
    }

    @Test
    void aTaskThatFindsNoPlace_leavesNoTrace() throws Exception {
        Lease<byte[]> slow = fillQueue();
        PoolTask<Object> task = task();
        assertThat(flights.start(task, task.message())).isFalse();
        assertThat(flights.count()).isOne(); // the slow worker's
        assertThat(flights.all()).doesNotContain(task);
        assertThat(flights.cancel(task)).isFalse();
        slow.ack();
        work(start());
    }

    @Test
    void aTaskThatWasCancelledBeforeItFindsNoPlace_leavesNoTrace() throws Exception {
        Lease<byte[]> slow = fillQueue();
        PoolTask<Object> task = task();
        byte[] message = task.message();
        assertThat(flights.reserve(task, message)).isTrue();
        assertThat(flights.cancel(task)).isTrue();
        assertThat(flights.send(message)).isFalse();
        flights.takeBack(task);
        assertThat(flights.count()).isOne();
        assertThat(flights.all()).hasSize(1);
        slow.ack();
        work(start());
    }

    @Test
    void aTaskThatWasCancelledBeforeItIsSent_isNotBegun() throws Exception {
        PoolTask<Object> task = task();
        byte[] message = task.message();
        assertThat(flights.reserve(task, message)).isTrue();
        assertThat(flights.cancel(task)).isTrue();
        assertThat(flights.count()).isZero();
        assertThat(flights.send(message)).isTrue();
        Lease<byte[]> lease = board.tasks.takeLease();
        assertThat(board.begin(task.slot, task.ticket, WORKER)).isFalse();
        lease.ack();
        flights.endCancelled(task.slot, task.ticket);
        assertThat(flights.all()).isEmpty();
    }
}
