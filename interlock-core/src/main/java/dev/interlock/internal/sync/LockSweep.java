package dev.interlock.internal.sync;

import java.util.function.BooleanSupplier;

/** What the death of a process does to a lock. Any number of processes may sweep at once, and any may die doing it. */
public final class LockSweep {
    private LockSweep() {}

    /**
     * Frees the lock if the dead process owned it, and repairs wake-ups that anybody's death may have lost.
     *
     * @param waiters where the list of all who wait begins: those who wait for a condition of this lock are signalled before it is
     *     free, as nobody else might
     * @param deadSlot the slot of a process that will never store again
     * @param stillDying whether the slot still belongs to that process. It is asked after the word was read: the slot goes to
     *     another process only when no word names the dead one, so a word that was read before and is the same at the CAS, number
     *     included, can only be the dead one's
     */
    public static void sweep(
            Words words, long at, long waiters, int deadSlot, BooleanSupplier stillDying) {
        long seen = words.get(at);
        while (LockWord.ownerSlot(seen) == deadSlot) {
            if (!stillDying.getAsBoolean()) return;
            WaitList.signalConditionsOf(words, waiters, at);
            words.cas(at, seen, LockWord.abandoned(seen));
            seen = words.get(at);
        }
        seen = LockState.calmed(words, at, seen); // who set STARVED may be the dead one
        if (LockWord.has(seen, LockWord.WAITERS)) words.wake(at, 1);
    }

    /** Wakes a waiter in place of one that was woken and had to leave. */
    public static void passOn(Words words, long at) {
        if (LockWord.has(words.get(at), LockWord.WAITERS)) words.wake(at, 1);
    }
}
