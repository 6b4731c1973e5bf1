package dev.interlock.internal.pool;

import dev.interlock.Progress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * A thread of its own tells: when something has changed, though not within PERIOD of the time before, and once more at the end. It parks
 * in between; `hasChanged` and `hasEnded` are written before it is unparked.
 */
/** Tells a listener how far a map is, if there is one. */
final class MapProgress {
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long PATIENCE_SECONDS = 1;

    private final @Nullable Consumer<? super Progress> listener;
    private final long total;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final CountDownLatch told = new CountDownLatch(1);
    private final AtomicBoolean hasChanged = new AtomicBoolean();
    private volatile boolean hasEnded;
    private volatile @Nullable Thread teller;
    private long began;

    MapProgress(@Nullable Consumer<? super Progress> listener, long total) {
        this.listener = listener;
        this.total = total;
    }

    /** Called by the reader; the first time counts. */
    void begin() {
        if (listener == null || teller != null) return;
        began = System.nanoTime();
        teller = Thread.ofVirtual().name("interlock-progress").start(this::tellUntilEnd);
    }

    /** Adds what has come to an end. */
    void add(int moreDone, int moreFailed) {
        if (listener == null) return;
        done.addAndGet(moreDone);
        failed.addAndGet(moreFailed);
        if (!hasChanged.get() && !hasChanged.getAndSet(true)) LockSupport.unpark(teller);
    }

    /** Nothing more will be added. */
    void end() {
        hasEnded = true;
        LockSupport.unpark(teller);
    }

    /** Waits until the end was told, if it is to be, though not for long. */
    void awaitEnd() {
        if (teller == null || Thread.currentThread() == teller) return;
        try {
            boolean _ = told.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // whoever interrupts does not want to wait
        }
    }

    private void tellUntilEnd() {
        try {
            while (!hasEnded) {
                if (hasChanged.getAndSet(false)) {
                    tell(false);
                    pause();
                } else {
                    LockSupport.park(this);
                }
            }
            tell(true);
        } finally {
            told.countDown();
        }
    }

    private void pause() {
        long end = System.nanoTime() + PERIOD_NANOS;
        long left;
        while (!hasEnded && (left = end - System.nanoTime()) > 0) LockSupport.parkNanos(this, left);
    }

    private void tell(boolean isEnd) {
        Duration elapsed = Duration.ofNanos(System.nanoTime() - began);
        Progress progress = new Progress(done.get(), failed.get(), total, elapsed, isEnd);
        try {
            java.util.Objects.requireNonNull(listener).accept(progress);
        } catch (Throwable e) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }
}
