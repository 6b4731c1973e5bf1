package dev.interlock.internal.region;

import dev.interlock.internal.os.Futex;
import dev.interlock.internal.os.Syscalls;
import dev.interlock.internal.sync.Words.Wait;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * How threads sleep on the words of one mapping. Platform threads sleep in the kernel, on the word and on a word of
 * their own that an interrupt or a close rings; virtual threads park and leave the kernel to {@link VirtualWaits}; and
 * where the kernel cannot be reached, yet or ever, all of them look again and again at growing intervals.
 */
final class Waits {
    private static final boolean POLL_ONLY =
            System.getProperty("interlock.wait", "futex").equals("poll");
    private static final long CLOSING_PAUSE_NANOS = 20_000;

    /** Without futex_waitv an interrupt goes unnoticed for so long. */
    private static final long SLICE_NANOS = 5_000_000;

    /** One for each thread that sleeps. */
    private final Set<Runnable> bells = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;
    private volatile boolean used; // set by whoever waits

    private final @Nullable Attachment member;

    Waits(@Nullable Attachment member) {
        this.member = member;
    }

    /** Whether anybody ever waited. */
    boolean wereUsed() {
        return used;
    }

    Wait await(
            Mapping mapping, long offset, int expected, long deadlineNanos, boolean interruptible) {
        if (!maySleep()) return poll(mapping, offset, expected, deadlineNanos, interruptible);
        if (!used) used = true;
        return Thread.currentThread().isVirtual()
                ? sleepVirtual(mapping, offset, expected, deadlineNanos, interruptible)
                : sleep(mapping, offset, expected, deadlineNanos, interruptible);
    }

    /** Waits for one of several words, see {@link AnyWord}: has the waiter run when its word changes, or the region is closed. */
    void enter(VirtualWaits.Waiter waiter) {
        used = true;
        enter((Runnable) waiter);
        VirtualWaits.enter(waiter);
    }

    void leave(VirtualWaits.Waiter waiter) {
        VirtualWaits.leave(waiter);
        bells.remove(waiter);
    }

    /** Whether a thread that waits for several words may leave that to the kernel. */
    boolean maySleepForMany() {
        return maySleep() && Futex.canWaitForMany();
    }

    /*
     * Who sleeps in the kernel may be the one whom a wake-up reaches. If it dies then, before anybody has been told to
     * watch it, nobody passes the wake-up on.
     */
    private boolean maySleep() {
        return !POLL_ONLY && Syscalls.isReady() && member != null && member.isAnnounced();
    }

    private Wait sleep(
            Mapping mapping, long offset, int expected, long deadlineNanos, boolean interruptible) {
        Futex.Frame frame = Futex.Frame.take();
        int own = frame.ownValue();
        Runnable bell = frame::ringOwnWord;
        enter(bell);
        if (interruptible) frame.interruptHook().enter();
        try {
            long address = mapping.address(offset);
            return switch (waitIn(frame, address, expected, own, deadlineNanos)) {
                case DONE -> frame.wokenIndex() == 0 ? Wait.WOKEN : Wait.INTERRUPTED;
                case TIMED_OUT -> Wait.TIMED_OUT;
                case CHANGED, SIGNALLED -> Wait.CHANGED;
                case REFUSED -> poll(mapping, offset, expected, deadlineNanos, interruptible);
            };
        } finally {
            if (interruptible) frame.interruptHook().leave();
            bells.remove(bell);
            frame.giveBack();
        }
    }

    private static Syscalls.Outcome waitIn(
            Futex.Frame frame, long address, int expected, int own, long deadlineNanos) {
        if (Futex.canWaitForMany()) {
            frame.set(0, address, expected);
            frame.set(1, frame.ownWord(), own);
            Syscalls.Outcome outcome = frame.waitForAny(2, deadlineNanos);
            if (outcome != Syscalls.Outcome.REFUSED) return outcome;
        }
        return frame.waitForOne(
                address, expected, Math.min(deadlineNanos, System.nanoTime() + SLICE_NANOS));
    }

    private Wait sleepVirtual(
            Mapping mapping, long offset, int expected, long deadlineNanos, boolean interruptible) {
        if (!Futex.canWaitForMany())
            return poll(mapping, offset, expected, deadlineNanos, interruptible);
        var waiter = new VirtualWaits.Waiter(mapping, offset, expected);
        enter(waiter);
        try {
            return VirtualWaits.await(waiter, deadlineNanos, interruptible);
        } finally {
            bells.remove(waiter);
        }
    }

    /*
     * Entered first and looked second, while close() is marked first and rings second: one of the two sees the other.
     */
    private void enter(Runnable bell) {
        bells.add(bell);
        if (closed) {
            bells.remove(bell);
            throw alreadyClosed();
        }
    }

    private IllegalStateException alreadyClosed() {
        String name = member == null ? "" : " '" + member.path().getFileName() + "'";
        return new IllegalStateException(
                "Region"
                        + name
                        + " was closed while this thread waited. Close it after its users are done.");
    }

    private Wait poll(
            Mapping mapping, long offset, int expected, long deadlineNanos, boolean interruptible) {
        boolean interrupted = false; // kept here: the status would end every pause at once
        try (Poll poll = new Poll(deadlineNanos)) {
            do { // until there is something to look at, or to decide anew
                if (!interruptible) interrupted |= Thread.interrupted();
                if (closed) throw alreadyClosed();
                if ((int) mapping.get(offset) != expected) return Wait.CHANGED;
                if (interruptible && Thread.currentThread().isInterrupted())
                    return Wait.INTERRUPTED;
            } while (poll.pause());
            return Wait.TIMED_OUT;
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    /** Makes every wait of this mapping throw, now and later, and returns when the last one has left the kernel. */
    void close() {
        closed = true;
        boolean interrupted = false;
        while (!bells.isEmpty()) { // until those who sleep have gone
            bells.forEach(Runnable::run);
            interrupted |= Thread.interrupted();
            LockSupport.parkNanos(CLOSING_PAUSE_NANOS);
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
