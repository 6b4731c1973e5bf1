package dev.interlock.internal.sync;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All who wait in a region, as anybody sees them. There are no queues that a death could break: who looks for the first in line
 * looks at all cells. See {@link WaitCell}.
 */
public final class WaitList {
    static final int MOST_CHUNKS =
            1 << 20; // more would be a circle, in a file that somebody damaged

    private WaitList() {}

    /**
     * A thread that waits, or was woken and has not gone yet.
     *
     * @param cell where its cell lies
     * @param word the cell's word when this was read; the rest is true as long as it is the same
     * @param owner slot and generation of its process
     * @param object what it waits for
     * @param want how much of it
     * @param timed whether its wait ends by itself
     * @param mustOwn whether its caller counts on owning what it waits for
     */
    public record Waiter(
            long cell,
            long word,
            long owner,
            WaitCell.Kind kind,
            boolean timed,
            boolean mustOwn,
            long object,
            long ticket,
            long want,
            long threadId,
            long sinceMillis,
            long report)
            implements Comparable<Waiter> {

        /** The slot of its process. */
        public int slot() {
            return WaitCell.slot(owner);
        }

        /** Whether nobody has woken it yet. */
        public boolean isWaiting() {
            return WaitCell.state(word) == WaitCell.WAITING;
        }

        /** By arrival. */
        @Override
        public int compareTo(Waiter other) {
            return Long.compare(ticket, other.ticket);
        }

        boolean isWoken() {
            return WaitCell.state(word) == WaitCell.WOKEN;
        }

        /** Whether it was given a signal, and does not own the condition's lock yet. */
        boolean isSignalled() {
            return isWoken() && kind == WaitCell.Kind.CONDITION;
        }
    }

    /** Is shown each waiter. */
    public interface Visitor {
        /** Sees one. */
        void visit(Waiter waiter);
    }

    /** Shows all who wait for an object to a visitor; those of all objects if it is 0. */
    public static void forEach(Words words, long root, long object, Visitor visitor) {
        long chunk = words.get(root);
        for (int i = 0;
                chunk != 0 && i < MOST_CHUNKS;
                i++, chunk = words.get(chunk + WaitCell.NEXT)) {
            long owner = words.get(chunk + WaitCell.OWNER);
            if (owner == 0) continue;
            for (long left = words.get(chunk + WaitCell.USED); left != 0; left &= left - 1) {
                long cell = WaitCell.cell(chunk, Long.numberOfTrailingZeros(left));
                if (object != 0 && words.get(cell + WaitCell.OBJECT) != object) continue;
                Waiter waiter = read(words, cell, owner);
                if (waiter != null && (object == 0 || waiter.object == object))
                    visitor.visit(waiter);
            }
        }
    }

    /** The waiter in a cell, or null if nobody waits there. */
    static @Nullable Waiter read(Words words, long cell, long owner) {
        long word = words.get(cell);
        int state = WaitCell.state(word);
        if (state != WaitCell.WAITING && state != WaitCell.WOKEN) return null;
        long kind = words.get(cell + WaitCell.KIND);
        Waiter waiter =
                new Waiter(
                        cell,
                        word,
                        owner,
                        WaitCell.Kind.of(kind),
                        (kind & WaitCell.TIMED) != 0,
                        (kind & WaitCell.MUST_OWN) != 0,
                        words.get(cell + WaitCell.OBJECT),
                        words.get(cell + WaitCell.TICKET),
                        words.get(cell + WaitCell.WANT),
                        words.get(cell + WaitCell.THREAD),
                        words.get(cell + WaitCell.SINCE),
                        words.get(cell + WaitCell.REPORT));
        return WaitCell.freed(words.get(cell)) == WaitCell.freed(word)
                ? waiter
                : null; // the same use
    }

    /** Those who wait for an object and were not woken yet, in the order of their arrival. */
    public static List<Waiter> waiting(Words words, long root, long object) {
        Waiting waiting = new Waiting();
        forEach(words, root, object, waiting);
        if (waiting.found.size() > 1) Collections.sort(waiting.found);
        return waiting.found;
    }

    /** How many threads wait for an object, woken or not. */
    public static int count(Words words, long root, long object) {
        Counting counting = new Counting();
        forEach(words, root, object, counting);
        return counting.count;
    }

    private static final class Counting implements Visitor {
        private int count;

        @Override
        public void visit(Waiter waiter) {
            count++;
        }
    }

    /* Classes and not lambdas here and below: the first lambda of a JVM takes longer than all else that follows a death. */
    private static final class Waiting implements Visitor {
        private final List<Waiter> found = new ArrayList<>();

        @Override
        public void visit(Waiter waiter) {
            if (waiter.isWaiting()) found.add(waiter);
        }
    }

    /** Who waits for an object and came first, woken or not; null if nobody does. */
    public static @Nullable Waiter first(Words words, long root, long object) {
        First first = new First(false);
        forEach(words, root, object, first);
        return first.found;
    }

