package dev.interlock.internal.pool;

import dev.interlock.SharedQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/*
 * As long as a worker is new this looks again and again instead of sleeping: to wake it, the worker would need a native call, and linking the
 * first one takes it longer than all the rest of its start.
 */
/** Reads what workers report, until the pool has ended. */
final class Collector implements Runnable {
    private static final int MOST_AT_ONCE = 64;
    private static final long PAUSE_NANOS = 100_000;

    private final Dispatcher dispatcher;
    private final SharedQueue<byte[]> reports;

    Collector(Dispatcher dispatcher, SharedQueue<byte[]> reports) {
        this.dispatcher = dispatcher;
        this.reports = reports;
    }

    @Override
    public void run() {
        List<byte[]> some = new ArrayList<>();
        while (!dispatcher.isEnded()) {
            try {
                some.add(next());
            } catch (InterruptedException e) {
                continue; // nobody has a reason to
            } catch (IllegalStateException e) {
                return; // the pool has ended, and its region is closed
            }
            reports.drainTo(some, MOST_AT_ONCE);
            dispatcher.handle(some);
            some.clear();
        }
    }

    private byte[] next() throws InterruptedException {
        while (dispatcher.hasNewWorkers()) { // or there is a report
            byte[] report = reports.poll();
            if (report != null) return report;
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return reports.take();
    }
}
