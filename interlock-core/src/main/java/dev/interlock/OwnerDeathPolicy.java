package dev.interlock;

/** What a {@link SharedLock} does for its next owner after an owner died holding it. */
public enum OwnerDeathPolicy {
    /**
     * The next owner gets the lock and {@link SharedLock#isAbandoned()} answers true until
     * {@link SharedLock#markConsistent()}.
     */
    REPORT,
    /**
     * Acquiring throws {@link AbandonedException}, and the lock is not held, until {@link SharedLock#markConsistent()}.
     */
    THROW,
    /** The next owner gets the lock and is not told. */
    IGNORE
}
