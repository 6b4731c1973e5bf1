package dev.interlock.internal.sync;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds threads that wait for each other, in whatever processes. */
public final class Deadlocks {
    /*
     * Edges       a thread that waits for a lock -> the thread that owns it. The first is a cell, the second the lock's word and the
     *             name key beside it, which has the whole id of the owner's thread. Each thread waits for one lock at most, so
     *             there is one way to go.
     * True        Nothing is looked at under a lock. So all edges of a circle are collected, then looked at again: a cell that is in
     *             the same use, and a lock that has the same owner by the same acquisition, were so all the time in between. Then
     *             there was an instant at which all edges were there. No thread of such a circle can get out of it by itself: those
     *             whose wait ends by time are no edges, and a thread that waits cannot unlock. What can still happen is that one is
     *             interrupted or killed, as it could in any deadlock.
     * Who         gives way: the last to come, so that one thread alone does. A thread that would have to throw where its caller
     *             counts on owning the lock (a condition's await) only if all others are such.
     */
    private static final int MOST_THREADS = 1000;

    private Deadlocks() {}

    /**
     * A thread of a circle: it waits for a lock that the thread of the next edge owns. The last one's is owned by the first.
     *
     * @param waiter the thread
     * @param lockWord of the lock that it waits for
     */
    public record Edge(WaitList.Waiter waiter, long lockWord) {}

    /**
     * The circle in which the thread in a cell waits and in which it is the one to give way, beginning with it; null if there is
     * none.
     */
    static @Nullable List<Edge> find(Words words, long root, long cell) {
        List<WaitList.Waiter> all = untimedWaiters(words, root);
        WaitList.Waiter me = null;
        for (WaitList.Waiter waiter : all) {
            if (waiter.cell() == cell) me = waiter;
        }
        if (me == null) return null;
        List<Edge> circle = new ArrayList<>();
        WaitList.Waiter at = me;
        do { // until the circle closes, or an edge is missing
            long word = words.get(at.object());
            if (LockWord.isFree(word) || circle.size() == MOST_THREADS) return null;
            circle.add(new Edge(at, word));
            at = waitOfOwner(words, all, at.object(), word);
            if (at == null) return null;
        } while (at.cell() != cell);
        for (Edge edge : circle) {
            if (edge.waiter.cell() != cell && precedes(edge.waiter, me)) return null;
        }
        return stands(words, circle) ? circle : null;
    }

    /** Whether nothing has changed since the circle's edges were collected. */
    static boolean stands(Words words, List<Edge> circle) {
        for (Edge edge : circle) {
            if (!isUnchanged(words, edge)) return false;
        }
        return true;
    }

    private static List<WaitList.Waiter> untimedWaiters(Words words, long root) {
        List<WaitList.Waiter> waiters = new ArrayList<>();
        WaitList.forEach(
                words,
                root,
                0,
                waiter -> {
                    boolean forLock =
                            waiter.kind() == WaitCell.Kind.LOCK
                                    || waiter.kind() == WaitCell.Kind.FAIR_LOCK;
                    if (forLock && !waiter.timed()) waiters.add(waiter);
                });
        return waiters;
    }

    /* Null if the owner does not wait, or did not yet note who it is. */
    private static WaitList.@Nullable Waiter waitOfOwner(
            Words words, List<WaitList.Waiter> all, long lock, long word) {
        long key = words.get(lock + LockWord.NAME_KEY);
        for (WaitList.Waiter waiter : all) {
            long its =
                    LockWord.nameKey(
                            waiter.slot(), WaitCell.generation(waiter.owner()), waiter.threadId());
            if (its == key && LockWord.isOwner(word, its)) return waiter;
        }
        return null;
    }

    /** Whether the other gives way rather than this one. */
    private static boolean precedes(WaitList.Waiter other, WaitList.Waiter me) {
        if (other.mustOwn() != me.mustOwn()) return me.mustOwn();
        return other.ticket() > me.ticket();
    }

    private static boolean isUnchanged(Words words, Edge edge) {
        long word = words.get(edge.waiter.object());
        return WaitCell.isSameUse(words.get(edge.waiter.cell()), edge.waiter.word())
                && LockWord.number(word) == LockWord.number(edge.lockWord)
                && LockWord.ownerSlot(word) == LockWord.ownerSlot(edge.lockWord);
    }
}
