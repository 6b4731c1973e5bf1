package dev.interlock;

import dev.interlock.internal.region.Mapping;
import dev.interlock.internal.region.OpenRegion;
import dev.interlock.internal.sync.Events;
import dev.interlock.internal.sync.Words;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A flag that threads of all processes wait for, as Python's {@code Event}: while it is set nobody waits, and setting it
 * wakes all who do.
 *
 * <p>Who waits when it is set is woken even if it is cleared at once. The flag belongs to nobody: it stays as it is when
 * a process dies, and who waits for a dead process to set it waits on; use a time limit, or {@link WaitSet} with the
 * process. What a thread did before {@link #set()} happens-before what follows a wait that this ends, in whatever
 * process. A wait among others, in a {@link WaitSet}, sees a flag that is set, but not one that was cleared again.
 *
 * <p>Handles are safe for use by many threads, and may be sent to other processes. All methods that reach the
 * memory throw {@link IllegalStateException} when the {@link Region} is closed, also those that are waiting then. Virtual
 * threads wait without holding a carrier.
 */
public final class SharedEvent extends SharedObject implements Waitable {
    private static final long serialVersionUID = 1L;

    private final transient OpenRegion region;
    private final transient Mapping words;
    private final transient long at;

    SharedEvent(Handle handle) {
        super(handle);
        this.region = handle.region();
        this.words = region.mapping();
        this.at = handle.payload();
    }

    /** Sets the flag and wakes all who wait. Does nothing if it is set. Never waits. */
    public void set() {
        Events.set(words, at);
    }

    /** Clears the flag: from now on threads wait. Who was woken by a set before is not held back. */
    public void clear() {
        Events.clear(words, at);
    }

    /**
     * Whether the flag is set, at this moment.
     *
     * @return whether it is
     */
    public boolean isSet() {
        return Events.isSet(words, at);
    }

    /**
     * Waits until the flag is set; not at all if it is.
     *
     * @throws InterruptedException if interrupted, on entry, even if the flag is set, or while waiting; the thread's status is cleared
     */
    public void await() throws InterruptedException {
        awaitUntil(Words.NEVER);
    }

    /** Waits until the flag is set. An interrupt does not end the wait; the thread's status stays set. */
    public void awaitUninterruptibly() {
        try {
            Events.await(words, region.cells(), at, Words.NEVER, false);
        } catch (InterruptedException e) {
            throw new AssertionError(e); // it was not asked to mind interrupts
        }
    }

    /**
     * Waits until the flag is set, or for that long.
     *
     * @param timeout how long; zero or less looks once
     * @return whether it was set; false if the time ran out
     * @throws InterruptedException if interrupted, on entry or while waiting
     */
    public boolean await(Duration timeout) throws InterruptedException {
        return awaitUntil(Timeouts.deadline(Math.max(0, Timeouts.toNanos(timeout))));
    }

    /**
     * Waits until the flag is set, or for that long; see {@link #await(Duration)}.
     *
     * @param time how long
     * @param unit of {@code time}
     * @return whether it was set
     * @throws InterruptedException if interrupted, on entry or while waiting
     */
    public boolean await(long time, TimeUnit unit) throws InterruptedException {
        return awaitUntil(Timeouts.deadline(Math.max(0, unit.toNanos(time))));
    }

    private boolean awaitUntil(long deadlineNanos) throws InterruptedException {
        if (Thread.interrupted()) throw new InterruptedException();
        return Events.await(words, region.cells(), at, deadlineNanos, true);
    }

    Readiness readiness() {
        return new SignalReadiness(region, at, () -> Events.announce(words, at));
    }

    @Override
    String state() {
        return isSet() ? ", set" : ", clear";
    }
}
