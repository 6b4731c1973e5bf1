package dev.interlock.internal.pool;

import dev.interlock.Action;
import dev.interlock.InterlockException;
import dev.interlock.Lease;
import dev.interlock.QueueClosedException;
import dev.interlock.Region;
import dev.interlock.SharedByteArray;
import dev.interlock.TaskNotSerializableException;
import dev.interlock.internal.process.Control;
import dev.interlock.internal.process.RecentClasses;
import dev.interlock.internal.process.ReportWriter;
import dev.interlock.internal.process.Unserializable;
import dev.interlock.internal.region.PreloadAccess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/*
 * Life     READY -> (a spare waits for WORK) -> lease, begin, end the lease, run, report -> ... -> System.exit(0)
 *
 * It ends when the queue of tasks is closed and empty, when the parent says LEAVE, or when it has run as many tasks or grown as large as
 * it may.
 *
 * Threads  The main thread runs the tasks. The lifeline's thread obeys the parent: it interrupts the main thread, but only in the task that
 *          is meant, or while it waits for one, to let it see that it shall leave. `this` guards that.
 *
 * Death    See Board. Out of memory: what is left of this JVM is not to be trusted, so it ends, and with it the task in hand.
 */
/** What a worker process does. Public for lambdas only. */
public final class PoolWorker implements Control.Handler {
    static final byte WORK = 2; // a spare becomes a worker
    static final byte LEAVE = 3; // after the task in hand
    static final byte INTERRUPT = 4; // the task with this ticket

    /*
     * A worker initializes this class before it reads the arguments of its task; one of them is the region, and to attach that takes it as
     * long as to make what access takes.
     */
    static {
        PreloadAccess.begin();
    }

    private static final int FAILED = 1;
    private static final int OUT_OF_MEMORY = 3; // as the JVM's own ExitOnOutOfMemoryError
    private static final long NOTHING = 0;

    private final Board board;
    private final int number;
    private final Residence residence;
    private long tasksLeft;
    private final Thread thread = Thread.currentThread();

    // guarded by this
    private long inHand = NOTHING; // a ticket
    private boolean isWaiting; // for a task
    private boolean mayWork;
    private boolean mustLeave;

    private PoolWorker(Region region, int number, int tasks, long memoryLimit, boolean isSpare) {
        this.board = Board.in(region);
        this.number = number;
        this.tasksLeft = tasks == 0 ? Long.MAX_VALUE : tasks;
        this.residence = new Residence(memoryLimit);
        this.mayWork = !isSpare;
    }

    /** The task of the child process that a worker is. */
    static Action task(
            Region region,
            @Nullable SharedByteArray setup,
            int number,
            int tasks,
            long memoryLimit,
            boolean isSpare) {
        String classes = RecentClasses.likely();
        return () -> main(region, setup, number, tasks, memoryLimit, isSpare, classes);
    }

    /** The main program of a worker. Its arguments are plain ones, which need no object stream. */
    public static void main(
            Region region,
            @Nullable SharedByteArray setup,
            int number,
            int tasks,
            long memoryLimit,
            boolean isSpare,
            String classes) {
        LikelyLoader.begin(classes);
        PoolWorker worker = new PoolWorker(region, number, tasks, memoryLimit, isSpare);
        Control.listen(worker);
        int code = FAILED;
        try {
            if (worker.prepare(setup)) {
                worker.workUntilEnd();
                code = 0;
            }
        } catch (QueueClosedException e) {
            code = 0; // the pool has ended
        } catch (Throwable e) { // which is a bug, or the end of this JVM
            System.err.print("A worker fails: " + ReportWriter.stackTrace(e));
        } finally {
            System.exit(code);
        }
    }

    /** Works on one task that is there. */
    static void practise(Region region, Board board) throws InterruptedException {
        PoolWorker worker = new PoolWorker(region, 1, 1, 0, false);
        var _ = worker.prepare(null);
        worker.work(board.tasks.takeLease());
    }

    @Override
    public synchronized void obey(byte kind, long value) {
        if (kind == WORK) mayWork = true;
        if (kind == LEAVE) mustLeave = true;
        boolean isMeant = kind == LEAVE ? isWaiting : kind == INTERRUPT && inHand == value;
        if (isMeant) thread.interrupt();
        notifyAll();
    }

    /** False if the initializer failed, which the parent is told. */
    private boolean prepare(@Nullable SharedByteArray setup) {
        try {
            Setup.run(setup);
        } catch (OutOfMemoryError e) {
            throw endForWantOfMemory(e);
        } catch (Throwable failure) {
            put(unfit(failure));
            return false;
        }
        put(Report.of(Report.READY, number));
        return true;
    }

    private byte[] unfit(Throwable failure) {
        try {
            return Report.unfit(number, failure);
        } catch (IOException e) {
            throw new AssertionError(e); // it goes to memory
        }
    }

    private void workUntilEnd() {
        awaitWork();
        Lease<byte[]> lease;
        while ((lease = next()) != null) {
            work(lease);
            if (tasksLeft == 0 || residence.isTooLarge()) return;
        }
    }

