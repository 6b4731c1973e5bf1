package dev.interlock.internal.pool;

import dev.interlock.PoolMapOptions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/*
 * Way of an item   source -> a chunk in `onTheWay` -> a worker -> the chunk's task is settled -> the reader takes the chunk
 *
 * Threads          The reader, one at a time, takes items, gives chunks away and waits for them. Whoever settles a task calls `ended`.
 *                  Anybody may close.
 *
 * Batches          Chunks are given away several at once, as long as the source is quick; from a slow one each goes at once.
 *
 * The end          `last` is what comes after all that is on the way: nothing, or a problem that came while items were taken.
 *                  `problem` is what the reader gets from now on, whatever there is: all has been given up.
 *
 * No lost wake-up  The reader names itself and what it awaits, then looks again, then parks. A task is settled before its end is told:
 *                  one of the two sees the other.
 */
/** One call of map. */
final class MapRun {
    private static final int MOST_AT_ONCE = 64;
    private static final long QUICK_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private final Dispatcher pool;
    private final ChunkMaker maker;
    private final ItemSource source;
    private final ChunkSizes sizes;
    private final boolean isOrdered;
    private final boolean isFailFast;
    private final MapProgress progress;

    // written by the reader, under this, since who closes looks at them
    private final Deque<Chunk> onTheWay = new ArrayDeque<>();
    private boolean isClosed; // guarded by this

    // of the reader
    private int itemsOnTheWay;
    private int batchLimit = 1;
    private boolean isExhausted; // no more items
    private @Nullable Throwable last;
    private @Nullable Throwable problem;

    // how the reader learns what happens
    private final Queue<Chunk> endedInAnyOrder = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Chunk failed; // if that is to be thrown at once
    private volatile boolean isGivenUp;
    private volatile @Nullable Chunk awaited; // null for any
    private volatile @Nullable Thread waiter;

    MapRun(Dispatcher pool, ChunkMaker maker, ItemSource source, PoolMapOptions options) {
        this.pool = pool;
        this.maker = maker;
        this.source = source;
        this.sizes = new ChunkSizes(options, pool.settings.workers());
        this.isOrdered = options.isOrdered();
        this.isFailFast = options.isFailFast();
        this.progress = new MapProgress(options.onProgress(), source.remaining());
    }

    boolean isFailFast() {
        return isFailFast;
    }

    boolean isOrdered() {
        return isOrdered;
    }

    // ---- the reader ----

    /**
     * The results of the next chunk, of which there may be none.
     *
     * @return null at the end
     */
    @Nullable List<@Nullable Object> next() {
        requireNoProblem();
        progress.begin();
        if (ready() == null || !sizes.isWellFilled(onTheWay.size(), itemsOnTheWay)) fill();
        Chunk chunk = await();
        if (chunk != null) return take(chunk);
        if (last != null) throw giveUpFor(last);
        end();
        return null;
    }

    /** Throws if the map has come to a bad end that the reader is to know at once. */
    void requireNoProblem() {
        if (problem != null) throw sneaky(problem);
        if (isGivenUp) throw giveUpFor(closed());
        if (failed != null) take(failed); // which is a problem
        if (problem != null) throw sneaky(problem);
    }

    private static CancellationException closed() {
        return new CancellationException("The stream of results was closed.");
    }

    private void end() {
        close();
        progress.awaitEnd();
    }

