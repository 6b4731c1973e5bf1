package dev.interlock;

import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Tells listeners that a future has ended. */
@SuppressWarnings("UndefinedEquals") // those that are kept here are equal to themselves only
final class Ends {
    /*
     * By future, since what is hung to a CompletableFuture stays there until it completes: it would pile up with a program that waits
     * again and again for the same child and others.
     */
    private static final Map<Future<?>, Set<Runnable>> LISTENERS = new WeakHashMap<>();

    private Ends() {}

    /** Ends the care for one listener. */
    @FunctionalInterface
    interface Registration {
        void close();
    }

    /**
     * Has a listener called when a future has ended; at once if it has. It may be called twice, by any thread, and must not wait.
     *
     * @param future any future; for one of a kind that cannot tell its end a virtual thread waits
     */
    static Registration listen(Future<?> future, Runnable listener) {
        Registration registration = register(future, listener);
        if (future.isDone()) listener.run(); // perhaps before it was registered
        return registration;
    }

    private static Registration register(Future<?> future, Runnable listener) {
        Set<Runnable> listeners = listenersOf(future);
        if (listeners == null) return waitFor(future, listener);
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private static @Nullable Set<Runnable> listenersOf(Future<?> future) {
        synchronized (LISTENERS) {
            Set<Runnable> known = LISTENERS.get(future);
            if (known != null) return known;
            CompletableFuture<?> end = end(future);
            if (end == null) return null;
            Set<Runnable> made = ConcurrentHashMap.newKeySet();
            LISTENERS.put(future, made);
            var _ = end.whenComplete((_, _) -> tell(made));
            return made;
        }
    }

    private static @Nullable CompletableFuture<?> end(Future<?> future) {
        return switch (future) {
            case CompletableFuture<?> itself -> itself;
            case PoolFuture<?> task -> task.toCompletableFuture();
            case ChildProcess<?> process -> process.onExit();
            default -> null;
        };
    }

    private static void tell(Set<Runnable> listeners) {
        listeners.forEach(Runnable::run);
        listeners.clear(); // they know the future, which must not keep itself from being collected
    }

    private static Registration waitFor(Future<?> future, Runnable listener) {
        Thread thread =
                Thread.ofVirtual().name("interlock-end").start(() -> await(future, listener));
        return thread::interrupt;
    }

    private static void await(Future<?> future, Runnable listener) {
        try {
            Object _ = future.get();
        } catch (ExecutionException | CancellationException e) {
            // an end, too
        } catch (InterruptedException e) {
            return; // nobody listens any more
        }
        listener.run();
    }
}
