package dev.interlock.internal.pool;

import dev.interlock.Codec;
import dev.interlock.QueueOptions;
import dev.interlock.Region;
import dev.interlock.SharedLongArray;
import dev.interlock.SharedQueue;
import dev.interlock.internal.os.KillPoints;

/*
 * Objects      tasks     queue, parent to workers: messages as PoolMessage writes them; at most SLOTS, so there is always a place
 *              reports   queue, workers to parent
 *              words     for each slot: its word, and when its task was begun (nanoTime, written before the word says RUNNING)
 *
 * Word         63..24: ticket | 23..3: worker | 2..0: state          a ticket is used once
 *
 * States       FREE       no task                           the parent puts a task's message into the queue: QUEUED
 *              QUEUED     its message is in the queue       a worker that has leased the message: CAS to RUNNING, and only then ends the
 *                                                           lease;  the parent, to cancel: CAS to CANCELLED
 *              RUNNING    by the worker                     the worker is about to report: CAS to REPORTING;  the parent is about to
 *                                                           kill it: CAS to CONDEMNED;  the worker dies: FREE
 *              REPORTING  its end cannot be changed         the parent reads the report: FREE;  the worker dies before: FREE
 *              CONDEMNED  the worker does nothing any more  it dies: FREE
 *              CANCELLED  its message is in the queue       a worker that has leased the message reports it: FREE
 *
 * Invariants   B1 A task is begun by whoever makes its word RUNNING, and so at most once for each ticket.
 *              B2 A slot is free only when no message of its ticket can be in the queue, except one that a dead worker had leased, or one
 *                 that was put by a call that ended in an Error: whoever gets that finds another word, and throws it away.
 *              B3 Who is killed for a task dies in that task: it gets to the next only past REPORTING, and is killed only past CONDEMNED.
 *              B4 What a worker reported before it died is in the queue of reports before the parent's own note of the death.
 *
 * Death        of a worker before the CAS: the queue delivers the message again, to another;  after it: the parent sees RUNNING by the
 *              dead when it has read all that was reported before: the task in hand failed, and no other.
 *              Of the parent: the workers' lifelines end, and with the last process the region.
 */
/** The memory that a pool and its workers share. */
final class Board {
    static final int SLOTS = 1024;

    private static final int QUEUED = 1;
    private static final int RUNNING = 2;
    private static final int CANCELLED = 3;
    private static final int REPORTING = 4;
    private static final int CONDEMNED = 5;
    private static final int STATE = 7;
    private static final int WORKER_SHIFT = 3;
    private static final int TICKET_SHIFT = 24;
    private static final int WORKERS = (1 << (TICKET_SHIFT - WORKER_SHIFT)) - 1; // as a mask

    private static final int BYTES_IN_SLOT = 240;

    /** Tasks on their way to workers. */
    final SharedQueue<byte[]> tasks;

    /** What workers say, and the parent's own notes in between. */
    final SharedQueue<byte[]> reports;

    private final SharedLongArray words;

    private Board(Region region) {
        QueueOptions options = QueueOptions.capacity(SLOTS).messageBytes(BYTES_IN_SLOT);
        tasks = region.queue("tasks", options, Codec.byteArrays());
        reports = region.queue("reports", options, Codec.byteArrays());
        words = region.longArray("words", 2L * SLOTS);
    }

    /** That of a region, made if need be. */
    static Board in(Region region) {
        return new Board(region);
    }

    private static long word(long ticket, int worker, int state) {
        return ticket << TICKET_SHIFT | (long) (worker & WORKERS) << WORKER_SHIFT | state;
    }

    /** Called by the parent, before it puts the message into the queue. */
    void queue(int slot, long ticket) {
        words.set(slot, word(ticket, 0, QUEUED));
    }

    /** Called by a worker that has leased the message. False if the task must not run. */
    boolean begin(int slot, long ticket, int worker) {
        long queued = word(ticket, 0, QUEUED);
        if (words.get(slot) != queued) return false;
        KillPoints.step();
        words.set(SLOTS + slot, System.nanoTime()); // nobody else has the lease
        KillPoints.step();
        return words.compareAndSet(slot, queued, word(ticket, worker, RUNNING));
    }

    /** Called by the worker that runs the task, before it says how that went. False if it is to be killed. */
    boolean beginReport(int slot, long ticket, int worker) {
        KillPoints.step();
        return words.compareAndSet(
                slot, word(ticket, worker, RUNNING), word(ticket, worker, REPORTING));
    }

    /** Called by the parent. False if the worker does not run the task any more, and so must not be killed for it. */
    boolean condemn(int slot, long ticket, int worker) {
        return words.compareAndSet(
                slot, word(ticket, worker, RUNNING), word(ticket, worker, CONDEMNED));
    }

    /** Called by the parent. False if the task runs, or did. */
    boolean cancel(int slot, long ticket) {
        return words.compareAndSet(slot, word(ticket, 0, QUEUED), word(ticket, 0, CANCELLED));
    }

    /** Called by the parent. Whether the slot is that ticket's, which was queued then. */
    boolean isOf(int slot, long ticket) {
        return words.get(slot) >>> TICKET_SHIFT == ticket;
    }

    /** Called by the parent, when there is neither a message nor a worker with the task in hand. */
    void free(int slot) {
        words.set(slot, 0);
    }

    /** A task's slot and ticket. */
    record Place(int slot, long ticket) {}

    /** Whether the task's report is in the queue, or about to be. */
    boolean isReporting(Place place) {
        long word = words.get(place.slot);
        return word >>> TICKET_SHIFT == place.ticket && ((int) word & STATE) == REPORTING;
    }

    /** Whether the task was cancelled before any worker began it. */
    boolean isCancelled(int slot, long ticket) {
        return words.get(slot) == word(ticket, 0, CANCELLED);
    }

    /** Whether a worker has begun the task, and the parent has not seen its end. */
    boolean isInHand(int slot, long ticket) {
        long word = words.get(slot);
        return word >>> TICKET_SHIFT == ticket && isInHand(word);
    }

    /** Whether it is this worker that has begun it. */
    boolean isInHand(int slot, long ticket, int worker) {
        long word = words.get(slot);
        return (word | STATE) == word(ticket, worker, STATE) && isInHand(word);
    }

    private static boolean isInHand(long word) {
        int state = (int) word & STATE;
        return state == RUNNING || state == REPORTING || state == CONDEMNED;
    }

    /** When the task was begun, on the clock of {@link System#nanoTime()}, which all processes of a machine share. */
    long beginNanos(int slot) {
        return words.get(SLOTS + slot);
    }
}
