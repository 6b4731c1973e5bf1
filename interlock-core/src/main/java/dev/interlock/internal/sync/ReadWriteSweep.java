package dev.interlock.internal.sync;

import java.util.function.BooleanSupplier;

/** What the death of a process does to a read-write lock. Any number of processes may sweep at once, and any may die doing it. */
public final class ReadWriteSweep {
    private ReadWriteSweep() {}

    /**
     * Takes the dead process off the lock, as reader and as writer, and wakes a writer that waits for it. {@link LockSweep} must
     * follow: only when nothing else is left of a dead writer may the next one come.
     *
     * @param deadSlot the slot of a process that will never store again
     * @param deadGeneration the slot's generation then
     * @param stillDying whether the slot still belongs to that process
     */
    public static void sweep(
            Words words, long at, int deadSlot, int deadGeneration, BooleanSupplier stillDying) {
        takeOffWriter(words, at, deadSlot, stillDying);
        takeOffReaders(words, ReadWriteCell.readers(at, deadSlot), deadGeneration);
        // Who died may have been about to wake the writer, whatever it has left behind.
        if (ReadWriteCell.isClosed(words.get(at + ReadWriteCell.GATE))) wakeDrainer(words, at);
    }

    /*
     * Both words are read before the owner is: as they count, what is the same at the CAS was so when the dead process owned the
     * lock. First dirty, then open: who comes in sees that.
     */
    private static void takeOffWriter(
            Words words, long at, int deadSlot, BooleanSupplier stillDying) {
        while (true) { // until nothing is left of it
            long writes = words.get(at + ReadWriteCell.WRITES);
            long gate = words.get(at + ReadWriteCell.GATE);
            boolean writing = ReadWriteCell.isWriting(writes);
            if (!writing && !ReadWriteCell.isClosed(gate)) return;
            if (LockWord.ownerSlot(words.get(at)) != deadSlot || !stillDying.getAsBoolean()) return;
            if (writing)
                words.cas(
                        at + ReadWriteCell.WRITES,
                        writes,
                        (writes + ReadWriteCell.ONE_CHANGE) | ReadWriteCell.DIRTY);
            else words.cas(at + ReadWriteCell.GATE, gate, gate + 1);
        }
    }

    /* The generation in the word makes sure that it is the dead one's. */
    private static void takeOffReaders(Words words, long readers, int deadGeneration) {
        while (true) { // until none is left
            long seen = words.get(readers);
            if (ReadWriteCell.generation(seen) != deadGeneration || ReadWriteCell.count(seen) == 0)
                return;
            words.cas(readers, seen, ReadWriteCell.noReaders(deadGeneration));
        }
    }

    static void wakeDrainer(Words words, long at) {
        words.getAndAdd(at + ReadWriteCell.DRAIN, 1);
        words.wake(at + ReadWriteCell.DRAIN, 1);
    }
}