    private synchronized void awaitWork() {
        while (!mayWork && !mustLeave) {
            try {
                wait();
            } catch (InterruptedException e) {
                // by a thread that the initializer started
            }
        }
    }

    /** Null if this process is to leave. */
    private @Nullable Lease<byte[]> next() {
        while (startWaiting()) { // again if somebody else interrupted: a thread that a task started
            try {
                return board.tasks.takeLease();
            } catch (InterruptedException e) {
                // look again whether to leave
            } finally {
                endWaiting();
            }
        }
        return null;
    }

    private synchronized boolean startWaiting() {
        isWaiting = !mustLeave;
        return isWaiting;
    }

    private synchronized void endWaiting() {
        isWaiting = false;
        boolean _ = Thread.interrupted(); // what it was about is seen next time
    }

    private void work(Lease<byte[]> lease) {
        byte[] message = lease.message();
        ByteBuffer head = ByteBuffer.wrap(message);
        long ticket = head.getLong(0);
        int slot = head.getInt(TaskMessage.SLOT_AT);
        boolean begun = begin(slot, ticket);
        if (!begun) put(Report.skipped(number, slot, ticket));
        lease.ack();
        if (!begun) return;
        tasksLeft--;
        run(message, slot, ticket);
    }

    private boolean begin(int slot, long ticket) {
        hold(ticket); // before others can see that it runs, and interrupt it
        boolean begun = board.begin(slot, ticket, number);
        if (!begun) hold(NOTHING);
        return begun;
    }

    private synchronized void hold(long ticket) {
        inHand = ticket;
        boolean _ = Thread.interrupted(); // it was meant for the task before
    }

    private void run(byte[] message, int slot, long ticket) {
        Calls calls = new Calls();
        Throwable failure = null;
        long began = System.nanoTime();
        try {
            calls.run(message);
        } catch (OutOfMemoryError e) {
            throw endForWantOfMemory(e);
        } catch (Throwable e) {
            failure = e;
        }
        hold(NOTHING);
        putResult(slot, ticket, calls, failure, began);
    }

    private void putResult(
            int slot, long ticket, Calls calls, @Nullable Throwable failure, long began) {
        try {
            byte[] report = report(slot, ticket, calls, failure);
            Report.putNanos(report, System.nanoTime() - began);
            if (!board.beginReport(slot, ticket, number)) awaitDeath();
            put(report);
        } catch (OutOfMemoryError e) {
            throw endForWantOfMemory(e);
        } catch (InterlockException | IllegalArgumentException e) { // there is no room for so much
            put(failure(slot, ticket, e));
        }
    }

    private byte[] report(int slot, long ticket, Calls calls, @Nullable Throwable failure) {
        try {
            if (failure == null) return Report.result(number, slot, ticket, calls.results());
            return Report.failure(number, slot, ticket, failure, calls.results());
        } catch (OutOfMemoryError e) {
            throw endForWantOfMemory(e);
        } catch (Throwable e) { // of the user's methods that write the results
            return unserializable(slot, ticket, calls.results());
        }
    }

    /* The results before the first that cannot be sent, and that one as a failure. */
    private byte[] unserializable(int slot, long ticket, @Nullable Object[] results) {
        for (int i = 0; i < results.length; i++) {
            try {
                byte[] _ = Report.result(number, slot, ticket, results[i]);
            } catch (Throwable e) {
                return failure(slot, ticket, unsent(results[i], e), Arrays.copyOf(results, i));
            }
        }
        return failure(
                slot,
                ticket,
                new InterlockException(
                        "The results can be sent one by one, but not together. Use a chunk size of 1."));
    }

    private static Throwable unsent(@Nullable Object result, Throwable problem) {
        try {
            return Unserializable.result(result, problem);
        } catch (Throwable again) { // it writes the result once more, to see what of it cannot be
            // written
            return new TaskNotSerializableException(
                    "Cannot send the task's result back: writing it failed with " + problem + ".",
                    problem);
        }
    }

    /* The parent has decided to kill this process. */
    private static void awaitDeath() {
        while (true) LockSupport.park();
    }

    private byte[] failure(int slot, long ticket, Throwable failure, @Nullable Object... results) {
        try {
            return Report.failure(number, slot, ticket, failure, results);
        } catch (IOException e) {
            throw new AssertionError(e); // these results were written before
        }
    }

    /* What was said is said, even if a thread of a task interrupts this one. */
    private void put(byte[] report) {
        while (true) { // until it was put
            try {
                board.reports.put(report);
                return;
            } catch (InterruptedException e) {
                // once more
            }
        }
    }

    private static Error endForWantOfMemory(OutOfMemoryError problem) {
        try {
            problem.printStackTrace(); // which the parent shows with the death
            System.err.flush();
        } finally {
            Runtime.getRuntime().halt(OUT_OF_MEMORY);
        }
        return problem;
    }
}
