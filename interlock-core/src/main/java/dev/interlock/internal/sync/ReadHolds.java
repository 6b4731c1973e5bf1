package dev.interlock.internal.sync;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** How often each thread of this JVM holds one read lock. */
final class ReadHolds {
    /*
     * Layout      places[id mod 64]: thread id:47, virtual:1, holds:16; 0 = nobody's. Who finds its place taken is in the map.
     * Claims      A platform thread keeps its place until it ends, so that counting is an ordinary store: nobody else writes to a
     *             place that names a living thread. Who needs the place of one that ended takes it, under the monitor. A virtual
     *             thread gives its place back with its last hold, as there may be any number of them.
     * Where a thread is   in its place or in the map, never in both: it claims a place only when the map does not have it.
     * Why not a ThreadLocal   it costs as much as an uncontended lock, and each of 100,000 virtual threads would keep a map of them.
     */
    static final int PLACES = 64;
    static final int MOST = (1 << 16) - 1;
    private static final int VIRTUAL = 1 << 16; // so that the common case need not ask
    private static final int ID_SHIFT = 17;

    private static final VarHandle PLACE = MethodHandles.arrayElementVarHandle(long[].class);

    final long[] places = new long[PLACES];
    private @Nullable WeakReference<Thread> @Nullable [] keepers; // of places; guarded by this
    private final ConcurrentHashMap<Long, Integer> others = new ConcurrentHashMap<>();

    static int place(long id) {
        return (int) id & PLACES - 1;
    }

    /** The contents of a place that a platform thread keeps, and has no hold. */
    static long kept(long id) {
        return id << ID_SHIFT;
    }

    private static boolean names(long place, long id) {
        return place >>> ID_SHIFT == id;
    }

    /** How often the thread holds the lock. */
    int of(Thread me) {
        long id = me.threadId();
        long place = places[place(id)];
        if (names(place, id)) return (int) place & MOST;
        return others.isEmpty() ? 0 : others.getOrDefault(id, 0);
    }

    /**
     * Counts one hold more of the calling thread.
     *
     * @throws Error if that would be more than 65,535
     */
    void add(Thread me) {
        long id = me.threadId();
        int at = place(id);
        if (names(places[at], id)) {
            requireNotTooMany((int) places[at] & MOST);
            places[at]++;
            return;
        }
        Integer count = others.isEmpty() ? null : others.get(id);
        if (count != null) {
            requireNotTooMany(count);
            others.put(id, count + 1);
        } else if (!claim(me, at)) {
            others.put(id, 1);
        }
    }

    private static void requireNotTooMany(int holds) {
        if (holds == MOST) throw new Error("a thread holds a read lock " + MOST + " times");
    }

    /** Counts one hold less of the calling thread, which has one, and answers how many are left. */
    int remove(Thread me) {
        long id = me.threadId();
        int at = place(id);
        if (!names(places[at], id)) return removeOther(id);
        int left = ((int) places[at] & MOST) - 1;
        if (left == 0 && (places[at] & VIRTUAL) != 0) PLACE.setRelease(places, at, 0L);
        else places[at]--;
        return left;
    }

    private int removeOther(long id) {
        int left = others.getOrDefault(id, 0) - 1;
        if (left > 0) others.put(id, left);
        else others.remove(id);
        return left;
    }

    /* Takes the place, with one hold. */
    private boolean claim(Thread me, int at) {
        long taken = kept(me.threadId()) + 1;
        if (!me.isVirtual()) return claimToKeep(me, at, taken);
        return places[at] == 0 && PLACE.compareAndSet(places, at, 0L, taken | VIRTUAL);
    }

    private synchronized boolean claimToKeep(Thread me, int at, long taken) {
        long seen = (long) PLACE.getVolatile(places, at);
        if (seen != 0 && !isOfTheDead(at)) return false;
        WeakReference<Thread> keeper = new WeakReference<>(me);
        if (!PLACE.compareAndSet(places, at, seen, taken)) return false; // a virtual thread came
        keepers()[at] = keeper;
        return true;
    }

    /* A virtual thread's place has no keeper: it will be given back. */
    private boolean isOfTheDead(int at) {
        WeakReference<Thread> keeper = keepers()[at];
        if (keeper == null) return false;
        Thread thread = keeper.get();
        return thread == null || !thread.isAlive();
    }

    @SuppressWarnings("unchecked") // an array of a generic type
    private @Nullable WeakReference<Thread>[] keepers() {
        if (keepers == null) keepers = (WeakReference<Thread>[]) new WeakReference<?>[PLACES];
        return keepers;
    }
}
