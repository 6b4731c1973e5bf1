package dev.interlock.internal.sync;

import java.lang.foreign.MemorySegment;
import java.util.function.BooleanSupplier;

/** A ring of slots through which messages go from any process to any process, each to one. */
public final class Ring {
    /*
     * Layout      RingLayout; the word of a slot: RingWord. A slot in lap n is in one of these states until it is EMPTY in lap n + 1.
     * States      state    slot + 1                      leaves by
     *             EMPTY    0       free for a message    claim: CAS to WRITING, by who writes; or see Runs
     *             WRITING  p       p copies into it      publish: CAS to FULL, the only point at which a message comes to be;
     *                                                    abort, or p's process dies: CAS to EMPTY of the next lap
     *             FULL     0       a message             take: CAS to READING, by who reads
     *             READING  p       p copies out of it    finish: CAS to EMPTY of the next lap;  giveBack: CAS to FULL;
     *                                                    p's process dies: CAS to FULL, or to EMPTY of the next lap
     * Invariants  I1 A position is claimed only when all before it were: who claims has seen each of them claimed or gone, and they
     *             do not come back. So messages have an order, and an unclaimed position is the end of it.
     *             I2 Only p, or a sweep that proved it dead, changes a word that names p; p's copies need no other guard.
     *             I3 A message is taken in the order of positions, but past those that are being read or are gone, and never past
     *             one that is being written.
     *             I4 NEXT with the current number of RETURNS has no FULL slot before it. A slot becomes FULL again before RETURNS is
     *             counted, and who takes reads RETURNS first: so a NEXT that was found too early has another number. Then one
     *             looks from a whole round before the tail, where the oldest message is at most.
     * Runs        A claim may be of several positions in a row: its word WRITING says how many are behind it, and while it does they
     *             are p's, though their words say EMPTY. For a position that was not claimed with it cannot be reached but past the
     *             first, and who sees that WRITING steps over all: so they stay EMPTY from when the claimer saw them so to its CAS, and
     *             on. Publishing makes them FULL first and the first one last. Nobody takes one before, as the first is in the way (a
     *             removal from the middle, QueueIterator, steps over them, too): so all messages of a run come to be in one step.
     *             A death in between: the sweep dooms the first, by a CAS after which it cannot be published; makes the others
     *             EMPTY of the next lap, FULL or not; and the first one last, since before that nobody may look at the others. A doomed
     *             run has no other way to go, so any number of sweepers may do so.
     * Hints       TAIL and NEXT are stored plainly, late, by many, and go back and forth. TAIL is never past an unclaimed position,
     *             so it may only cost steps.
     * Stride      Who has just claimed or taken guesses the next word, and does not look before its CAS: to look would bring the
     *             cache line once, and the CAS would bring it again, to write. It is the CAS that follows such a look.
     * Closing     CLOSED is stored once. Who claims looks at it after the CAS as well, and aborts; who finds no message looks at it
     *             and then at all slots: if none is in use the end is reached, as whoever claims one later sees CLOSED.
     * Waiting     RingSignal: ITEMS after publish, abort and giveBack, SPACE after finish, abort. When closed, ITEMS also after
     *             finish, as that may be the end.
     * Order       Copies into a slot stand between claim and publish, copies out between take and finish, all of them volatile.
     * Death       before a claim, or after a publish or finish: nothing, but for the signal, which the sweep gives. In WRITING: no
     *             message, the slot is stepped over. In READING: redelivered or dropped. Between the CAS of giveBack and RETURNS:
     *             the message is not found, until the sweep after any death counts RETURNS.
     * ABA         A word that names p is made once only: each claim has another lap, each take another number of deliveries. So a
     *             sweeper that was stopped compares in vain. (One message taken two million times is the exception.)
     * Not promised   Progress while the process that writes the first message is stopped. A slot for others while it is read.
     * Tested by   RingModelTest (every interleaving and crash of small cases), QueueKillPointsIT, QueueKillLoopIT.
     * References  Vyukov's bounded MPMC queue (slot sequence numbers), with an owner in the word.
     */
    /** Not possible now. */
    public static final long NOT_YET = RingSignal.NOT_YET;

    /** The ring is closed: nothing can be put in, or nothing will come any more. */
    public static final long ENDED = -2;

    private static final int TAG_BITS = 16;
    private static final int MOST_STEPS =
            4 * RingLayout.MOST_SLOTS; // more are taken in a damaged file only

    private final Words words;
    private final MemorySegment memory; // of the words
    private final RingLayout layout;
    private final long at;
    private final int self;

