package dev.interlock.internal.sync;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/** A ring of slots through which messages go from any process to any process, each to one. */
public final class Ring {
    /*
     * Layout      RingLayout; the word of a slot: RingWord; TAIL: RingTail. A slot in lap n is in one of these states until it is EMPTY
     *             in lap n + 1.
     * States      state    slot + 1                      leaves by
     *             EMPTY    0       free, or claimed      claim: CAS of TAIL past it, by who writes; p's claim is p's though the word
     *                                                    does not say so;  settle: CAS to WRITING, by whoever claims next, or sweeps;
     *                                                    publish, abort: as from WRITING
     *             WRITING  p       p copies into it      publish: stored FULL, the only point at which a message comes to be;
     *                                                    abort: stored EMPTY of the next lap, or CAS to that when p's process died
     *             FULL     0       a message             take: CAS to READING, by who reads
     *             READING  p       p copies out of it    finish: stored EMPTY of the next lap;  giveBack: CAS to FULL;
     *                                                    p's process dies: CAS to FULL, or to EMPTY of the next lap
     * Invariants  I1 A position is claimed when TAIL is past it, and TAIL goes past it only when its slot is EMPTY in its lap, which it
     *             stays until then. So messages have an order.
     *             I2 Only p, or a sweeper that proved it dead, changes a slot that p claimed or a word that names p, but for settle,
     *             which changes nothing that p believes. So p's copies need no other guard, and p stores without comparing.
     *             I3 A message is taken in the order of positions, but past those that are being read or are gone, and never past
     *             one that is claimed and not published.
     *             I4 NEXT with the current number of RETURNS has no FULL slot before it. A slot becomes FULL again before RETURNS is
     *             counted, and who takes reads RETURNS first: so a NEXT that was found too early has another number. Then one
     *             looks from a whole round before the tail, where the oldest message is at most.
     *             I5 Of the positions that are claimed, each that is not published and whose word says EMPTY is of the last claim, which
     *             TAIL names: who moves TAIL settles that claim first.
     *             I6 All messages before FREED are gone, and do not come back. Who stores it saw each of them gone, or found FREED where
     *             those begin that its process has finished itself, whose slots were stored by then; so it is true
     *             in whatever order it is stored, and may be late.
     * Settled     A process remembers the value of TAIL whose claim it published itself: while TAIL is that, there is nothing to
     *             settle. Then a claim is one CAS of a line that only producers use, and publishing is one store.
     * Runs        A claim may be of several positions in a row. Its first word is made WRITING at once and says how many are behind it;
     *             while it does they are p's, though their words say EMPTY. Who sees that WRITING steps over all.
     *             Publishing makes them FULL first and the first one last. Nobody takes one before, as the first is in the way (a
     *             removal from the middle, QueueIterator, steps over them, too): so all messages of a run come to be in one step.
     *             A death in between: the sweep dooms the first, by a CAS after which it cannot be published; makes the others
     *             EMPTY of the next lap, FULL or not; and the first one last, since before that nobody may look at the others. A doomed
     *             run has no other way to go, so any number of sweepers may do so.
     * Hints       NEXT is stored plainly, late, by many, and goes back and forth.
     * Closing     TAIL is sealed, by a CAS after which nothing is claimed; then CLOSED is stored, once, and END set at SPACE. Who
     *             finds no message looks at CLOSED and then at all slots and the last claim: if none is in use the end is reached.
     * Waiting     RingSignal: ITEMS after publish, abort and giveBack, SPACE after finish, abort. When END is set, ITEMS also after
     *             finish, as that may be the end.
     *             Who finishes may miss who just begins to wait, or a flag that is being set: who waits for a place, for the end or
     *             for what ELSE stands for may go untold (RingSignal).
     * Order       Copies into a slot stand between claim and publish, copies out between take and finish, all of them volatile, but
     *             that who finishes may store with release only, and before that its copy back to the slot (QueueContents.touch).
     * Death       before a claim, or after a publish or finish: nothing, but for the signal, which the sweep gives. Claimed: no
     *             message, the slot is stepped over; if no word says so yet, TAIL does, and the sweep settles that first. In READING:
     *             redelivered or dropped. Between the CAS of giveBack and RETURNS: the message is not found, until the sweep after
     *             any death counts RETURNS. Between sealing and END: the sweep stores both.
     * Leaving     A process that leaves a region alive sweeps for itself. A thread of it that still used a ring must store nothing
     *             afterwards: the memory through which it does so is closed before.
     * ABA         A word that names p is made once only: each claim has another lap, each take another number of deliveries. So a
     *             sweeper that was stopped compares in vain. (One message taken a million times is the exception.) The same holds
     *             for TAIL, whose positions only grow.
     * Not promised   Progress while the process that writes the first message is stopped. A slot for others while it is read.
     * Tested by   RingModelTest (every interleaving and crash of small cases), RingFreedTest, QueueKillPointsIT, QueueKillLoopIT.
     * References  Vyukov's bounded MPMC queue (slot sequence numbers), with an owner in the word; Agrona's ManyToOneRingBuffer (a claim
     *             is a CAS of the tail, publishing a store).
     */
    /** Not possible now. */
    public static final long NOT_YET = RingSignal.NOT_YET;

