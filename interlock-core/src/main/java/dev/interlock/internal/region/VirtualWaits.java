package dev.interlock.internal.region;

import dev.interlock.internal.os.Futex;
import dev.interlock.internal.os.Syscalls;
import dev.interlock.internal.sync.Words.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sleeping for virtual threads. One that slept in the kernel would take its carrier with it, so it parks, and a
 * platform thread sleeps in the kernel for up to {@value #PER_STATION} of them at once. Also for threads of any kind that
 * wait for several words.
 */
final class VirtualWaits {
    private static final int PER_STATION = Futex.MAX_WORDS - 1; // one word is the station's bell
    private static final List<Station> STATIONS = new ArrayList<>();

    private VirtualWaits() {}

    /** A virtual thread that waits for a word to change. Running it ends the wait. */
    static final class Waiter implements Runnable {
        private final Mapping mapping;
        private final long offset;
        private final long address;
        private final int expected;
        private final Thread thread = Thread.currentThread();
        private volatile boolean over;
        private @Nullable Station station; // written by the waiting thread

        Waiter(Mapping mapping, long offset, int expected) {
            this.mapping = mapping;
            this.offset = offset;
            address = mapping.address(offset);
            this.expected = expected;
        }

        @Override
        public void run() {
            over = true;
            LockSupport.unpark(thread);
        }

        boolean isOver() {
            return over;
        }

        private boolean hasChanged() {
            try {
                return (int) mapping.get(offset) != expected;
            } catch (IllegalStateException closed) {
                return true;
            }
        }
    }

    static Wait await(Waiter waiter, long deadlineNanos, boolean interruptible) {
        enter(waiter);
        boolean interrupted = false;
        try {
            while (!waiter.over) { // until woken, timed out or interrupted
                long left =
                        deadlineNanos == Futex.NEVER
                                ? Long.MAX_VALUE
                                : deadlineNanos - System.nanoTime();
                if (left <= 0) return Wait.TIMED_OUT;
                LockSupport.parkNanos(left);
                if (interruptible && Thread.currentThread().isInterrupted())
                    return Wait.INTERRUPTED;
                if (!interruptible) interrupted |= Thread.interrupted();
            }
            return Wait.WOKEN;
        } finally {
            leave(waiter);
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    /** Has the waiter run when its word changes or is woken. */
    static void enter(Waiter waiter) {
        waiter.station = enterOne(waiter);
    }

    static void leave(Waiter waiter) {
        if (waiter.station != null) waiter.station.leave(waiter);
    }

    private static synchronized Station enterOne(Waiter waiter) {
        for (Station station : STATIONS) {
            if (station.enter(waiter)) return station;
        }
        Station station = new Station(STATIONS.size());
        STATIONS.add(station);
        station.enter(waiter);
        return station;
    }

    private static final class Station extends Thread {
        private final Futex.Frame frame = new Futex.Frame(Futex.MAX_WORDS);
        private final List<Waiter> waiters = new ArrayList<>(); // guarded by itself
        private final Waiter[] inKernel = new Waiter[Futex.MAX_WORDS]; // this thread's own

        Station(int number) {
            super("interlock-waits-" + number);
            setDaemon(true);
            start();
        }

        boolean enter(Waiter waiter) {
            synchronized (waiters) {
                if (waiters.size() == PER_STATION) return false;
                waiters.add(waiter);
            }
            frame.ringOwnWord();
            return true;
        }

        void leave(Waiter waiter) {
            boolean givesUp = !waiter.over;
            waiter.over = true;
            synchronized (waiters) {
                waiters.remove(waiter);
            }
            // Or the kernel would go on to keep a place for it among the sleepers.
            if (givesUp) frame.ringOwnWord();
        }

        @Override
        public void run() {
            while (true) { // as long as the JVM
                // Read first: whoever enters later is seen by the kernel's comparison.
                int bell = frame.ownValue();
                int count = prepare(bell);
                Syscalls.Outcome outcome = frame.waitForAny(count, Futex.NEVER);
                if (outcome == Syscalls.Outcome.DONE && frame.wokenIndex() > 0)
                    woken(inKernel[frame.wokenIndex()]);
                if (outcome == Syscalls.Outcome.REFUSED) endAll();
            }
        }

        /* A wake-up for one that gave up meanwhile belongs to the next sleeper, of whatever process. */
        private static void woken(Waiter waiter) {
            if (waiter.over) {
                Futex.wake(waiter.address, 1);
            } else {
                waiter.run();
            }
        }

        /*
         * If several words were woken the kernel names but one. The others show by their values, or are held again by
         * the very thread that released them, whose next release wakes again.
         */
        private int prepare(int bell) {
            frame.set(0, frame.ownWord(), bell);
            int count = 1;
            synchronized (waiters) {
                waiters.removeIf(waiter -> waiter.over);
                for (Waiter waiter : waiters) {
                    if (waiter.hasChanged()) {
                        waiter.run();
                    } else {
                        inKernel[count] = waiter;
                        frame.set(count++, waiter.address, waiter.expected);
                    }
                }
            }
            return count;
        }

        /* From now on waits poll, see Waits; these are told to look again and so come to it. */
        private void endAll() {
            synchronized (waiters) {
                waiters.forEach(Waiter::run);
                waiters.clear();
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
