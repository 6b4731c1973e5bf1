package dev.interlock.internal.pool;

import java.util.concurrent.TimeUnit;

/*
 * Looks several times per limit, as long as tasks are on their way; otherwise it sleeps until one is. When a task was begun stands in shared
 * memory, written by its worker, so how seldom this looks delays the end of a task and does not hasten it.
 *
 * overdue    interrupted once; when that has not ended it within the grace, its worker is killed
 * idle       the most tasks that were on their way at any time within the idle time: more workers than that were of no use
 */
/** Sees to it that tasks and idle workers end in time. */
final class TimeKeeper implements Runnable {
    private static final int LOOKS = 8;
    private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Dispatcher dispatcher;
    private final PoolSettings settings;
    private long windowBegan = System.nanoTime();

    TimeKeeper(Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
        this.settings = dispatcher.settings;
    }

    @Override
    public void run() {
        dispatcher.lock.lock();
        try {
            while (!dispatcher.hasEnded()) {
                long now = System.nanoTime();
                if (settings.taskTimeLimitNanos() > 0) endOverdue(now);
                if (settings.idleTimeoutNanos() > 0) shrink(now);
                sleep();
            }
        } catch (InterruptedException e) {
            // nobody has a reason to
        } finally {
            dispatcher.lock.unlock();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // what calls this looks at everything again
    private void sleep() throws InterruptedException {
        boolean isIdle = dispatcher.flights.count() == 0 && !dispatcher.crew.isTooLarge();
        if (isIdle) dispatcher.changed.await();
        else dispatcher.pause.awaitNanos(periodNanos());
    }

    private long periodNanos() {
        long shortest = Long.MAX_VALUE;
        if (settings.taskTimeLimitNanos() > 0) {
            long grace = Math.max(1, settings.interruptGraceNanos());
            shortest = Math.min(settings.taskTimeLimitNanos(), grace);
        }
        if (settings.idleTimeoutNanos() > 0)
            shortest = Math.min(shortest, settings.idleTimeoutNanos());
        return Math.clamp(shortest / LOOKS, SHORTEST_NANOS, LONGEST_NANOS);
    }

    private void endOverdue(long now) {
        for (PoolTask<?> task : dispatcher.flights.all()) {
            Worker worker = dispatcher.workerOf(task);
            if (worker != null) endIfOverdue(task, worker, now);
        }
    }

    private void endIfOverdue(PoolTask<?> task, Worker worker, long now) {
        long ran = now - dispatcher.flights.beginNanos(task);
        if (ran < settings.taskTimeLimitNanos()) return;
        if (!task.isOverdue) {
            task.isOverdue = true;
            worker.interrupt(task.ticket);
        } else if (ran - settings.taskTimeLimitNanos() >= settings.interruptGraceNanos()) {
            if (dispatcher.flights.condemn(task, worker.number)) worker.kill();
        }
    }

    private void shrink(long now) {
        if (now - windowBegan < settings.idleTimeoutNanos()) return;
        dispatcher.crew.shrinkTo(dispatcher.flights.takeMost());
        windowBegan = now;
    }
}