    /** The ring is closed: nothing can be put in, or nothing will come any more. */
    public static final long ENDED = -2;

    private static final long SOMEBODY = RingSignal.W | RingLayout.END | RingLayout.ELSE;
    private static final int TAG_BITS = 16;
    private static final int MOST_STEPS =
            4 * RingLayout.MOST_SLOTS; // more are taken in a damaged file only

    private final Words words;
    private final RingLayout layout;
    private final long at;
    private final int self;

    private final RingFreed freed;
    private RingRoom room;

    /* Of this process; races lose updates, harmlessly, as what any of its threads stored is true for ever. */
    private long settled = RingTail.NEVER; // a value of TAIL whose claim was published: see Settled

    /**
     * The ring as one process sees it.
     *
     * @param self the slot of the process
     */
    Ring(Words words, RingLayout layout, int self) {
        this.words = words;
        this.layout = layout;
        this.at = layout.at;
        this.self = self;
        this.freed = new RingFreed(words, layout);
        this.room = new RingRoom(words, layout, 0);
    }

    /** As if this process had published the claim that a value of TAIL names, and seen that slots before a position are free. */
    Ring knowing(long tail, long room) {
        this.settled = tail;
        this.room = new RingRoom(words, layout, room);
        return this;
    }

    /**
     * Claims the next positions, to write messages there.
     *
     * @param most how many at most, 1 or more; {@link #claimed} tells how many it were
     * @return the first position, {@link #NOT_YET} if the ring is full, or {@link #ENDED}
     */
    long claim(int most) {
        return claimSlowly(tail(), most, true);
    }

    /** Claims the next position, without waiting for room as {@link #claim()} does while the ring is being emptied. */
    long claimAtOnce() {
        return claimSlowly(tail(), 1, false);
    }

    /** Claims the next position. */
    long claim() {
        long tail = settled;
        long position = RingTail.position(tail);
        boolean claimed = room.isKnown(position) && advance(tail, 1);
        return claimed ? position : claimSlowly(tail(), 1, true);
    }

    /** The word that says up to where positions are claimed: it does not change without a claim, or the end. */
    long tail() {
        return words.get(at + RingLayout.TAIL);
    }

    private boolean advance(long tail, int run) {
        long position = RingTail.position(tail);
        long after = RingTail.claimed(position + run, run, self);
        return words.cas(at + RingLayout.TAIL, tail, after);
    }

    /** The value of TAIL whose claim this process published, as far as it knows: what the next claim may begin with. */
    long settled() {
        return settled;
    }

    void settled(long tail) {
        settled = tail;
    }

    /** What TAIL becomes when this process claims that position alone. */
    long tailAfter(long position) {
        return RingTail.claimed(position + 1, 1, self);
    }

    /** Whether the slot of a position is EMPTY in its lap or beyond, as far as this process knows. */
    boolean hasRoom(long position) {
        return room.isKnown(position);
    }

    /** Has {@link #hasRoom} know of a position what can be seen: for who is done, and has the time. */
    void learnRoom(long position) {
        room.learn(position);
    }

    /** Where the slot of a position lies in a piece that begins with the ring. */
    long slotInPiece(long position) {
        return layout.slotInPiece(position);
    }

    /** The word of a message at that position. */
    long full(long position, boolean whole) {
        return RingWord.full(layout.lap(position), whole);
    }

