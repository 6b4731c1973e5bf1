package dev.interlock.internal.pool;

import dev.interlock.SharedQueue;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * As long as a worker is new this looks again and again instead of sleeping: to wake it, the worker would need a native call, and linking the
 * first one takes it longer than all the rest of its start.
 *
 * Errors    All futures depend on this thread, and so does the end of the pool: no Error ends it. Mostly a report was too large for what memory there
 *           is, and went back to its place. So after an Error the next report is read by itself: when not even then there is room for it,
 *           its head is enough to have its task fail with what is wrong. If that fails, too, this tries again, with pauses.
 *           An exception ends it: the region is closed, as the pool has ended; or its memory is damaged, and then the pool ends.
 */
/** Reads what workers report, until the pool has ended. */
final class Collector implements Runnable {
    private static final int MOST_AT_ONCE = 64;
    private static final long RECOVERY_NANOS = 10_000_000;
    private static final long NO_THREAD_NANOS = 100_000_000;

    private final Dispatcher dispatcher;
    private final SharedQueue<byte[]> reports;
    private final Queue<byte[]> some = new ArrayDeque<>(MOST_AT_ONCE + 1); // does not grow

    Collector(Dispatcher dispatcher, SharedQueue<byte[]> reports) {
        this.dispatcher = dispatcher;
        this.reports = reports;
    }

    @Override
    public void run() {
        boolean isInTrouble = false;
        while (!dispatcher.isEnded()) {
            try {
                if (isInTrouble) recover();
                else collect();
                isInTrouble = false;
            } catch (InterruptedException e) {
                // nobody has a reason to
            } catch (RuntimeException e) {
                dispatcher.breakDown(e);
                return;
            } catch (Error e) {
                if (isInTrouble) LockSupport.parkNanos(RECOVERY_NANOS);
                else if (!(e instanceof OutOfMemoryError)) tell(e); // that is for the task
                isInTrouble = true;
            }
        }
    }

    /** Has the calling thread's handler see what would have ended it. */
    static void tell(Throwable problem) {
        try {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, problem);
        } catch (RuntimeException | Error e) {
            // of the user's handler
        }
    }

    private void collect() throws InterruptedException {
        some.add(next());
        reports.drainTo(some, MOST_AT_ONCE);
        dispatcher.handle(some);
        if (dispatcher.crew.lacksThread()) LockSupport.parkNanos(NO_THREAD_NANOS);
    }

    private byte[] next() throws InterruptedException {
        for (long pause; (pause = dispatcher.pauseNanos()) > 0; ) {
            byte[] report = reports.poll();
            if (report != null) return report;
            LockSupport.parkNanos(pause);
        }
        return reports.take();
    }

    /* What was taken before the Error came before what it was about. */
    private void recover() {
        dispatcher.handle(some);
        Reader reader = new Reader();
        reports.poll(reader);
        if (reader.report == null) return;
        if (reader.problem != null) {
            dispatcher.handleUnread(reader.report, reader.problem);
        } else {
            some.add(reader.report);
            dispatcher.handle(some);
        }
    }

    /** Reads a report, or only its head. */
    private static final class Reader implements Consumer<MemorySegment> {
        byte @Nullable [] report;
        @Nullable OutOfMemoryError problem; // why it is only the head

        @Override
        public void accept(MemorySegment message) {
            try {
                report = message.toArray(ValueLayout.JAVA_BYTE);
            } catch (OutOfMemoryError e) {
                report = Report.headOf(message);
                problem = e;
            }
        }
    }
}
