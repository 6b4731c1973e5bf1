package dev.interlock;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Runs the same thing in several threads at once, under a watchdog. */
final class Concurrently {
    private static final long WATCHDOG_SECONDS = 60;

    private Concurrently() {}

    /** What one of the threads does. */
    interface Part<T> {
        T run(int thread) throws Exception;
    }

    /**
     * Runs it in that many threads, which start at the same time; answers their results, or throws what one of them
     * threw.
     */
    static <T> List<T> call(int threads, Part<T> part) throws Exception {
        var gate = new CyclicBarrier(threads);
        List<FutureTask<T>> tasks = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int thread = i;
            var task =
                    new FutureTask<T>(() -> {
                        gate.await(WATCHDOG_SECONDS, TimeUnit.SECONDS);
                        return part.run(thread);
                    });
            tasks.add(task);
            Thread.ofPlatform().daemon().name("part-" + i).start(task);
        }
        List<T> results = new ArrayList<>();
        for (FutureTask<T> task : tasks) results.add(result(task));
        return results;
    }

    private static <T> T result(FutureTask<T> task) throws Exception {
        try {
            return task.get(WATCHDOG_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** As {@link #call}, without results. */
    static void run(int threads, Action part) throws Exception {
        call(
                threads,
                thread -> {
                    part.run(thread);
                    return "";
                });
    }

    /** What one of the threads does. */
    interface Action {
        void run(int thread) throws Exception;
    }
}