    private RuntimeException giveUpFor(Throwable reason) {
        problem = reason;
        end();
        return sneaky(reason);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // whatever the source threw
    private static <X extends Throwable> RuntimeException sneaky(Throwable problem) throws X {
        throw (X) problem;
    }

    // ---- items go out ----

    /* From a slow source no more is taken when there is something to deliver. */
    private void fill() {
        boolean goesOn = true;
        while (goesOn) goesOn = giveAwayBatch() && ready() == null;
    }

    private boolean giveAwayBatch() {
        List<Chunk> batch = new ArrayList<>();
        long began = System.nanoTime();
        boolean hasMore = true;
        while (hasMore && batch.size() < batchLimit) hasMore = collect(batch);
        boolean isQuick = System.nanoTime() - began < QUICK_NANOS;
        batchLimit = isQuick ? Math.min(2 * batchLimit, MOST_AT_ONCE) : 1;
        giveAway(batch);
        return hasMore && !isExhausted;
    }

    /** False if there is no other chunk, or no room for it. */
    private boolean collect(List<Chunk> batch) {
        if (isExhausted) return false;
        int size = sizes.next(source.remaining());
        if (!sizes.hasRoom(onTheWay.size() + batch.size(), itemsOnTheWay, size)) return false;
        try {
            while (!isExhausted && maker.calls() < size) isExhausted = !source.take(maker);
        } catch (Throwable e) {
            stopAt(e);
        }
        if (maker.calls() > 0) make(batch);
        return !isExhausted;
    }

    private void stopAt(Throwable reason) {
        isExhausted = true;
        last = reason;
    }

    private void make(List<Chunk> batch) {
        try {
            add(maker.make(), batch);
        } catch (RuntimeException e) {
            makeEach(batch);
        } finally {
            maker.clear();
        }
    }

    /* One item cannot be sent; those before it can. */
    private void makeEach(List<Chunk> batch) {
        try {
            for (int call = 0; call < maker.calls(); call++) add(maker.makeOne(call), batch);
        } catch (RuntimeException e) {
            stopAt(e);
        }
    }

    private void add(Chunk chunk, List<Chunk> batch) {
        batch.add(chunk);
        itemsOnTheWay += chunk.calls;
    }

    private void giveAway(List<Chunk> batch) {
        if (batch.isEmpty()) return;
        List<PoolTask<Object>> tasks = new ArrayList<>(batch.size());
        synchronized (this) {
            if (isClosed) return; // which the reader sees when it waits
            onTheWay.addAll(batch);
        }
        for (Chunk chunk : batch) {
            tasks.add(chunk.task);
            var _ = chunk.task.settled.whenComplete((answer, _) -> ended(chunk, answer));
        }
        try {
            pool.dispatchAll(tasks);
        } catch (RejectedExecutionException e) {
            takeBack(batch);
            stopAt(e);
        }
    }

    private synchronized void takeBack(List<Chunk> batch) {
        for (int i = 0; i < batch.size() && !onTheWay.isEmpty(); i++) {
            itemsOnTheWay -= onTheWay.removeLast().calls;
        }
    }

    // ---- results come in ----

    /** Called by whoever settles the task, for whom others wait. */
    private void ended(Chunk chunk, @Nullable Answer answer) {
        if (answer != null) {
            if (!answer.mayHaveFailed()) progress.add(chunk.calls, 0);
            else if (isFailFast) failed = chunk;
        }
        if (!isOrdered) endedInAnyOrder.add(chunk);
        Thread thread = waiter;
        if (thread == null) return;
        Chunk wanted = awaited;
        if (wanted == null || wanted == chunk || failed != null) wake(thread);
    }

    private void wake(Thread thread) {
        waiter = null; // once is enough
        LockSupport.unpark(thread);
    }

    /** A chunk that can be taken; null if there is none yet. */
    private @Nullable Chunk ready() {
        if (!isOrdered) return endedInAnyOrder.peek();
        Chunk head = onTheWay.peek();
        return head != null && head.task.isDone() ? head : null;
    }

    /** A chunk that can be taken; null if there are no others. */
    private @Nullable Chunk await() {
        while (true) { // until there is one, or there are none, or all is given up
            Chunk chunk = failed != null ? failed : ready();
            if (chunk != null) return chunk;
            if (isGivenUp) throw giveUpFor(closed());
            if (onTheWay.isEmpty()) {
                if (isGivenUp) throw giveUpFor(closed());
                return null;
            }
            if (Thread.currentThread().isInterrupted()) throw giveUpFor(interrupted());
            park();
        }
    }

    private static CancellationException interrupted() {
        return new CancellationException(
                "Interrupted while waiting for a result, so the map was given up.");
    }

    private void park() {
        awaited = isOrdered ? onTheWay.peek() : null;
        waiter = Thread.currentThread();
        if (failed == null && ready() == null && !isGivenUp) LockSupport.park(this);
        waiter = null;
    }

    private List<@Nullable Object> take(Chunk chunk) {
        forget(chunk);
        Answer answer;
        try {
            answer = chunk.task.settled.join();
        } catch (CancellationException e) {
            throw giveUpFor(isGivenUp ? closed() : stopped());
        }
        long nanos = answer.ranNanos();
        int bytes = chunk.messageBytes + answer.sizeBytes();
        Answer.Partial partial = answer.partial();
        sizes.measured(chunk.calls, nanos, bytes);
        if (partial.failure() == null) return partial.results();
        Throwable cause = partial.failure().failure();
        if (cause instanceof InterruptedException && pool.hasInterrupted())
            throw giveUpFor(stopped());
        progress.add(partial.results().size(), 1);
        problem = new CompletionException(cause == null ? null : cause.getMessage(), cause);
        end();
        return partial.results();
    }

    private static CancellationException stopped() {
        return new CancellationException(
                "The pool was shut down at once, so the map was given up.");
    }

    private synchronized void forget(Chunk chunk) {
        if (isOrdered && onTheWay.peek() == chunk) onTheWay.remove();
        else onTheWay.remove(chunk);
        if (!isOrdered && endedInAnyOrder.peek() == chunk) endedInAnyOrder.remove();
        itemsOnTheWay -= chunk.calls;
    }

    // ---- anybody ----

    /** Cancels what is on the way. Does not wait for anything. */
    void close() {
        List<Chunk> rest;
        synchronized (this) {
            if (isClosed) return;
            isGivenUp = true; // first: who finds nothing on the way asks for it
            isClosed = true;
            rest = List.copyOf(onTheWay);
        }
        for (Chunk chunk : rest.reversed()) { // or one that is interrupted makes room for the next
            boolean _ = pool.cancel(chunk.task, true);
        }
        progress.end();
        Thread thread = waiter;
        if (thread != null) wake(thread);
    }

    /** Waits until the last progress was told, though not for long. */
    void awaitProgress() {
        progress.awaitEnd();
    }
}
