package dev.interlock.internal.pool;

import dev.interlock.RegionFullException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tasks that have a slot of the board, as the parent keeps them. Guarded by the pool's lock. */
final class Flights {
    /*
     * Messages in the queue are memory that nobody uses yet. So many bytes keep all workers busy; one larger message goes alone.
     */
    private static final long MOST_BYTES = 64L << 20;

    private final Board board;
    private final @Nullable PoolTask<?>[] bySlot = new PoolTask<?>[Board.SLOTS];
    private final long[] sizes = new long[Board.SLOTS];
    private final int[] free =
            new int[Board.SLOTS]; // as a stack: those used last are in the caches
    private int freeCount;
    private int cancelled; // their messages are still in the queue
    private long bytes;
    private long lastTicket;
    private int most; // at any time since it was last asked

    Flights(Board board) {
        this.board = board;
        for (int slot = Board.SLOTS - 1; slot >= 0; slot--) free[freeCount++] = slot;
    }

    /** How many wait for a worker, or run. */
    int count() {
        return Board.SLOTS - freeCount - cancelled;
    }

    /** How many there were at most since this was last asked. */
    int takeMost() {
        int result = most;
        most = count();
        return result;
    }

    /**
     * Puts a task into the queue, if there is room.
     *
     * @return whether it was put
     * @throws RuntimeException if there will never be room for it
     */
    boolean start(PoolTask<?> task, byte[] message) {
        boolean isAlone = freeCount == Board.SLOTS; // not even a cancelled one is in the queue
        if (freeCount == 0 || (!isAlone && bytes + message.length > MOST_BYTES)) return false;
        int slot = free[freeCount - 1];
        long ticket = lastTicket + 1;
        TaskMessage.address(message, ticket, slot);
        board.queue(slot, ticket);
        try {
            if (!board.tasks.offer(message)) return false; // a dead worker's lease is in the way
        } catch (RegionFullException e) {
            if (isAlone) throw e;
            return false; // others give memory back
        }
        lastTicket = ticket;
        freeCount--;
        bySlot[slot] = task;
        sizes[slot] = message.length;
        bytes += message.length;
        most = Math.max(most, count());
        task.slot = slot;
        task.ticket = ticket;
        return true;
    }

    /** The task of a report, which has no slot from now on. Null if that is over. */
    @Nullable PoolTask<?> end(int slot, long ticket) {
        PoolTask<?> task = bySlot[slot];
        if (task == null || task.ticket != ticket) return null;
        board.free(slot);
        bySlot[slot] = null;
        free[freeCount++] = slot;
        bytes -= sizes[slot];
        task.slot = -1;
        return task;
    }

    /** Takes the slot of a task that will not run. Called when its message was thrown away. */
    void endCancelled(int slot, long ticket) {
        if (!board.isCancelled(slot, ticket)) return;
        cancelled--;
        var _ = end(slot, ticket);
    }

    /** Whether the task was in the queue, and will not be run now. */
    boolean cancel(PoolTask<?> task) {
        if (task.slot < 0 || !board.cancel(task.slot, task.ticket)) return false;
        cancelled++;
        return true;
    }

    boolean isRunning(PoolTask<?> task) {
        return task.slot >= 0 && board.isInHand(task.slot, task.ticket);
    }

    boolean isRunning(PoolTask<?> task, int worker) {
        return task.slot >= 0 && board.isInHand(task.slot, task.ticket, worker);
    }

    /** Whether the worker may be killed for the task, and cannot get past it. */
    boolean condemn(PoolTask<?> task, int worker) {
        return task.slot >= 0 && board.condemn(task.slot, task.ticket, worker);
    }

    /** When a running task was begun, on the clock of {@link System#nanoTime()}. */
    long beginNanos(PoolTask<?> task) {
        return board.beginNanos(task.slot);
    }

    /** What a worker has in hand; null if nothing. */
    @Nullable PoolTask<?> inHandOf(int worker) {
        for (PoolTask<?> task : bySlot) {
            if (task != null && isRunning(task, worker)) return task;
        }
        return null;
    }

    /** All that have a slot, those that begun and those that did not. */
    List<PoolTask<?>> all() {
        List<PoolTask<?>> all = new ArrayList<>();
        for (PoolTask<?> task : bySlot) {
            if (task != null) all.add(task);
        }
        return all;
    }
}
