package dev.interlock.internal.pool;

import dev.interlock.ChildProcess;
import dev.interlock.ExitStatus;
import dev.interlock.PoolStatistics;
import dev.interlock.internal.process.Control;
import dev.interlock.internal.process.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A worker process, as the parent keeps it. Guarded by the pool's lock. */
final class Worker {
    private static final int SIGINT = 2;
    private static final long STARTING_NANOS =
            TimeUnit.SECONDS.toNanos(5); // then it is a slow machine
    private static final long LINKING_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    final int number;
    final String name;

    private final boolean startsAsSpare;
    private @Nullable ChildProcess<Void> child; // null until it was started
    private boolean isSpare;
    private final List<Saying> unsaid = new ArrayList<>(); // until there is a child
    private boolean isReady;
    private final CountDownLatch started = new CountDownLatch(1); // ready, or gone
    private final CountDownLatch firstReport = new CountDownLatch(1); // of a task, or gone
    private boolean isLeaving;
    private boolean wasLookedAt; // when it was dead
    private long newUntil = System.nanoTime() + STARTING_NANOS;
    private boolean isDoomed; // to be killed as soon as it is there
    private int reported; // tasks
    private int failed; // of them

    Worker(int number, String name, boolean isSpare) {
        this.number = number;
        this.name = name;
        this.startsAsSpare = isSpare;
        this.isSpare = isSpare;
    }

    boolean startsAsSpare() {
        return startsAsSpare;
    }

    void started(ChildProcess<Void> process) {
        child = process;
        for (Saying saying : unsaid) Control.say(process, saying.kind, saying.value);
        unsaid.clear();
        if (isDoomed) process.kill();
    }

    /** Of a worker that was started. */
    ChildProcess<Void> process() {
        return Objects.requireNonNull(child);
    }

    /** 0 if it was not started yet. */
    long pid() {
        return child == null ? 0 : child.pid();
    }

    boolean isSpare() {
        return isSpare;
    }

    boolean isReady() {
        return isReady;
    }

    /** Whether a SIGINT has ended it, and this is asked for the first time. */
    boolean isFirstLookAtInterrupt() {
        if (wasLookedAt || !process().exitStatus().equals(ExitStatus.signalled(SIGINT)))
            return false;
        wasLookedAt = true;
        return true;
    }

    /** Whether it cannot make native calls quickly yet, as far as is known. */
    boolean isNew() {
        return System.nanoTime() - newUntil < 0;
    }

    boolean isLeaving() {
        return isLeaving;
    }

    /** It can be told something only from now on. */
    void becomeReady() {
        isReady = true;
        started.countDown();
        newUntil = System.nanoTime() + LINKING_NANOS;
        if (isLeaving) say(PoolWorker.LEAVE, 0);
        else if (startsAsSpare && !isSpare) say(PoolWorker.WORK, 0);
    }

    /** It is gone: nobody waits for it any more. */
    void end() {
        started.countDown();
        firstReport.countDown();
    }

    /** Waits so long for the end of its start. Not under the lock. */
    void awaitReady(long millis) {
        Threads.uninterruptibly(() -> started.await(millis, TimeUnit.MILLISECONDS));
    }

    /** Waits so long for it to end its first task, if it has started. Not under the lock. */
    void awaitReport(long millis) {
        if (started.getCount() > 0) return;
        Threads.uninterruptibly(() -> firstReport.await(millis, TimeUnit.MILLISECONDS));
    }

    /** Makes a worker of a spare. */
    void work() {
        isSpare = false;
        if (isReady) say(PoolWorker.WORK, 0);
    }

    /** Lets it end when it has nothing in hand. */
    void leave() {
        if (isLeaving) return;
        isLeaving = true;
        if (isReady) say(PoolWorker.LEAVE, 0);
    }

    /** Ends it before it is ready, as there is nothing to do. */
    void giveUp() {
        isLeaving = true;
        kill();
    }

    /** It ends by itself. */
    void isAboutToLeave() {
        isLeaving = true;
    }

    void interrupt(long ticket) {
        say(PoolWorker.INTERRUPT, ticket);
    }

    void kill() {
        isDoomed = true;
        if (child != null) child.kill();
    }

    /* A spare may be ready before the thread that started it has said so. */
    private record Saying(byte kind, long value) {}

    /* If it is dead, its end is told elsewhere. */
    private void say(byte kind, long value) {
        if (child == null) unsaid.add(new Saying(kind, value));
        else Control.say(child, kind, value);
    }

    void count(boolean hasFailed) {
        reported++;
        firstReport.countDown();
        if (hasFailed) failed++;
    }

    int reported() {
        return reported;
    }

    PoolStatistics.Worker describe(boolean isRunning) {
        return new PoolStatistics.Worker(name, pid(), state(isRunning), reported, failed);
    }

    private PoolStatistics.State state(boolean isRunning) {
        if (isRunning) return PoolStatistics.State.RUNNING;
        if (isLeaving) return PoolStatistics.State.LEAVING;
        if (!isReady) return PoolStatistics.State.STARTING;
        return isSpare ? PoolStatistics.State.SPARE : PoolStatistics.State.IDLE;
    }

    @Override
    public String toString() {
        return "worker '" + name + "' (pid " + pid() + ")";
    }
}
