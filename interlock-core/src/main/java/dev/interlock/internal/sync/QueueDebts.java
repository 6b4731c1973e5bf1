package dev.interlock.internal.sync;

import java.lang.foreign.MemorySegment;
import java.util.function.BooleanSupplier;

/** How many messages each process took from a queue and has not reported done, as one of them sees it. */
final class QueueDebts {
    /*
     * Word    63..48 generation of the process, its lower bits | 47..0 messages; of each slot of the process table. A debt names the
     *         generation so that a sweeper that was stopped does not pay another's.
     * Death   The dead owe nothing: the sweep makes the number 0, and who joins in the same slot puts its generation there.
     */
    private static final int BITS = 48;
    private static final long MESSAGES = (1L << BITS) - 1;

    private final Words words;
    private final QueueLayout layout;
    private final long own; // where this process's is

    QueueDebts(Words words, QueueLayout layout, int slot, int generation) {
        this.words = words;
        this.layout = layout;
        this.own = layout.debt(slot);
        long seen = words.get(own);
        long none = (long) generation << BITS;
        if (seen >>> BITS != none >>> BITS) words.cas(own, seen, none);
    }

    /** This process took so many messages. */
    void add(int messages) {
        words.getAndAdd(own, messages);
    }

    /** The same, for who has the queue's memory at hand, where this process's debt lies at that offset. */
    static void add(Words words, MemorySegment queue, long at, long own, int messages) {
        words.getAndAdd(queue, at, own, messages);
    }

    /** So many of this process's messages were counted and not taken. */
    void giveUp(int messages) {
        long seen;
        do { // until they are gone; fewer if somebody reported more done than were taken
            seen = words.get(own);
        } while (!words.cas(own, seen, seen - Math.min(seen & MESSAGES, messages)));
    }

    /** One message is done: one of this process's, or else of any; false if there is none. */
    boolean pay() {
        if (pay(own)) return true;
        for (int slot = 0; slot < LockWord.SLOT; slot++) if (pay(layout.debt(slot))) return true;
        return false;
    }

    private boolean pay(long at) {
        while (true) { // until paid, or nothing is owed
            long seen = words.get(at);
            if ((seen & MESSAGES) == 0) return false;
            if (words.cas(at, seen, seen - 1)) return true;
        }
    }

    /** How many messages the process in that slot took that are not done. */
    long of(int slot) {
        return words.get(layout.debt(slot)) & MESSAGES;
    }

    /** How many all took. */
    long sum() {
        long sum = 0;
        for (int slot = 0; slot < LockWord.SLOT; slot++) sum += of(slot);
        return sum;
    }

    /** What the death of a process does. */
    static void sweep(Words words, QueueLayout layout, int dead, BooleanSupplier stillDying) {
        long debt = words.get(layout.debt(dead));
        if ((debt & MESSAGES) != 0 && stillDying.getAsBoolean())
            words.cas(layout.debt(dead), debt, 0);
    }
}
