package dev.interlock.internal.sync;

/**
 * Where a ring has room, as far as one process knows. Its threads store what they learn without order: what is lost is learned again, and
 * what any of them stored stays true.
 */
final class RingRoom {
    private static final int LOOK_AHEAD = 16;

    private static final int SPINS = 64; // from look to look at a full ring: a microsecond or two
    private static final int MOST_LOOKS = 8;
    private static final int ENOUGH = 4; // one in so many places of the ring

    private final Words words;
    private final RingLayout layout;
    private long known; // positions before that have their slots EMPTY in their lap, or had
    private long stuck; // told() when that had not moved during the wait of who found the ring full

    /** Nothing is known if {@code known} is 0. */
    RingRoom(Words words, RingLayout layout, long known) {
        this.words = words;
        this.layout = layout;
        this.known = known;
    }

    /** Whether the slot of a position is EMPTY in its lap or beyond, as far as is known. */
    boolean isKnown(long position) {
        return position < known;
    }

    /**
     * How many slots are free from a position on.
     *
     * @param most how many at most
     * @param waits whether to wait a few microseconds for more, if there are none and the ring is being emptied
     */
    int from(long position, int most, boolean waits) {
        int limit = Math.min(Math.min(most, RingWord.MOST_CLAIMED), layout.capacity);
        if (position + limit <= known) return limit;
        long told = told();
        if (waits && position >= Math.max(told, known)) told = toldAfterAWhile(position, told);
        if (position + limit <= told) {
            known = told;
            return limit;
        }
        int ahead = Math.min(Math.max(limit, LOOK_AHEAD), layout.capacity);
        int run = 0;
        while (run < ahead && isFree(position + run)) run++;
        if (run > 0) known = position + run;
        return Math.min(run, limit);
    }

    /** Learns whether the slot of a position is free, as far as that can be seen without taking a line from who empties the ring. */
    void learn(long position) {
        long told = told();
        if (position < told) known = told;
        else if (!layout.isFreedTold()) from(position, 1, false);
    }

    /** Whether the slot of a position is EMPTY in its lap. */
    boolean isFree(long position) {
        return words.get(layout.slot(position)) == RingWord.empty(layout.lap(position));
    }

    /* Up to where there is room, as those say who finish messages: perhaps there is more. */
    private long told() {
        return words.get(layout.at + RingLayout.FREED) + layout.capacity;
    }

    /*
     * The ring is full, or almost. Who looks at its slots again and again takes their cache lines from who empties them, and gets
     * room for one message each time. So this waits for more, twenty microseconds at most, while the ring is being emptied; and does not
     * wait again while it is not. With one CPU nobody would empty it meanwhile.
     */
    private long toldAfterAWhile(long position, long first) {
        if (Cpus.ONE || !layout.isFreedTold() || first == stuck) return first;
        long enough = position + layout.capacity / ENOUGH;
        long told = first;
        for (int looks = 0; looks < MOST_LOOKS; looks++) { // until enough, or it is not emptied
            for (int i = 0; i < SPINS; i++) Thread.onSpinWait();
            long before = told;
            told = told();
            if (told == before || told >= enough) break;
        }
        if (told <= position) stuck = told;
        return told;
    }
}