    /* Whether the last claim, or take, of this process found what it looked for; races lose updates, harmlessly. See Stride. */
    private boolean claimsInStride;
    private boolean takesInStride;

    /**
     * The ring as one process sees it.
     *
     * @param self the slot of the process
     */
    Ring(Words words, RingLayout layout, int self) {
        this.words = words;
        this.memory = words.memory();
        this.layout = layout;
        this.at = layout.at;
        this.self = self;
    }

    /** As if this process had just claimed and taken. */
    Ring inStride() {
        claimsInStride = true;
        takesInStride = true;
        return this;
    }

    /**
     * Claims the next positions, to write messages there.
     *
     * @param most how many at most, 1 or more; {@link #claimed} tells how many it were
     * @return the first position, {@link #NOT_YET} if the ring is full, or {@link #ENDED}
     */
    long claim(int most) {
        MemorySegment memory = this.memory;
        if (isClosed(memory)) return ENDED;
        long tail = words.getPlain(memory, at + RingLayout.TAIL) & RingLayout.POSITIONS;
        if (most == 1 && claimsInStride && claimEmpty(memory, tail))
            return claimed(memory, tail, 1);
        return claimFrom(memory, tail, most);
    }

    private long claimFrom(MemorySegment memory, long tail, int most) {
        claimsInStride = false;
        long position = tail;
        for (int steps = 0; steps < MOST_STEPS; steps++) { // until claimed or full
            long slot = layout.slot(position);
            long word = words.get(memory, slot);
            int ahead = RingWord.lap(word) - layout.lap(position);
            if (ahead < 0) return NOT_YET;
            if (ahead > 0) position = layout.beyond(position, ahead);
            else if (RingWord.state(word) != RingWord.EMPTY) position += RingWord.positions(word);
            else {
                int run = most == 1 ? 1 : freeFrom(position, most);
                long writing = RingWord.writing(RingWord.lap(word), self, run);
                if (words.cas(memory, slot, word, writing)) {
                    claimsInStride = true;
                    return claimed(memory, position, run);
                }
            }
        }
        throw damaged();
    }

    private boolean claimEmpty(MemorySegment memory, long position) {
        int lap = layout.lap(position);
        long slot = layout.slot(position);
        return words.cas(memory, slot, RingWord.empty(lap), RingWord.writing(lap, self, 1));
    }

    /* The first one is. */
    private int freeFrom(long position, int most) {
        int limit = Math.min(Math.min(most, RingWord.MOST_CLAIMED), layout.capacity);
        int run = 1;
        while (run < limit && isFree(position + run)) run++;
        return run;
    }

    private boolean isFree(long position) {
        return words.get(layout.slot(position)) == RingWord.empty(layout.lap(position));
    }

    /** How many positions this process has claimed in one step with that one. */
    int claimed(long position) {
        return RingWord.positions(words.get(layout.slot(position)));
    }

    /** What {@link #claim} would answer now, without claiming anything. */
    long wouldClaim() {
        if (isClosed()) return ENDED;
        long position = words.getPlain(at + RingLayout.TAIL) & RingLayout.POSITIONS;
        for (int steps = 0; steps < MOST_STEPS; steps++) { // until one is free or the ring full
            long word = words.get(layout.slot(position));
            int ahead = RingWord.lap(word) - layout.lap(position);
            if (ahead < 0) return NOT_YET;
            if (ahead > 0) position = layout.beyond(position, ahead);
            else if (RingWord.state(word) == RingWord.EMPTY) return position;
            else position += RingWord.positions(word);
        }
        throw damaged();
    }

    private long claimed(MemorySegment memory, long position, int run) {
        words.putPlain(memory, at + RingLayout.TAIL, position + run);
        if (!isClosed(memory)) return position;
        publish(position, run, 0);
        return ENDED;
    }

    /** Makes what was written at a claimed position a message; {@link #signalItems} follows, once for several. */
    void publish(long position) {
        int lap = layout.lap(position);
        change(position, RingWord.writing(lap, self, 1), RingWord.full(lap, 0));
    }

    /** Gives a claimed position up: there will be no message. */
    void abort(long position) {
        publish(position, 1, 0);
    }

    /**
     * Makes what was written at the first of several positions, claimed in one step, messages in one step; {@link #signalItems}
     * follows. There will be no messages at the others.
     */
    void publish(long position, int claimed, int written) {
        for (int i = 1; i < claimed; i++) {
            int lap = layout.lap(position + i);
            change(position + i, RingWord.empty(lap), published(lap, i < written));
        }
        int lap = layout.lap(position);
        change(position, RingWord.writing(lap, self, claimed), published(lap, written > 0));
        if (written == claimed) return;
        signalItems(); // messages behind them can be taken
        signalSpace();
    }

