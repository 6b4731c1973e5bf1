package dev.interlock.internal.pool;

import dev.interlock.SharedQueue;
import java.util.ArrayList;
import java.util.List;

/** Reads what workers report, until the pool has ended. */
final class Collector implements Runnable {
    private static final int MOST_AT_ONCE = 64;

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
                some.add(reports.take());
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
}
