package dev.interlock.internal.pool;

import dev.interlock.RegionFullException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tasks that have a slot of the board, as the parent keeps them. Guarded by the pool's lock. */
final class Flights {
    /*
     * Bytes     Messages in the queue are memory that nobody uses yet. So many bytes keep all workers busy; one larger message goes alone.
     *
     * Doubt     An Error in the middle of putting a message into the queue, as at the end of the stack, leaves open whether it is there. So
     *           slot and ticket are taken before, and counted as cancelled until it is known. Whoever comes next tries to cancel. If that
     *           is too late, a worker has begun it: then it was given. If not, it does not run: the slot is free, and whoever gets the message,
     *           if there is one, finds another word there. The ticket is not used again.
     */
    private static final long MOST_BYTES = 64L << 20;

    private static final int NONE = -1;

    private final Board board;
    private final @Nullable PoolTask<?>[] bySlot = new PoolTask<?>[Board.SLOTS];
    private final long[] tickets = new long[Board.SLOTS];
    private final long[] sizes = new long[Board.SLOTS];
    private int doubtful = NONE; // the slot
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
        settleDoubt();
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
        settleDoubt();
        if (task.slot >= 0) return true; // as has turned out
        boolean isAlone =
                bytes == 0; // as far as is known, not even a cancelled one is in the queue
        if (freeCount == 0 || (!isAlone && bytes + message.length > MOST_BYTES)) return false;
        int slot = take(task, message.length);
        TaskMessage.address(message, task.ticket, slot);
        boolean isPut = false;
        try {
            board.queue(slot, task.ticket);
            isPut = board.tasks.offer(message); // or a dead worker's lease is in the way
        } catch (RegionFullException e) {
            giveBack(slot);
            if (isAlone) throw e;
            return false; // others give memory back
        } catch (RuntimeException e) {
            giveBack(slot);
            throw e;
        }
        if (!isPut) {
            giveBack(slot);
            return false;
        }
        doubtful = NONE;
        cancelled--;
        most = Math.max(most, count());
        return true;
    }

    /* Calls nothing: what it begins it does. */
    private int take(PoolTask<?> task, int size) {
        int slot = free[--freeCount];
        doubtful = slot;
        cancelled++;
        bySlot[slot] = task;
        tickets[slot] = ++lastTicket;
        sizes[slot] = size;
        bytes += size;
        task.slot = slot;
        task.ticket = lastTicket;
        return slot;
    }

    /* Of a message that is not in the queue. */
    private void giveBack(int slot) {
        doubtful = NONE;
        cancelled--;
        free(slot);
    }

    private void settleDoubt() {
        if (doubtful == NONE) return;
        int slot = doubtful;
        if (!board.isOf(slot, tickets[slot])) { // it did not come so far
            giveBack(slot);
        } else if (board.cancel(slot, tickets[slot])) {
            board.free(slot);
            giveBack(slot);
        } else {
            doubtful = NONE;
            cancelled--;
        }
    }

    /** The task of a report, which has no slot from now on. Null if that is over. */
    @Nullable PoolTask<?> end(int slot, long ticket) {
        if (doubtful == slot) settleDoubt();
        if (tickets[slot] != ticket) return null;
        PoolTask<?> task = bySlot[slot];
        board.free(slot);
        free(slot);
        return task;
    }

    private void free(int slot) {
        letGo(slot);
        tickets[slot] = 0;
        free[freeCount++] = slot;
        bytes -= sizes[slot];
    }

    private void letGo(int slot) {
        PoolTask<?> task = bySlot[slot];
        bySlot[slot] = null;
        if (task != null) task.slot = NONE;
    }

    /** The board cannot be used any more: no task has a slot. */
    void abandon() {
        for (int slot = 0; slot < Board.SLOTS; slot++) letGo(slot);
        cancelled = Board.SLOTS - freeCount;
        doubtful = NONE;
    }

    /** Takes the slot of a task that will not run. Called when its message was thrown away. */
    void endCancelled(int slot, long ticket) {
        if (!board.isCancelled(slot, ticket)) return;
        cancelled--;
        var _ = end(slot, ticket);
    }

    /** Whether the task was in the queue, and will not be run now. */
    boolean cancel(PoolTask<?> task) {
        settleDoubt();
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
        settleDoubt();
        List<PoolTask<?>> all = new ArrayList<>();
        for (PoolTask<?> task : bySlot) {
            if (task != null) all.add(task);
        }
        return all;
    }
}