    /** Who waits for an object, was not woken yet and came first; null if nobody does. */
    static @Nullable Waiter firstWaiting(Words words, long root, long object) {
        First first = new First(true);
        forEach(words, root, object, first);
        return first.found;
    }

    private static final class First implements Visitor {
        private final boolean waitingOnly;
        private @Nullable Waiter found;

        First(boolean waitingOnly) {
            this.waitingOnly = waitingOnly;
        }

        @Override
        public void visit(Waiter waiter) {
            if (waitingOnly && !waiter.isWaiting()) return;
            if (found == null || waiter.ticket < found.ticket) found = waiter;
        }
    }

    /** Chooses a waiter and wakes it; false if it was chosen or gave up meanwhile. */
    static boolean wake(Words words, Waiter waiter) {
        if (!choose(words, waiter)) return false;
        words.wake(waiter.cell, 1);
        return true;
    }

    /** Chooses a waiter, which the caller has to wake then; false if it was chosen or gave up meanwhile. */
    static boolean choose(Words words, Waiter waiter) {
        return words.cas(waiter.cell, waiter.word, WaitCell.with(waiter.word, WaitCell.WOKEN));
    }

    /** Chooses who came first of those not woken yet, and answers its cell; 0 if there is nobody. */
    static long chooseFirst(Words words, long root, long object) {
        while (true) { // until one is chosen or none is left
            Waiter first = firstWaiting(words, root, object);
            if (first == null) return 0;
            if (choose(words, first)) return first.cell;
        }
    }

    /** Wakes who came first of those not woken yet; false if there is nobody. */
    public static boolean wakeFirst(Words words, long root, long object) {
        long cell = chooseFirst(words, root, object);
        if (cell != 0) words.wake(cell, 1);
        return cell != 0;
    }

    /**
     * What the death of a process does to those who wait: what it had been given as a waiter is passed on, its cells become free,
     * and wake-ups that it may have failed to give are given. Any number of processes may do so at once, and die doing it.
     *
     * @param deadSlot the slot of the dead process
     * @param deadGeneration the slot's generation then
     */
    public static void sweep(Words words, long root, int deadSlot, int deadGeneration) {
        long dead = WaitCell.owner(deadSlot, deadGeneration);
        long chunk = words.get(root);
        for (int i = 0;
                chunk != 0 && i < MOST_CHUNKS;
                i++, chunk = words.get(chunk + WaitCell.NEXT)) {
            if (words.get(chunk + WaitCell.OWNER) != dead) continue;
            for (int cell = 0; cell < WaitCell.CELLS; cell++)
                free(words, root, chunk, WaitCell.cell(chunk, cell), dead);
            words.cas(chunk + WaitCell.OWNER, dead, 0);
        }
        forEach(words, root, 0, new WakingAgain(words));
    }

    /* The word is read before the owner is: a word that was the dead one's then, and is the same at the CAS, still is. */
    private static void free(Words words, long root, long chunk, long cell, long dead) {
        while (true) { // until it is free, by whomever
            long word = words.get(cell);
            if (WaitCell.state(word) == WaitCell.FREE || words.get(chunk + WaitCell.OWNER) != dead)
                return;
            Waiter waiter = read(words, cell, dead);
            if (waiter != null && waiter.word == word && waiter.isSignalled())
                wakeFirst(words, root, waiter.object);
            if (words.cas(cell, word, WaitCell.freed(word))) return;
        }
    }

    /*
     * Who sleeps on its cell and is woken for nothing looks again and goes on waiting; signals are not given for nothing. Who was chosen by
     * another sweeper in between is woken all the same: that one may die before it does so, and be no member yet: one that
     * joins a full table.
     */
    private record WakingAgain(Words words) implements Visitor {
        @Override
        public void visit(Waiter waiter) {
            boolean looksAgain =
                    waiter.kind == WaitCell.Kind.FAIR_LOCK
                            || waiter.kind == WaitCell.Kind.SEMAPHORE;
            if (!waiter.isWoken() && !looksAgain) return;
            if (!waiter.isWoken()) choose(words, waiter);
            words.wake(waiter.cell, 1);
        }
    }

    /** Wakes those who were signalled, again: who signalled them may be about to, once it has released the lock. */
    static void wakeSignalled(Words words, long root) {
        forEach(words, root, 0, new WakingSignalled(words));
    }

    private record WakingSignalled(Words words) implements Visitor {
        @Override
        public void visit(Waiter waiter) {
            if (waiter.isSignalled()) words.wake(waiter.cell, 1);
        }
    }

    /** Gives a signal to all who wait for a condition of a lock whose owner died: who would have signalled is no more. */
    static void signalConditionsOf(Words words, long root, long lock) {
        forEach(words, root, 0, new Signalling(words, lock));
    }

    private record Signalling(Words words, long lock) implements Visitor {
        @Override
        public void visit(Waiter waiter) {
            if (waiter.kind == WaitCell.Kind.CONDITION
                    && waiter.isWaiting()
                    && words.get(waiter.object + Conditions.LOCK) == lock) wake(words, waiter);
        }
    }
}