    private long claimSlowly(long seen, int most, boolean waits) {
        long tail = seen;
        while (true) { // until claimed, full or closed
            if (RingTail.isSealed(tail)) return ENDED;
            long position = RingTail.position(tail);
            int run = room.from(position, most, waits);
            if (run == 0 && isFull(position, tail)) return NOT_YET;
            if (run > 0 && claimAfterSettling(tail, run)) return position;
            tail = tail();
        }
    }

    private boolean isFull(long position, long tail) {
        long word = words.get(layout.slot(position));
        if (tail() != tail) return false;
        int ahead = RingWord.lap(word) - layout.lap(position);
        // of this lap it can only be free, by now: any other word would be looked at for ever
        if (ahead > 0 || (ahead == 0 && word != RingWord.empty(layout.lap(position))))
            throw damaged();
        return ahead < 0;
    }

    private boolean claimAfterSettling(long tail, int run) {
        settle(words, layout, tail);
        if (!advance(tail, run)) return false;
        if (run > 1) mark(RingTail.position(tail), run);
        return true;
    }

    /** Says in the words of positions that this process has claimed last that they are; for who wants to be seen to use them. */
    void mark(long position, int run) {
        settle(words, layout, RingTail.claimed(position + run, run, self));
    }

    /* The last claim, if it is not published. Whose it is need not live. */
    static void settle(Words words, RingLayout layout, long tail) {
        if (RingTail.slot(tail) < 0) return;
        long first = RingTail.first(tail);
        long slot = layout.slot(first);
        long empty = RingWord.empty(layout.lap(first));
        if (words.get(slot) != empty) return;
        words.cas(slot, empty, writing(layout, tail));
    }

    private static long writing(RingLayout layout, long tail) {
        int lap = layout.lap(RingTail.first(tail));
        return RingWord.writing(lap, RingTail.slot(tail), RingTail.claimed(tail));
    }

    /* Whether a word says EMPTY though the position is claimed. */
    private boolean isUnsettled(long tail) {
        return RingTail.slot(tail) >= 0 && room.isFree(RingTail.first(tail));
    }

    /** How many positions this process has claimed in one step with that one. */
    int claimed(long position) {
        return RingWord.positions(words.get(layout.slot(position)));
    }

    /** What {@link #claim} would answer now, without claiming anything. */
    long wouldClaim() {
        while (true) { // until TAIL has stood still meanwhile
            long tail = tail();
            if (RingTail.isSealed(tail)) return ENDED;
            long position = RingTail.position(tail);
            if (room.isFree(position)) return position;
            if (tail == tail()) return NOT_YET;
        }
    }

    /**
     * Makes what was written at a claimed position a message; {@link #signalItems} follows, once for several.
     *
     * @param whole whether it is as long as its place
     */
    void publish(long position, boolean whole) {
        words.put(layout.slot(position), full(position, whole));
        settled = RingTail.claimed(position + 1, 1, self);
    }

    /** Gives a claimed position up: there will be no message. */
    void abort(long position) {
        words.put(layout.slot(position), RingWord.empty(layout.lap(position) + 1));
        signalItems(); // messages behind it can be taken
        signalSpace();
    }

    /**
     * Makes what was written at the first of several positions, claimed in one step, messages in one step; {@link #signalItems}
     * follows. There will be no messages at the others.
     */
    void publish(long position, int claimed, int written) {
        if (claimed == 1) {
            if (written == 1) publish(position, false);
            else abort(position);
            return;
        }
        for (int i = 1; i < claimed; i++) {
            int lap = layout.lap(position + i);
            change(position + i, RingWord.empty(lap), published(lap, i < written));
        }
        int lap = layout.lap(position);
        change(position, RingWord.writing(lap, self, claimed), published(lap, written > 0));
        settled = RingTail.claimed(position + claimed, claimed, self);
        if (written == claimed) return;
        signalItems();
        signalSpace();
    }

    private static long published(int lap, boolean written) {
        return written ? RingWord.full(lap, false) : RingWord.empty(lap + 1);
    }

    /** Tells one who waits for a message. */
    void signalItems() {
        RingSignal.signal(words, at + RingLayout.ITEMS);
    }

    void signalItems(Words words, MemorySegment queue) {
        RingSignal.signal(words, queue, at, RingLayout.ITEMS);
    }

    /** Tells one who waits for a place. */
    void signalSpace() {
        RingSignal.signal(words, at + RingLayout.SPACE);
    }

