package dev.interlock;

import dev.interlock.internal.sync.SemaphoreState;

/**
 * How a {@link SharedSemaphore} behaves; fixed when it is made.
 *
 * @param isOwned whether permits belong to the process that acquired them: only it can release them, and at its death they
 *     come back
 * @param isBounded whether releasing more than was acquired is an error rather than a way to add permits. An owned one is
 * @param isFair whether permits go to threads in the order in which they asked, across processes
 */
public record SemaphoreOptions(boolean isOwned, boolean isBounded, boolean isFair) {
    /**
     * Permits belong to processes; a running thread may be faster than one that waits.
     *
     * @return the default options
     */
    public static SemaphoreOptions defaults() {
        return new SemaphoreOptions(true, true, false);
    }

    /**
     * As Python's {@code Semaphore} and that of {@code java.util.concurrent}: anybody releases, also more than was
     * acquired, and what a dead process had acquired does not come back.
     *
     * @return the options
     */
    public static SemaphoreOptions unowned() {
        return new SemaphoreOptions(false, false, false);
    }

    /**
     * As Python's {@code BoundedSemaphore}: anybody releases, but never more than was acquired. With owned permits that
     * is so in any case.
     *
     * @return the options
     */
    public SemaphoreOptions bounded() {
        return new SemaphoreOptions(isOwned, true, isFair);
    }

    /**
     * These options, but permits go to threads in the order in which they asked.
     *
     * @return the options
     */
    public SemaphoreOptions fair() {
        return new SemaphoreOptions(isOwned, isBounded, true);
    }

    SemaphoreState.Manner manner() {
        return new SemaphoreState.Manner(isOwned, isBounded, isFair);
    }

    String describe() {
        return (isOwned ? "owned" : isBounded ? "unowned, bounded" : "unowned")
                + (isFair ? ", fair" : "");
    }
}
