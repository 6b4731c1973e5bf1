package dev.interlock;

import dev.interlock.internal.sync.LockState;

/**
 * How a {@link SharedLock} or {@link SharedReentrantLock} behaves; fixed when the lock is made.
 *
 * @param ownerDeath what the next owner is told after an owner died
 * @param isFair whether threads get the lock in the order in which they asked for it, across processes. Such a lock is
 *     handed from one sleeping thread to the next, so a contended one is some hundred times slower
 */
public record LockOptions(OwnerDeathPolicy ownerDeath, boolean isFair) {
    private static final int FAIR = 1 << 8; // in the code that regions hold
    private static final LockOptions DEFAULTS = new LockOptions(OwnerDeathPolicy.REPORT, false);

    /**
     * The options a lock has when none are given: {@link OwnerDeathPolicy#REPORT}, not fair.
     *
     * @return the default options
     */
    public static LockOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The default options with another policy.
     *
     * @param policy what the next owner is told after an owner died
     * @return the options
     */
    public static LockOptions onOwnerDeath(OwnerDeathPolicy policy) {
        return defaults().ownerDeath(policy);
    }

    /**
     * The default options, but fair.
     *
     * @return the options
     */
    public static LockOptions fair() {
        return new LockOptions(OwnerDeathPolicy.REPORT, true);
    }

    /**
     * These options with another policy.
     *
     * @param policy what the next owner is told after an owner died
     * @return the options
     */
    public LockOptions ownerDeath(OwnerDeathPolicy policy) {
        return new LockOptions(policy, isFair);
    }

    int code() {
        return ownerDeath.code() | (isFair ? FAIR : 0);
    }

    static LockOptions of(long code) {
        return new LockOptions(OwnerDeathPolicy.of(code & FAIR - 1), (code & FAIR) != 0);
    }

    String describe() {
        return "with ownerDeath " + ownerDeath + (isFair ? ", fair" : "");
    }

    LockState.Manner manner() {
        return new LockState.Manner(
                ownerDeath == OwnerDeathPolicy.THROW,
                ownerDeath == OwnerDeathPolicy.IGNORE,
                isFair);
    }
}