    private static long published(int lap, boolean written) {
        return written ? RingWord.full(lap, 0) : RingWord.empty(lap + 1);
    }

    /** Tells one who waits for a message. */
    void signalItems() {
        RingSignal.signal(words, at + RingLayout.ITEMS);
    }

    /** Tells one who waits for a place. */
    void signalSpace() {
        RingSignal.signal(words, at + RingLayout.SPACE);
    }

    /** Takes the first message, to read it: its position, {@link #NOT_YET} if there is none, or {@link #ENDED}. */
    long take() {
        MemorySegment memory = this.memory;
        long returns = words.get(memory, at + RingLayout.RETURNS);
        long next = begin(memory, returns);
        if (takesInStride && takeFull(memory, next)) return taken(memory, next, returns);
        long position = takeFrom(memory, next);
        takesInStride = position >= 0;
        return position >= 0 ? taken(memory, position, returns) : position;
    }

    private long takeFrom(MemorySegment memory, long next) {
        long position = next;
        for (int steps = 0; steps < MOST_STEPS; steps++) { // until taken, or there is none
            long slot = layout.slot(position);
            long word = words.get(memory, slot);
            int ahead = RingWord.lap(word) - layout.lap(position);
            if (ahead > 0) position = layout.beyond(position, ahead);
            else if (ahead < 0 || RingWord.state(word) == RingWord.EMPTY) return notNow();
            else if (RingWord.state(word) == RingWord.WRITING) return NOT_YET;
            else if (RingWord.state(word) == RingWord.READING) position++;
            else if (words.cas(memory, slot, word, RingWord.reading(word, self))) return position;
        }
        throw damaged();
    }

    private boolean takeFull(MemorySegment memory, long position) {
        long full = RingWord.full(layout.lap(position), 0);
        return words.cas(memory, layout.slot(position), full, RingWord.reading(full, self));
    }

    private long taken(MemorySegment memory, long position, long returns) {
        words.putPlain(memory, at + RingLayout.NEXT, tagged(position + 1, returns));
        return position;
    }

    /**
     * Takes the first messages, each as {@link #take()} does, but looks for the first one only once.
     *
     * @param positions where to note theirs
     * @param most how many at most
     * @return how many; 0 if there is none now, and none need come
     */
    int take(long[] positions, int most) {
        long returns = words.get(at + RingLayout.RETURNS);
        long position = begin(memory, returns);
        int taken = 0;
        for (int steps = 0; taken < most; steps++) { // until so many are taken, or there is none
            if (steps == MOST_STEPS) throw damaged();
            long word = words.get(layout.slot(position));
            int ahead = RingWord.lap(word) - layout.lap(position);
            int state = RingWord.state(word);
            if (ahead > 0) position = layout.beyond(position, ahead);
            else if (ahead < 0 || state == RingWord.EMPTY || state == RingWord.WRITING) break;
            else if (state == RingWord.READING) position++;
            else if (take(position, word)) positions[taken++] = position++;
        }
        if (taken > 0) words.putPlain(at + RingLayout.NEXT, tagged(position, returns));
        return taken;
    }

    /** Takes the message that was seen at a position with that word; false if it is not there any more. */
    boolean take(long position, long word) {
        return words.cas(layout.slot(position), word, RingWord.reading(word, self));
    }

    private long begin(MemorySegment memory, long returns) {
        long next = words.getPlain(memory, at + RingLayout.NEXT);
        return (next ^ returns) << -TAG_BITS == 0 ? next >>> TAG_BITS : oldest();
    }

    /** What {@link #take()} would answer now, without taking anything: who sees a message here must expect others to take it. */
    long wouldTake() {
        long position = begin(memory, words.get(at + RingLayout.RETURNS));
        for (int steps = 0; steps < MOST_STEPS; steps++) { // until found, or there is none
            long word = words.get(layout.slot(position));
            int ahead = RingWord.lap(word) - layout.lap(position);
            if (ahead > 0) position = layout.beyond(position, ahead);
            else if (ahead < 0 || RingWord.state(word) == RingWord.EMPTY) return notNow();
            else if (RingWord.state(word) == RingWord.WRITING) return NOT_YET;
            else if (RingWord.state(word) == RingWord.READING) position++;
            else return position;
        }
        throw damaged();
    }

