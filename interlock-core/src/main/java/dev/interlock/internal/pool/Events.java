package dev.interlock.internal.pool;

import jdk.jfr.FlightRecorder;

/** What a pool tells Flight Recorder, if this JVM has one and it listens. */
abstract class Events {
    /** A worker is ready. */
    abstract void ready(String pool, Worker worker);

    /** A worker has ended. */
    abstract void gone(String pool, Worker worker, String how);

    /**
     * An attempt at a task has ended.
     *
     * @param begunNanos when the worker began, on the clock of {@link System#nanoTime()}
     * @param outcome RESULT, FAILURE or DEATH
     */
    abstract void ended(
            String pool, Worker worker, PoolTask<?> task, long begunNanos, String outcome);

    /** Those of this JVM. */
    static Events make() {
        boolean hasRecorder = ModuleLayer.boot().findModule("jdk.jfr").isPresent();
        return hasRecorder ? new ToRecorder() : new Nothing();
    }

    private static final class Nothing extends Events {
        @Override
        void ready(String pool, Worker worker) {}

        @Override
        void gone(String pool, Worker worker, String how) {}

        @Override
        void ended(String pool, Worker worker, PoolTask<?> task, long begunNanos, String outcome) {}
    }

    /* For the first event of ours a JVM sets up what it knows of events, which takes a quarter of a second. So there is none before somebody records. */
    private static final class ToRecorder extends Events {
        @Override
        void ready(String pool, Worker worker) {
            tell(pool, worker, "READY");
        }

        @Override
        void gone(String pool, Worker worker, String how) {
            tell(pool, worker, how);
        }

        private static void tell(String pool, Worker worker, String what) {
            if (!FlightRecorder.isInitialized()) return;
            WorkerEvent event = new WorkerEvent();
            if (!event.shouldCommit()) return;
            event.pool = pool;
            event.worker = worker.name;
            event.pid = worker.pid();
            event.what = what;
            event.done = worker.reported();
            event.commit();
        }

        @Override
        void ended(String pool, Worker worker, PoolTask<?> task, long begunNanos, String outcome) {
            if (!FlightRecorder.isInitialized()) return;
            TaskEvent event = new TaskEvent();
            if (!event.shouldCommit()) return;
            event.pool = pool;
            event.worker = worker.name;
            event.pid = worker.pid();
            event.task = task.className;
            event.attempt = task.ended;
            event.outcome = outcome;
            event.queuedNanos = Math.max(0, begunNanos - task.givenNanos);
            event.ranNanos = Math.max(0, System.nanoTime() - begunNanos);
            event.commit();
        }
    }
}
