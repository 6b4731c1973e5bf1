package dev.interlock.internal.sync;

import java.util.function.BooleanSupplier;

/** What the death of a process does to a lock. Any number of processes may sweep at once, and any may die doing it. */
public final class LockSweep {
    private LockSweep() {}

    /**
     * Frees the lock if the dead process owned it, and repairs wake-ups that anybody's death may have lost.
     *
     * @param deadSlot the slot of a process that will never store again
     * @param stillDying whether the slot still belongs to that process. It is asked after the word was read: the slot goes to
     *     another process only when no word names the dead one, so a word that was read before and is the same at the CAS, number
     *     included, can only be the dead one's
     */
    public static void sweep(Words words, long at, int deadSlot, BooleanSupplier stillDying) {
        long seen = words.get(at);
        while (LockWord.ownerSlot(seen) == deadSlot) {
            if (!stillDying.getAsBoolean()) return;
            words.cas(at, seen, LockWord.abandoned(seen));
            seen = words.get(at);
        }
        while (LockWord.has(seen, LockWord.STARVED)) { // who set it may be the dead one
            words.cas(at, seen, LockWord.without(seen, LockWord.STARVED));
            seen = words.get(at);
        }
        if (LockWord.has(seen, LockWord.WAITERS)) words.wake(at, 1);
    }
}