    private static long tagged(long position, long returns) {
        return position << TAG_BITS | (returns & (1 << TAG_BITS) - 1);
    }

    /* No message is before this position, however late the hint is. */
    private long oldest() {
        return Math.max(
                0, (words.getPlain(at + RingLayout.TAIL) & RingLayout.POSITIONS) - layout.capacity);
    }

    /** The first position that is not claimed. All messages are in the round before it. */
    long end() {
        long position = words.getPlain(at + RingLayout.TAIL) & RingLayout.POSITIONS;
        for (int steps = 0; steps < MOST_STEPS; steps++) { // until one is not
            long word = words.get(layout.slot(position));
            int ahead = RingWord.lap(word) - layout.lap(position);
            boolean free = RingWord.state(word) == RingWord.EMPTY;
            if (ahead < 0 || (ahead == 0 && free)) return position;
            position =
                    ahead == 0
                            ? position + RingWord.positions(word)
                            : layout.beyond(position, ahead);
        }
        throw damaged();
    }

    private long notNow() {
        return isClosed() && isDrained() ? ENDED : NOT_YET;
    }

    private boolean isDrained() {
        for (int i = 0; i < layout.capacity; i++)
            if (RingWord.state(words.get(layout.slotOf(i))) != RingWord.EMPTY) return false;
        return true;
    }

    /** Ends the reading of a message: it is gone; {@link #signalFinished} follows, once for several. */
    void finish(long position) {
        MemorySegment memory = this.memory;
        long slot = layout.slot(position);
        long word = requireRead(position, words.get(memory, slot));
        if (!words.cas(memory, slot, word, RingWord.empty(RingWord.lap(word) + 1))) throw lost();
    }

    /** Tells of messages that are gone. */
    void signalFinished() {
        signalSpace();
        if (isClosed()) signalItems(); // it may be the end
    }

    /** Ends the reading of a message: it can be taken again, before those behind it. */
    void giveBack(long position) {
        long word = words.get(layout.slot(position));
        long full = RingWord.full(RingWord.lap(word), RingWord.deliveries(word));
        change(position, requireRead(position, word), full);
        words.getAndAdd(at + RingLayout.RETURNS, 1);
        signalItems();
    }

    private long requireRead(long position, long word) {
        boolean mine =
                RingWord.lap(word) == layout.lap(position)
                        && RingWord.state(word) == RingWord.READING
                        && RingWord.slot(word) == self;
        if (!mine) throw lost();
        return word;
    }

    private void change(long position, long expected, long value) {
        if (!words.cas(memory, layout.slot(position), expected, value)) throw lost();
    }

    private static IllegalStateException lost() {
        return new IllegalStateException(
                "The region was closed while this thread used a queue. Close it after its users are done.");
    }

    private static IllegalStateException damaged() {
        return new IllegalStateException("The words of a queue are damaged.");
    }

    /** Whether it was closed. */
    boolean isClosed() {
        return isClosed(memory);
    }

    private boolean isClosed(MemorySegment memory) {
        return words.get(memory, at + RingLayout.CLOSED) != 0;
    }

    /** Closes it: nothing more can be put in. */
    void close() {
        words.put(at + RingLayout.CLOSED, 1);
        RingSignal.signalAll(words, at + RingLayout.ITEMS);
        RingSignal.signalAll(words, at + RingLayout.SPACE);
    }

    /** The word of a position, or 0 if it is not claimed yet or gone. */
    long word(long position) {
        long word = words.get(layout.slot(position));
        boolean there =
                RingWord.lap(word) == layout.lap(position)
                        && RingWord.state(word) != RingWord.EMPTY;
        return there ? word : 0;
    }

    /** Where the slot of a position lies. */
    long slot(long position) {
        return layout.slot(position);
    }

    /** How many slots there are. */
    int capacity() {
        return layout.capacity;
    }

    /** How many slots are in that state. */
    int count(int state) {
        int count = 0;
        for (int i = 0; i < layout.capacity; i++)
            if (RingWord.state(words.get(layout.slotOf(i))) == state) count++;
        return count;
    }

    /** How many positions each process has in that state, WRITING or READING, by its slot. */
    int[] owned(int state) {
        int[] owned = new int[LockWord.SLOT];
        for (int i = 0; i < layout.capacity; i++) {
            long word = words.get(layout.slotOf(i));
            int owner = RingWord.slot(word);
            if (RingWord.state(word) == state && owner >= 0 && owner < owned.length)
                owned[owner] += RingWord.positions(word);
        }
        return owned;
    }

