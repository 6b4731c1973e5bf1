package dev.interlock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.Spliterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * One wait for several futures. Each that ends is put into a queue by whoever ends it, so nobody looks again and again; those that have
 * ended come first, in the order given.
 */
@SuppressWarnings("UndefinedEquals") // futures that are equal count as one
final class FutureWaits<F extends Future<?>> implements Spliterator<F> {
    /** No time is that long. */
    static final long NO_LIMIT = Long.MAX_VALUE;

    private final Set<F> given;
    private final long deadlineNanos;
    private final BlockingQueue<F> ended = new LinkedBlockingQueue<>();
    private final Map<F, Ends.Registration> pending = new LinkedHashMap<>(); // guarded by this
    private boolean hasBegun; // of the reader

    private FutureWaits(Collection<? extends F> futures, long deadlineNanos) {
        this.given = new LinkedHashSet<>(futures);
        this.deadlineNanos = deadlineNanos;
        for (F future : given) Objects.requireNonNull(future, "future");
    }

    static long deadline(Duration timeout) {
        return Timeouts.deadline(Math.max(0, Timeouts.toNanos(timeout)));
    }

    // ---- as they complete ----

    static <F extends Future<?>> Stream<F> asCompleted(
            Collection<? extends F> futures, long deadlineNanos) {
        FutureWaits<F> waits = new FutureWaits<>(futures, deadlineNanos);
        return StreamSupport.stream(waits, false).onClose(waits::close);
    }

    @Override
    public boolean tryAdvance(Consumer<? super F> action) {
        F future;
        try {
            future = next();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("Interrupted while waiting for a future to be done.");
        }
        if (future == null) return false;
        action.accept(future);
        return true;
    }

    /** The next that has ended; null if there is none left. */
    private @Nullable F next() throws InterruptedException {
        begin();
        while (!isEmpty()) { // until one has ended, or the time is over
            F future = poll();
            if (future == null) throw timeout();
            if (forget(future)) return future;
        }
        return null;
    }

    private FuturesTimeoutException timeout() {
        close();
        return new FuturesTimeoutException(
                unfinished().size()
                        + " of "
                        + given.size()
                        + " futures were not done in time. Give them more, or cancel them.");
    }

    @Override
    public @Nullable Spliterator<F> trySplit() {
        return null; // one thread reads
    }

    @Override
    public long estimateSize() {
        return given.size();
    }

    @Override
    public int characteristics() {
        return ORDERED | DISTINCT | NONNULL;
    }

    // ---- any or all ----

    /**
     * Waits until there are enough, or the time is over.
     *
     * @param isEnough whether one that has ended ends the wait; all do
     */
    static <F extends Future<?>> DoneAndNotDone<F> await(
            Collection<? extends F> futures, long deadlineNanos, Predicate<F> isEnough)
            throws InterruptedException {
        FutureWaits<F> waits = new FutureWaits<>(futures, deadlineNanos);
        try {
            waits.awaitEnough(isEnough);
        } finally {
            waits.close();
        }
        Set<F> notDone = waits.unfinished();
        Set<F> done = new LinkedHashSet<>(waits.given);
        done.removeAll(notDone);
        return new DoneAndNotDone<>(
                Collections.unmodifiableSet(done), Collections.unmodifiableSet(notDone));
    }

    private void awaitEnough(Predicate<F> isEnough) throws InterruptedException {
        if (Thread.interrupted()) throw new InterruptedException();
        begin();
        while (!isEmpty()) { // until there are enough, or the time is over
            F future = poll();
            if (future == null) return;
            if (forget(future) && isEnough.test(future)) return;
        }
    }

    private Set<F> unfinished() {
        Set<F> unfinished = new LinkedHashSet<>(given);
        unfinished.removeIf(Future::isDone);
        return unfinished;
    }

    // ---- both ----

    private void begin() {
        if (hasBegun) return;
        hasBegun = true;
        for (F future : given) {
            Ends.Registration registration = Ends.listen(future, () -> ended.add(future));
            synchronized (this) {
                pending.put(future, registration);
            }
        }
    }

    private synchronized boolean isEmpty() {
        return pending.isEmpty();
    }

    private @Nullable F poll() throws InterruptedException {
        if (deadlineNanos == NO_LIMIT) return ended.take();
        long left = Math.max(0, deadlineNanos - System.nanoTime());
        return ended.poll(left, TimeUnit.NANOSECONDS);
    }

    /** False if it was told before. */
    private boolean forget(F future) {
        Ends.Registration registration;
        synchronized (this) {
            registration = pending.remove(future);
        }
        if (registration == null) return false;
        registration.close();
        return true;
    }

    private void close() {
        List<Ends.Registration> rest;
        synchronized (this) {
            rest = new ArrayList<>(pending.values());
            pending.clear();
        }
        rest.forEach(Ends.Registration::close);
    }
}
