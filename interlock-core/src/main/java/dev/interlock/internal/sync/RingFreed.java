package dev.interlock.internal.sync;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * Tells up to where all messages of a ring are gone, as far as one process knows: once for so many positions, since producers look at
 * that word while they wait, and each store to it then costs a round trip to their CPU.
 */
final class RingFreed {
    /* Who takes one by one looks at so many slots in a step, if they are not all its own: more would be felt. */
    private static final int TOLD_AT_ONCE = 16;

    private static final int LENGTH_BITS = 12;
    private static final long MOST = (1 << LENGTH_BITS) - 1;

    private final Words words;
    private final MemorySegment memory; // of the words
    private final RingLayout layout;
    private final boolean isTold;

    /*
     * Positions in a row that threads of this process have finished last: the end and, in the lower bits, how many. Races lose
     * updates, harmlessly, as what any thread stored is true for ever.
     */
    private long own;

    RingFreed(Words words, RingLayout layout) {
        this.words = words;
        this.memory = words.memory();
        this.layout = layout;
        this.isTold = layout.isFreedTold();
    }

    /**
     * Notes that messages are gone, and tells it once in a while.
     *
     * @param finished how many of those from one position to before another the caller has finished
     */
    void finished(long first, long end, int finished) {
        if (first == end || !isTold) return;
        long length = finished == end - first ? end - first + before(first) : 0;
        VarHandle.releaseFence(); // whoever goes on from here finds those slots stored
        own = end << LENGTH_BITS | Math.min(length, MOST);
        if ((first ^ end) >= TOLD_AT_ONCE) tell(end - length, end);
    }

    private long before(long first) {
        long seen = own;
        VarHandle.acquireFence();
        return seen >>> LENGTH_BITS == first ? seen & MOST : 0;
    }

    /* Those from one position to before the other are known to be gone. */
    private void tell(long known, long end) {
        long freed = words.get(layout.at + RingLayout.FREED);
        long first = Math.max(freed, end - layout.capacity); // or the last could not be claimed
        while (first < known && isGone(first)) first++;
        if (first >= known) first = Math.max(first, end);
        if (first > freed) words.putRelease(memory, layout.at + RingLayout.FREED, first);
    }

    private boolean isGone(long position) {
        return RingWord.lap(words.get(layout.slot(position))) > layout.lap(position);
    }
}
