package dev.interlock;

import dev.interlock.internal.region.AnyWord;
import dev.interlock.internal.region.AnyWord.Watched;
import dev.interlock.internal.sync.Words;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Waiting for the first of several objects, of any regions and kinds, without polling: as Python's
 * {@code multiprocessing.connection.wait}.
 *
 * <p>That an object is ready is told, not taken: a semaphore's permit may be gone when you ask for it, so take it with
 * {@code tryAcquire()}, or a queue's message with {@code poll()}, and wait again if that fails. What others did before they made an object ready happens-before
 * what follows its being told. Virtual threads wait without holding a carrier. If a region is closed meanwhile, the wait
 * ends with an {@link IllegalStateException}. An event that is set and cleared again while this waits may go unseen. Waiting
 * for a semaphore takes memory of its region, and throws {@link RegionFullException} if there is none. Where the JVM may not
 * or cannot use native code this polls, as all waits do, and also where the kernel cannot wait for several words
 * (before Linux 5.16). So it does in the first tenth of a second or so after the process opened its first region, or half a second if it starts a pool.
 */
public final class WaitSet {
    private WaitSet() {}

    /**
     * Waits until one of the objects is ready.
     *
     * @param <W> the type of the objects
     * @param objects what to wait for; one at least
     * @return those that are ready, one at least, in the order given
     * @throws InterruptedException if interrupted, on entry or while waiting
     * @throws IllegalArgumentException if there is no object: the wait would not end
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is copied at once
    public static <W extends Waitable> List<W> any(W... objects) throws InterruptedException {
        return any(List.of(objects));
    }

    /**
     * Waits until one of the objects is ready.
     *
     * @param <W> the type of the objects
     * @param objects what to wait for; one at least
     * @return those that are ready, one at least, in the order given
     * @throws InterruptedException if interrupted, on entry or while waiting
     * @throws IllegalArgumentException if there is no object: the wait would not end
     */
    public static <W extends Waitable> List<W> any(Collection<? extends W> objects)
            throws InterruptedException {
        if (objects.isEmpty())
            throw new IllegalArgumentException(
                    "There is nothing to wait for. Name one object at least, or a time limit.");
        return await(objects, Words.NEVER);
    }

    /**
     * Waits until one of the objects is ready, or for that long.
     *
     * @param <W> the type of the objects
     * @param timeout how long; zero or less looks once
     * @param objects what to wait for
     * @return those that are ready, in the order given; empty if the time ran out
     * @throws InterruptedException if interrupted, on entry or while waiting
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is copied at once
    public static <W extends Waitable> List<W> any(Duration timeout, W... objects)
            throws InterruptedException {
        return any(timeout, List.of(objects));
    }

    /**
     * Waits until one of the objects is ready, or for that long.
     *
     * @param <W> the type of the objects
     * @param timeout how long; zero or less looks once
     * @param objects what to wait for
     * @return those that are ready, in the order given; empty if the time ran out
     * @throws InterruptedException if interrupted, on entry or while waiting
     */
    public static <W extends Waitable> List<W> any(
            Duration timeout, Collection<? extends W> objects) throws InterruptedException {
        return await(objects, Timeouts.deadline(Math.max(0, Timeouts.toNanos(timeout))));
    }

    private static <W extends Waitable> List<W> await(
            Collection<? extends W> objects, long deadlineNanos) throws InterruptedException {
        if (objects instanceof SharedQueue<?>) throw isNoList();
        if (Thread.interrupted()) throw new InterruptedException();
        List<W> list = List.copyOf(objects);
        List<Readiness> cares = new ArrayList<>();
        AnyWord bell = new AnyWord();
        try {
            for (W object : list) cares.add(careFor(object, bell));
            while (true) { // until one is ready, the time is over or the thread interrupted
                List<W> ready = ready(list, cares);
                boolean over = deadlineNanos != Words.NEVER && System.nanoTime() >= deadlineNanos;
                if (!ready.isEmpty() || over) return ready;
                bell.await(watched(cares), until(cares, deadlineNanos));
                if (Thread.interrupted()) throw new InterruptedException();
            }
        } finally {
            cares.forEach(Readiness::close);
        }
    }

    /* A queue of waitable objects is a collection of them, but that is hardly meant. */
    private static IllegalArgumentException isNoList() {
        return new IllegalArgumentException(
                "A queue was given as the collection of what to wait for. Put it into a list, to wait for the queue itself.");
    }

    private static <W> List<W> ready(List<W> objects, List<Readiness> cares) {
        List<W> ready = new ArrayList<>();
        for (int i = 0; i < cares.size(); i++) {
            if (cares.get(i).isReady()) ready.add(objects.get(i));
        }
        return ready;
    }

    private static List<Watched> watched(List<Readiness> cares) {
        List<Watched> words = new ArrayList<>();
        for (Readiness care : cares) {
            Watched word = care.watched();
            if (word != null) words.add(word);
        }
        return words;
    }

    private static long until(List<Readiness> cares, long deadlineNanos) {
        long until = deadlineNanos;
        for (Readiness care : cares) until = Math.min(until, care.until(deadlineNanos));
        return until;
    }

    private static Readiness careFor(Waitable object, AnyWord bell) {
        return switch (object) {
            case ChildProcess<?> process -> EndReadiness.of(process, bell);
            case PoolFuture<?> task -> EndReadiness.of(task, bell);
            case FutureEnd end -> EndReadiness.of(end.future(), bell);
            case AbstractConnection connection -> connection.readiness(bell);
            case Listener listener -> listener.readiness(bell);
            case SharedEvent event -> event.readiness();
            case SharedCountDownLatch latch -> latch.readiness();
            case SharedSemaphore semaphore -> semaphore.readiness();
            case SharedQueue<?> queue -> queue.readiness();
            case QueueRoom<?> room -> room.queue().roomReadiness();
        };
    }
}