    /** Takes the first message, to read it: its position, {@link #NOT_YET} if there is none, or {@link #ENDED}. */
    long take() {
        long returns = returns();
        long position = takeFrom(begin(returns));
        if (position >= 0) taken(position, returns);
        return position;
    }

    /** How often messages have come back: who takes some asks first, and begins at {@link #begin}. */
    long returns() {
        return words.get(at + RingLayout.RETURNS);
    }

    /** Takes the first message from that position on, as {@link #take()} does. */
    long takeFrom(long first) {
        long position = first;
        for (int steps = 0; steps < MOST_STEPS; steps++) { // until taken, or there is none
            long slot = layout.slot(position);
            long word = words.get(slot);
            int ahead = RingWord.lap(word) - layout.lap(position);
            int state = RingWord.state(word);
            if (ahead > 0) position = layout.beyond(position, ahead);
            else if (ahead < 0 || state == RingWord.EMPTY) return notNow();
            else if (state == RingWord.WRITING) return NOT_YET;
            else if (state == RingWord.READING) position++;
            else if (words.cas(slot, word, RingWord.reading(word, self))) return position;
        }
        throw damaged();
    }

    /**
     * Takes the message of a position if it is there and nobody's, and answers the word that says so. {@link #NOT_YET} if the position
     * is not published, so that nothing behind it can be taken; else 0.
     *
     * @param queue the ring and its slots, at hand; here and below
     * @param slot that of the position, in the piece
     * @param word what it said
     */
    long takeAt(Words words, MemorySegment queue, long slot, long position, long word) {
        int lap = layout.lap(position);
        if (word == RingWord.empty(lap)) return NOT_YET;
        boolean there = RingWord.lap(word) == lap && RingWord.state(word) == RingWord.FULL;
        if (!there) return 0;
        long reading = RingWord.reading(word, self);
        return words.cas(queue, at, slot, word, reading) ? reading : 0;
    }

    /** Whether nobody has published that position in its lap, as its slot has that word: then nothing behind it can be taken. */
    boolean isUnpublished(long position, long word) {
        return word == RingWord.empty(layout.lap(position));
    }

    /** Notes that the messages up to that position are taken, as far as is known to who knew that number of returns. */
    void taken(long position, long returns) {
        words.putPlain(at + RingLayout.NEXT, tagged(position + 1, returns));
    }

    void taken(Words words, MemorySegment queue, long position, long returns) {
        words.putPlain(queue, at, RingLayout.NEXT, tagged(position + 1, returns));
    }

    /** Takes the message that was seen at a position with that word; false if it is not there any more. */
    boolean take(long position, long word) {
        return words.cas(layout.slot(position), word, RingWord.reading(word, self));
    }

    /** Where to begin to look for a message. */
    long begin(long returns) {
        return begin(words.getPlain(at + RingLayout.NEXT), returns);
    }

    /** The same, by what NEXT said then or later. */
    long begin(long next, long returns) {
        return (next ^ returns) << -TAG_BITS == 0 ? next >>> TAG_BITS : oldest();
    }

    /** What {@link #take()} would answer now, without taking anything: who sees a message here must expect others to take it. */
    long wouldTake() {
        return wouldTakeFrom(begin(returns()));
    }

    /** The same, with no message before that position. */
    long wouldTakeFrom(long first) {
        long position = first;
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
        return Math.max(0, RingTail.position(words.get(at + RingLayout.TAIL)) - layout.capacity);
    }

    /** The first position that is not claimed, or of a claim that no slot tells of. All messages are in the round before it. */
    long end() {
        long tail = words.get(at + RingLayout.TAIL);
        return isUnsettled(tail) ? RingTail.first(tail) : RingTail.position(tail);
    }

    private long notNow() {
        return isClosed() && isDrained() ? ENDED : NOT_YET;
    }

    private boolean isDrained() {
        return inUse(tail()) == 0;
    }

    /**
     * How many positions before the end are claimed and not gone. Looks at them in their order, so that the first of several that
     * were claimed in one step is seen to be gone only after the others can be seen to be messages.
     *
     * @param tail what {@link #tail()} answered
     */
    int inUse(long tail) {
        if (isUnsettled(tail)) return RingTail.claimed(tail);
        int inUse = 0;
        long end = RingTail.position(tail);
        for (long position = Math.max(0, end - layout.capacity); position < end; position++)
            if (RingWord.state(words.get(layout.slot(position))) != RingWord.EMPTY) inUse++;
        return inUse;
    }

