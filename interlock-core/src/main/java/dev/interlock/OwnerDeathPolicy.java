package dev.interlock;

/** What a {@link SharedLock} does for its next owner after an owner died holding it. */
public enum OwnerDeathPolicy {
    /**
     * The next owner gets the lock and {@link SharedLock#isAbandoned()} answers true until
     * {@link SharedLock#markConsistent()}.
     */
    REPORT(0),
    /**
     * Acquiring throws {@link AbandonedException}, and the lock is not held, until {@link SharedLock#markConsistent()}.
     */
    THROW(1),
    /** The next owner gets the lock and is not told. */
    IGNORE(2);

    private final int code; // as regions hold it

    OwnerDeathPolicy(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    /** The policy with that code; the default one for a code that is unknown. */
    static OwnerDeathPolicy of(long code) {
        for (OwnerDeathPolicy policy : values()) {
            if (policy.code == code) return policy;
        }
        return REPORT;
    }
}
