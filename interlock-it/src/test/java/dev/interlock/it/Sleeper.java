package dev.interlock.it;

import dev.interlock.Region;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** A thread of the test that waits for something, and what came of it. */
final class Sleeper<T> {
    private final FutureTask<T> task;
    private final Thread thread;

    private Sleeper(FutureTask<T> task) {
        this.task = task;
        thread = Thread.ofPlatform().daemon().name("sleeper").start(task);
    }

    /** Returns when it sleeps, or is done. */
    static <T> Sleeper<T> start(Callable<T> wait) throws Exception {
        Sleeper<T> sleeper = new Sleeper<>(new FutureTask<>(wait));
        Await.until("it sleeps", () -> sleeper.sleeps() || sleeper.isDone());
        return sleeper;
    }

    /** Whether a thread of any process waits for an object of the region. */
    static boolean isAnyIn(Region region) {
        return region.objects().stream().anyMatch(object -> !object.waiters().isEmpty());
    }

    private boolean sleeps() {
        for (StackTraceElement frame : thread.getStackTrace()) {
            String type = frame.getClassName();
            if (type.endsWith(".Waits") || type.endsWith(".AnyWord")) return true;
        }
        return false;
    }

    boolean isDone() {
        return task.isDone();
    }

    /** Waits for its end. */
    T join() throws Exception {
        Await.until("its wait ends", this::isDone);
        return task.get();
    }
}
