package dev.interlock;

/**
 * How a {@link SharedLock} behaves; fixed when the lock is made.
 *
 * @param ownerDeath what the next owner is told after an owner died
 */
public record LockOptions(OwnerDeathPolicy ownerDeath) {
    /**
     * The options a lock has when none are given: {@link OwnerDeathPolicy#REPORT}.
     *
     * @return the default options
     */
    public static LockOptions defaults() {
        return new LockOptions(OwnerDeathPolicy.REPORT);
    }

    /**
     * The default options with another policy.
     *
     * @param policy what the next owner is told after an owner died
     * @return the options
     */
    public static LockOptions onOwnerDeath(OwnerDeathPolicy policy) {
        return new LockOptions(policy);
    }
}
