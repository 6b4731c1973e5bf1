package dev.interlock.internal.process;

import dev.interlock.ProcessStartException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/*
 * State     wanted   how many to keep                     set by keep
 *           ready    those that wait for a task           the oldest is taken first
 *           begun    the one that is started and not ready, which the end of this JVM ends as well: nobody else would remove its files
 *           filling  a thread is starting them, one at a time, as each takes a CPU that others may need; and not at once after one was
 *                    taken, unless somebody waits: its task and its parent need the CPUs most in that moment
 *
 * One that is taken, or dies, is replaced. After MOST_LOSSES deaths with none taken meanwhile something is wrong with them, and they are
 * not replaced any more; nor after one that could not be started. The next call of keep tries again.
 */
/** The spare JVMs of this process. */
public final class Spares {
    private static final int MOST_LOSSES = 5;
    private static final long PAUSE_MILLIS = 30;
    private static final Spares INSTANCE = new Spares();

    // all guarded by this
    private final Queue<Spare> ready = new ArrayDeque<>();
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>(); // until all are ready
    private int wanted;
    private int losses; // since one was taken
    private long takenNanos = System.nanoTime(); // when the last one was
    private boolean filling;
    private @Nullable Spare begun; // started, and not ready yet

    /** Held while one is started, and before this, so that the end of this JVM does not miss it. */
    private final Object start = new Object();

    private Spares() {}

    /** Keeps so many from now on. The future completes when they are ready. */
    public static CompletableFuture<Void> keep(int count) {
        Processes.hookToEnd();
        return INSTANCE.want(count);
    }

    /** Whether one waits for a task. */
    public static boolean isAnyReady() {
        synchronized (INSTANCE) {
            return !INSTANCE.ready.isEmpty();
        }
    }

    /** One that waits for a task, which is the caller's from now on. Null if there is none. */
    static @Nullable Spare take() {
        return INSTANCE.poll();
    }

    /** Ends all, for good: this JVM is ending. */
    static void end() {
        CompletableFuture<Void> _ = INSTANCE.want(0);
        INSTANCE.endBegun();
    }

    /* The thread that starts it does not keep this JVM from ending, and would leave its files. */
    private void endBegun() {
        synchronized (start) {
            synchronized (this) {
                if (begun != null) begun.end();
            }
        }
    }

    private synchronized CompletableFuture<Void> want(int count) {
        wanted = count;
        losses = 0;
        while (ready.size() > wanted) end(ready.remove());
        CompletableFuture<Void> all = new CompletableFuture<>();
        waiting.add(all);
        notifyAll();
        fill();
        return all;
    }

    private synchronized @Nullable Spare poll() {
        Spare spare = ready.poll();
        while (spare != null && !spare.isAlive()) {
            end(spare);
            spare = ready.poll();
        }
        if (spare != null) {
            losses = 0;
            takenNanos = System.nanoTime();
        }
        return spare;
    }

    /** Replaces what was taken; called after the hand-over, which is more urgent. */
    static void replace() {
        synchronized (INSTANCE) {
            INSTANCE.fill();
        }
    }

    private static void end(Spare spare) {
        spare.end();
    }

    /* Under the lock. */
    private void fill() {
        if (ready.size() >= wanted) {
            waiting.forEach(each -> each.complete(null));
            waiting.clear();
        } else if (!filling && losses < MOST_LOSSES) {
            filling = true;
            Threads.start("interlock-spares", true, this::startAll);
        }
    }

    private void startAll() {
        try {
            while (isShort()) startOne();
        } catch (InterruptedException e) {
            fail(
                    new ProcessStartException(
                            "The thread that starts spare processes was interrupted.", e));
        } catch (IOException e) {
            fail(StartProblem.of(Spare.NAME, null, e));
        } catch (RuntimeException | Error e) {
            fail(new ProcessStartException("Cannot start a spare process: " + e, e));
        }
    }

    private synchronized boolean isShort() throws InterruptedException {
        awaitPause();
        if (losses >= MOST_LOSSES) {
            giveUp(
                    new ProcessStartException(
                            "Spare processes end by themselves, "
                                    + losses
                                    + " of them by now, and are not started again. See what they print, and start a child without one.",
                            null));
        }
        filling = wanted > ready.size() && losses < MOST_LOSSES;
        if (!filling) fill();
        return filling;
    }

    /* Under the lock. */
    private void awaitPause() throws InterruptedException {
        while (waiting.isEmpty()) {
            long left =
                    PAUSE_MILLIS - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - takenNanos);
            if (left <= 0) return;
            wait(left);
        }
    }

    private void startOne() throws IOException {
        Spare spare = begin();
        Practice.ofParent(); // meanwhile
        boolean isReady = spare.awaitReady();
        synchronized (this) {
            begun = null;
            if (!isReady) losses++;
            if (isReady && ready.size() < wanted) {
                ready.add(spare);
                var _ = spare.onExit().thenRun(() -> lose(spare));
            } else {
                spare.end();
            }
        }
    }

    private Spare begin() throws IOException {
        synchronized (start) {
            if (Processes.isEnding()) throw new IllegalStateException("This JVM is ending.");
            Spare spare = Spare.start();
            synchronized (this) {
                begun = spare;
            }
            return spare;
        }
    }

    private synchronized void lose(Spare spare) {
        if (!ready.remove(spare)) return; // it became a child, or was ended
        spare.end();
        losses++;
        fill();
    }

    private synchronized void fail(ProcessStartException problem) {
        giveUp(problem);
        filling = false;
    }

    private void giveUp(ProcessStartException problem) {
        waiting.forEach(each -> each.completeExceptionally(problem));
        waiting.clear();
    }
}