    /** The position of the first message, or of one that is being written before it; {@link #NOT_YET} if there is none. */
    long first() {
        long position = begin(memory, words.get(at + RingLayout.RETURNS));
        for (int steps = 0; steps < MOST_STEPS; steps++) { // until found, or there is none
            long word = words.get(layout.slot(position));
            int ahead = RingWord.lap(word) - layout.lap(position);
            int state = RingWord.state(word);
            if (ahead > 0) position = layout.beyond(position, ahead);
            else if (ahead < 0 || state == RingWord.EMPTY) return NOT_YET;
            else if (state == RingWord.READING) position++;
            else return position;
        }
        throw damaged();
    }

    /** The slot of the process whose end would let a message be taken: it writes the first one. -1 if there is none. */
    int blocksTaking() {
        long first = first();
        return first < 0 ? -1 : RingWord.slot(word(first));
    }

    /** The slot of the process whose end would let a position be claimed: it uses the next slot. -1 if there is none. */
    int blocksClaiming() {
        long tail = words.getPlain(at + RingLayout.TAIL) & RingLayout.POSITIONS;
        int blocker = RingWord.slot(words.get(layout.slot(tail)));
        int most = (int) Math.min(tail + 1, Math.min(layout.capacity, RingWord.MOST_CLAIMED));
        for (int i = 1; i < most && blocker < 0; i++) { // perhaps it was claimed with one before it
            long word = words.get(layout.slot(tail - i));
            if (RingWord.positions(word) > i) blocker = RingWord.slot(word);
        }
        return blocker;
    }

    /**
     * What the death of a process does to a ring. Any number of processes may do so at once, and die doing it.
     *
     * @param drop whether messages that it was reading are gone; else they can be taken again
     * @param stillDying whether the slot still belongs to the dead process
     */
    static void sweep(
            Words words, RingLayout layout, int dead, boolean drop, BooleanSupplier stillDying) {
        if (sweepSlots(words, layout, dead, drop, stillDying)) sweepSignals(words, layout);
    }

    /** Its first part; false if others have done it all. */
    static boolean sweepSlots(
            Words words, RingLayout layout, int dead, boolean drop, BooleanSupplier stillDying) {
        for (int i = 0; i < layout.capacity; i++)
            if (!free(words, layout, i, dead, drop, stillDying)) return false;
        return true;
    }

    /** Its second part. */
    static void sweepSignals(Words words, RingLayout layout) {
        words.getAndAdd(layout.at + RingLayout.RETURNS, 1);
        RingSignal.signalAll(words, layout.at + RingLayout.ITEMS);
        RingSignal.signalAll(words, layout.at + RingLayout.SPACE);
    }

    /* The word is read before it is asked whether the slot is still the dead one's: see ABA. */
    private static boolean free(
            Words words,
            RingLayout layout,
            int index,
            int dead,
            boolean drop,
            BooleanSupplier stillDying) {
        long slot = layout.slotOf(index);
        while (true) { // until it does not name the dead process, by whomever
            long word = words.get(slot);
            if (RingWord.slot(word) != dead) return true;
            if (!stillDying.getAsBoolean()) return false;
            if (RingWord.positions(word) > 1) {
                if (word != RingWord.doomed(word)) {
                    words.cas(slot, word, RingWord.doomed(word));
                    continue;
                }
                freeBehind(words, layout, index, word);
            }
            if (words.cas(slot, word, freed(word, drop))) return true;
        }
    }

    private static long freed(long word, boolean drop) {
        boolean redeliver = RingWord.state(word) == RingWord.READING && !drop;
        int lap = RingWord.lap(word);
        return redeliver ? RingWord.full(lap, RingWord.deliveries(word)) : RingWord.empty(lap + 1);
    }

    /* See Runs. A word that has this lap is one of this run. */
    private static void freeBehind(Words words, RingLayout layout, int index, long doomed) {
        for (int i = 1; i < RingWord.positions(doomed); i++) {
            int lap = RingWord.lap(doomed) + (index + i) / layout.capacity;
            long slot = layout.slotOf((index + i) % layout.capacity);
            long word;
            do { // until it is gone, by whomever: this may be a thread of a process that leaves
                word = words.get(slot);
            } while (isUnread(word, lap) && !words.cas(slot, word, RingWord.empty(lap + 1)));
        }
    }

    private static boolean isUnread(long word, int lap) {
        return word == RingWord.empty(lap) || word == RingWord.full(lap, 0);
    }
}