    /** Ends the reading of a message: it is gone; {@link #signalFinished} follows. */
    void finish(long position) {
        long slot = layout.slot(position);
        requireRead(position, words.get(slot));
        words.put(slot, RingWord.empty(layout.lap(position) + 1));
        finished(position, position + 1, 1);
    }

    /**
     * What the caller stores, released, to the slot of a message that it has just taken, when that had this word, to end the reading;
     * {@link #finished} and {@link #signalFinished} follow.
     */
    static long finished(long word) {
        return RingWord.empty(RingWord.lap(word) + 1);
    }

    /**
     * Notes that messages are gone, and tells it once in a while.
     *
     * @param finished how many of those from one position to before another the caller has finished
     */
    void finished(long first, long end, int finished) {
        freed.finished(first, end, finished);
    }

    /**
     * Tells of messages that are gone, or will be as soon as others see what the caller stored: see Untold in RingSignal.
     *
     * @return whether others are to be told, too, see {@link #tellOthers}
     */
    boolean signalFinished(Words words, MemorySegment queue) {
        long seen = words.get(queue, at, RingLayout.SPACE);
        return (seen & SOMEBODY) != 0 && signalFinished(seen);
    }

    private boolean signalFinished(long seen) {
        // A flag that was seen is a promise: who waits elsewhere is not missed. At SPACE itself a
        // compare-and-set follows.
        if ((seen & (RingLayout.END | RingLayout.ELSE)) != 0) VarHandle.fullFence();
        signalSpace();
        if ((seen & RingLayout.END) != 0) signalItems();
        return (seen & RingLayout.ELSE) != 0;
    }

    /** From now on others want to be told of messages that are gone: before they look whether there are any. */
    void tellOthers() {
        RingSignal.flag(words, at + RingLayout.SPACE, RingLayout.ELSE);
    }

    /** Ends the reading of a message: it can be taken again, before those behind it. */
    void giveBack(long position) {
        long word = words.get(layout.slot(position));
        change(position, requireRead(position, word), RingWord.fullAgain(word));
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
        if (!words.cas(layout.slot(position), expected, value)) throw lost();
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
        return words.get(at + RingLayout.CLOSED) != 0;
    }

    /** Closes it: nothing more can be put in. */
    void close() {
        long tail;
        do { // until sealed, by whomever
            tail = words.get(at + RingLayout.TAIL);
        } while (!RingTail.isSealed(tail)
                && !words.cas(at + RingLayout.TAIL, tail, RingTail.sealed(tail)));
        closed(words, at);
        RingSignal.signalAll(words, at + RingLayout.ITEMS);
        RingSignal.signalAll(words, at + RingLayout.SPACE);
    }

    /* Signals follow, as who has finished a message meanwhile may have missed the flag. */
    static void closed(Words words, long at) {
        words.put(at + RingLayout.CLOSED, 1);
        RingSignal.flag(words, at + RingLayout.SPACE, RingLayout.END);
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
        long tail = words.get(at + RingLayout.TAIL);
        int last = RingTail.slot(tail);
        if (state == RingWord.WRITING && isUnsettled(tail) && last < owned.length)
            owned[last] += RingTail.claimed(tail);
        return owned;
    }

    /** The position of the first message, or of one that is being written before it; {@link #NOT_YET} if there is none. */
    long first() {
        long position = begin(returns());
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
        long tail = words.get(at + RingLayout.TAIL);
        if (first >= 0) return RingWord.slot(word(first));
        return isUnsettled(tail) ? RingTail.slot(tail) : -1;
    }

    /** The slot of the process whose end would let a position be claimed: it uses the next slot. -1 if there is none. */
    int blocksClaiming() {
        long tail = words.get(at + RingLayout.TAIL);
        long position = RingTail.position(tail);
        int blocker = RingWord.slot(words.get(layout.slot(position)));
        int most = (int) Math.min(position + 1, Math.min(layout.capacity, RingWord.MOST_CLAIMED));
        for (int i = 1; i < most && blocker < 0; i++) { // perhaps it was claimed with one before it
            long word = words.get(layout.slot(position + layout.capacity - i));
            if (RingWord.positions(word) > i) blocker = RingWord.slot(word);
        }
        return blocker < 0 && isUnsettled(tail) ? RingTail.slot(tail) : blocker;
    }
}
