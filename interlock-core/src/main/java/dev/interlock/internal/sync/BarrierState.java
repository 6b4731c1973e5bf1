package dev.interlock.internal.sync;

import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A place where a number of threads wait for each other, as one process sees it. */
public final class BarrierState {
    /*
     * Layout      0 lock | 128 turn | 136 arrived | 144 broken | 152 history | 160 dead | 168 slots in use | 256 .. for each slot: mark, arrivals
     *   turn      63..32: number of the turn; 31..8 its lower bits, 7..1 nudges, 0 W: threads sleep on the lower half, see SignalWord
     *   arrived   threads that wait in this turn. What the slots' arrivals sum up to; counted anew after a death
     *   broken    1 from a break to the next reset
     *   history   a bit for each of the last 64 turns: whether it broke
     *   dead      turn:32, changes:23, slot + 1:9 of a party that died in that turn. Set by sweeps; counts in that turn only. No slot: a
     *             death that nobody saw while it waited was dropped, with a new number of changes, so that a late sweep does not note it anew
     *   mark      0:32, generation of the slot:30, 1: its process has the barrier, written by it;  turn:32, generation:30, 2: it died
     *             in that turn, written by a sweep
     *   arrivals  turn:32, generation:8, count:24: how many of its threads arrived in that turn. Written under the lock, and by sweeps
     * All but turn, dead and mark are written under the lock only.
     * Turn        Who arrives counts itself under the lock, and waits for another turn. The last runs the action under the lock, then
     *             makes the next turn: that one CAS lets all through. A break writes history and broken, then makes the next turn.
     *             A waiter that sees another turn asks the history for its own.
     * Death       of a party: a sweep notes the turn in its mark, and that turn in dead, zeroes its arrivals and mark, and nudges the
     *             turn, so that all who wait, or are about to, look. Sweeps that repeat this name the same turn, so that one death
     *             breaks one turn. Whoever sees its turn in dead while it waits takes the lock and breaks the turn. If nobody waits
     *             nobody looks, and who arrives next finds no arrivals and goes on as if nothing had been.
     *             A process that leaves in order and has not arrived takes its mark off first.
     *             While owning the lock: the sweep frees it, abandoned; who takes it next counts the arrivals anew. A turn is over
     *             or it is not, by one store; what was stored before and not made use of is stored anew by who ends the turn.
     *             After making the next turn, before waking: W is set, and the sweep wakes all.
     * Closing     The lock is taken through the opening, so not any more once that is closed, and what then follows is done before the
     *             process leaves (Stay). A thread whose opening is closed while it waits breaks its turn, if the process stays; if
     *             it leaves, with an arrival, the sweep takes it for dead.
     * Late        A waiter that was stopped while 64 more turns went by cannot know how its own ended, and is told that it broke.
     */
    /** How much memory it takes with that many slots. */
    public static int bytes(int slots) {
        return SLOTS + slots * SLOT_BYTES;
    }

    /** Where threads sleep until all have arrived. */
    public static final int TURN = 128;

    private static final int ARRIVED = 136;
    private static final int BROKEN = 144;
    private static final int HISTORY = 152;
    private static final int DEAD = 160;
    private static final long DEAD_SLOT = (1 << 9) - 1;
    private static final long ONE_CHANGE = DEAD_SLOT + 1;
    private static final long DEAD_CHANGES = 0xFFFF_FFFFL & ~DEAD_SLOT;
    private static final int IN_USE =
            168; // no slot from here on has a mark; never less than before
    private static final int SLOTS = 256;
    private static final int SLOT_BYTES = 16;
    private static final int PARTY = 1; // states of a mark
    private static final int DIED = 2;
    private static final int MARK = 0;
    private static final int ARRIVALS = 8;

    /** The most parties there can be: what the arrivals of a slot have room for. */
    public static final int MAX_PARTIES = (1 << 24) - 1;

    private static final long TAKE_PAUSE_NANOS = 50_000;
    private static final int NUDGE = 2;
    private static final int NUDGES = 0xFE;

    private final Words words; // as long as the process is a member
    private final Words opening; // closed with the handle's region; then waits end
    private final WaitCells cells;
    private final LockState lock;
    private final Owners owners;
    private final long at;
    private final int parties;
    private final Stay stay;
    private final int slot;
    private final int generation;

    /** For the model checker, in which no process leaves. */
    BarrierState(
            Words words,
            Words opening,
            WaitCells cells,
            LockState lock,
            Owners owners,
            long at,
            int parties) {
        this(words, opening, cells, lock, owners, at, parties, new Stay());
    }

    /**
     * The barrier at that offset, for this process, which becomes a party.
     *
     * @param words the region, as long as the process is a member
     * @param opening the same, as long as the handle can be used
     * @param lock of the offset itself
     * @param stay of this process in the region
     */
    public BarrierState(
            Words words,
            Words opening,
            WaitCells cells,
            LockState lock,
            Owners owners,
            long at,
            int parties,
            Stay stay) {
        this.stay = stay;
        this.words = words;
        this.opening = opening;
        this.cells = cells;
        this.lock = lock;
        this.owners = owners;
        this.at = at;
        this.parties = parties;
        this.slot = cells.slot();
        this.generation = cells.generation();
        long seen = words.get(at + IN_USE);
        while (seen <= slot && !words.cas(at + IN_USE, seen, slot + 1L))
            seen = words.get(at + IN_USE);
        words.put(slotAt(slot) + MARK, mark(generation));
    }

    private static long mark(int generation) {
        return (generation & 0x3FFF_FFFFL) << 2 | PARTY;
    }

    private static int state(long mark) {
        return (int) mark & 3;
    }

    private static long slotAt(long base, int slot) {
        return base + SLOTS + (long) slot * SLOT_BYTES;
    }

    private long slotAt(int slot) {
        return slotAt(at, slot);
    }

    /** How many threads wait in this turn, at this moment. */
    public int waiting() {
        while (true) { // until no turn ended while this counted, nor did a party die
            long turn = words.get(at + TURN);
            int waiting = isBroken() ? 0 : countArrivals(words, at);
            if (words.get(at + TURN) == turn) return waiting;
        }
    }

    /** Whether it is broken. */
    public boolean isBroken() {
        return words.get(at + BROKEN) != 0;
    }

    /**
     * Waits until all parties have arrived.
     *
     * @param deadlineNanos on the clock of {@link Words#nanoTime()}, or {@link Words#NEVER}
     * @param action what the last to arrive does before all go on; what it throws breaks the turn
     * @return how many were still to come
     */
    public int await(@Nullable Runnable action, long deadlineNanos)
            throws InterruptedException, BrokenBarrierException, TimeoutException {
        if (lock.isHeldByCurrentThread())
            throw new IllegalStateException("The barrier's action waits for the barrier itself.");
        if (words.get(at + ARRIVED) == 0) lookAfterParties();
        long turn;
        int index;
        take();
        try {
            if (isBroken()) throw broken();
            dropOldDeath();
            if (Thread.interrupted()) {
                breakTurn();
                throw new InterruptedException();
            }
            turn = turn(words.get(at + TURN));
            index = parties - 1 - arrive(turn);
            if (index == 0) {
                finish(action);
                return 0;
            }
        } finally {
            giveBack();
        }
        awaitTurn(turn, deadlineNanos);
        return index;
    }

    /* A party that died before anybody waited breaks nothing, so that must be noted before anybody waits. */
    private void lookAfterParties() {
        int inUse = inUse();
        for (int other = 0; other < inUse; other++) {
            if (words.get(slotAt(other) + MARK) != 0) owners.look(other);
        }
    }

    private int inUse() {
        return (int) words.get(at + IN_USE);
    }

    /* A death that nobody saw while it waited. Its arrival, if there was one, must not count. */
    private void dropOldDeath() throws BrokenBarrierException {
        if (!isDead(turn(words.get(at + TURN)))) return;
        if (countArrivals() > 0) {
            breakTurn();
            throw broken();
        }
        words.put(at + ARRIVED, 0);
        dropDead();
    }

    private void dropDead() {
        long dead = words.get(at + DEAD);
        long dropped = (dead & ~DEAD_CHANGES) | ((dead + ONE_CHANGE) & DEAD_CHANGES);
        words.cas(at + DEAD, dead, dropped & ~DEAD_SLOT); // else another death came in between
    }

    private boolean isDead(long turn) {
        long dead = words.get(at + DEAD);
        return (dead & DEAD_SLOT) != 0 && dead >>> 32 == turn;
    }

    /* Answers how many were there before. */
    private int arrive(long turn) {
        long cell = slotAt(slot) + ARRIVALS;
        int before = (int) words.get(at + ARRIVED);
        words.put(cell, arrivals(turn, generation, count(words.get(cell), turn) + 1));
        words.put(at + ARRIVED, before + 1);
        return before;
    }

    private static long arrivals(long turn, int generation, int count) {
        return turn << 32 | (generation & 0xFFL) << 24 | count;
    }

    private static int count(long arrivals, long turn) {
        return arrivals >>> 32 == (turn & 0xFFFF_FFFFL) ? (int) arrivals & MAX_PARTIES : 0;
    }

    private void finish(@Nullable Runnable action) {
        boolean done = false;
        try {
            if (action != null) run(action);
            done = true;
        } finally {
            if (done) endTurn(false);
            else if (stay.isBegun()) breakTurn();
        }
    }

    /* It may take its time, and the process need not wait for it to leave. */
    private void run(Runnable action) {
        boolean stays;
        stay.end();
        try {
            action.run();
        } finally {
            stays = stay.begin();
        }
        if (!stays) throw left();
    }

    private void awaitTurn(long turn, long deadlineNanos)
            throws InterruptedException, BrokenBarrierException, TimeoutException {
        SignalWord.Until over = word -> turn(word) != turn || isDead(turn);
        SignalWord.Seen seen = SignalWord.Seen.YES;
        boolean mine;
        try {
            if (!SignalWord.spin(words, at + TURN, over))
                seen = sleepThroughTurn(over, deadlineNanos);
            mine = turn(words.get(at + TURN)) == turn && breakIfStill(turn);
        } catch (RuntimeException closed) {
            breakUnlessLeft(turn); // this arrival does not count any more
            throw closed;
        }
        if (mine && seen == SignalWord.Seen.INTERRUPTED) throw new InterruptedException();
        if (mine && seen == SignalWord.Seen.TIMED_OUT) throw new TimeoutException();
        if (seen == SignalWord.Seen.INTERRUPTED) Thread.currentThread().interrupt();
        if (hasBroken(turn)) throw broken();
    }

    private SignalWord.Seen sleepThroughTurn(SignalWord.Until over, long deadlineNanos) {
        while (true) { // until it is over, or the time is, or the thread is interrupted
            SignalWord.Seen seen =
                    SignalWord.await(opening, cells, at + TURN, over, slice(deadlineNanos), true);
            boolean sliceEnded =
                    seen == SignalWord.Seen.TIMED_OUT
                            && !SignalWord.isTimeOver(words, deadlineNanos);
            if (!sliceEnded) return seen;
        }
    }

    /* Parties whose death will not be announced are looked after here. */
    private long slice(long deadlineNanos) {
        long patience = Words.NEVER;
        int inUse = inUse();
        for (int other = 0; other < inUse; other++) {
            if (words.get(slotAt(other) + MARK) != 0)
                patience = Math.min(patience, owners.patienceNanos(other));
        }
        return patience == Words.NEVER
                ? deadlineNanos
                : Math.min(deadlineNanos, words.nanoTime() + patience);
    }

    /* Whether this thread broke it; the turn may have ended before. */
    private boolean breakIfStill(long turn) {
        take();
        try {
            if (turn(words.get(at + TURN)) != turn) return false;
            breakTurn();
            return true;
        } finally {
            giveBack();
        }
    }

    /* The opening is closed. Others of the process may be in use, or it leaves, and must not wait for this lock then. */
    private void breakUnlessLeft(long turn) {
        while (stay.begin()) { // until broken, or over, or the process leaves
            try {
                if (turn(words.get(at + TURN)) != turn) return;
                if (lock.tryAcquire(words, at) == LockState.Acquired.YES) {
                    repairIfAbandoned();
                    if (turn(words.get(at + TURN)) == turn) breakTurn();
                    lock.release(words, at);
                    return;
                }
            } finally {
                stay.end();
            }
            LockSupport.parkNanos(TAKE_PAUSE_NANOS);
        }
    }

    /** Breaks it until the next reset, whether or not anybody waits. */
    public void abort() {
        take();
        try {
            breakTurn();
        } finally {
            giveBack();
        }
    }

    /** Makes it whole. Who waits is told that it broke. */
    public void reset() {
        take();
        try {
            if (words.get(at + ARRIVED) > 0) breakTurn();
            words.put(at + BROKEN, 0);
        } finally {
            giveBack();
        }
    }

    private void take() {
        if (lock.isHeldByCurrentThread())
            throw new IllegalStateException("The barrier's action uses the barrier itself.");
        try {
            lock.acquire(opening, at, Words.NEVER, false);
        } catch (IllegalStateException closed) {
            releaseUnlessLeft();
            throw closed;
        }
        if (!stay.begin()) throw left();
        repairIfAbandoned();
    }

    private void giveBack() {
        if (!stay.isBegun()) return; // the process has left: the sweep did it
        try {
            lock.release(words, at);
        } finally {
            stay.end();
        }
    }

    /* It may have been taken just before the opening was closed. */
    private void releaseUnlessLeft() {
        if (!stay.begin()) return;
        try {
            if (lock.isHeldByCurrentThread()) lock.release(words, at);
        } finally {
            stay.end();
        }
    }

    private static IllegalStateException left() {
        return new IllegalStateException(
                "The region was closed while this thread used it. Close it after its users are done.");
    }

    private void repairIfAbandoned() {
        if (!LockDisplay.isAbandoned(words, at)) return;
        words.put(at + ARRIVED, countArrivals());
        LockDisplay.clearAbandoned(words, at);
    }

    private int countArrivals() {
        return countArrivals(words, at);
    }

    /* Without those of the dead, other than in ARRIVED, which nobody corrects before the next to arrive. */
    private static int countArrivals(Words words, long at) {
        long turn = turn(words.get(at + TURN));
        int sum = 0;
        long inUse = words.get(at + IN_USE);
        for (int slot = 0; slot < inUse; slot++)
            sum += count(words.get(slotAt(at, slot) + ARRIVALS), turn);
        return sum;
    }

    private void breakTurn() {
        words.put(at + BROKEN, 1);
        endTurn(true);
    }

    /* Under the lock; only nudges and W change the word meanwhile. */
    private void endTurn(boolean broke) {
        long turn = turn(words.get(at + TURN));
        long bit = 1L << turn;
        long history = words.get(at + HISTORY);
        words.put(at + HISTORY, broke ? history | bit : history & ~bit);
        words.put(at + ARRIVED, 0);
        long seen;
        do { // until no nudge came in between
            seen = words.get(at + TURN);
        } while (!SignalWord.change(words, at + TURN, seen, word(turn + 1)));
    }

    private boolean hasBroken(long turn) {
        long history = words.get(at + HISTORY);
        long since = (turn(words.get(at + TURN)) - turn) & 0xFFFF_FFFFL;
        return since >= Long.SIZE || (history >>> turn & 1) != 0;
    }

    private static long turn(long word) {
        return word >>> 32;
    }

    private static long word(long turn) {
        return turn << 32 | (turn << 8 & 0xFFFF_FF00L);
    }

    private BrokenBarrierException broken() {
        return new BrokenBarrierException(
                "The barrier is broken: a party died, gave up or aborted. Call reset().");
    }

    /** What it is like, in words. */
    public static String describe(Words words, long at, long parties) {
        if (words.get(at + BROKEN) != 0) return "broken";
        return countArrivals(words, at) + " of " + parties + " waiting";
    }

    /**
     * Notes the death of a process, if it was a party, and has all who wait look.
     *
     * @param stillDying whether the slot still belongs to the dead process
     */
    public static void sweep(Words words, long at, int deadSlot, BooleanSupplier stillDying) {
        long cell = slotAt(at, deadSlot);
        long turn = turn(words.get(at + TURN)); // read before the mark
        long arrivals = words.get(cell + ARRIVALS);
        long mark = words.get(cell + MARK);
        if (state(mark) == PARTY && stillDying.getAsBoolean()) {
            words.cas(cell + MARK, mark, turn << 32 | (mark & 0xFFFF_FFFCL) | DIED);
            mark = words.get(cell + MARK);
        }
        if (state(mark) == DIED && stillDying.getAsBoolean()) {
            note(words, at + DEAD, mark >>> 32, deadSlot, stillDying);
            words.cas(cell + ARRIVALS, arrivals, 0);
            nudge(words, at + TURN);
            words.cas(cell + MARK, mark, 0);
        }
        SignalWord.sweep(words, at + TURN);
    }

    /* A later turn's death is not replaced. Whether it is still to be noted is asked between the look and the change. */
    private static void note(
            Words words, long dead, long turn, int slot, BooleanSupplier stillDying) {
        while (true) { // until noted, by whomever
            long seen = words.get(dead);
            if ((seen & DEAD_SLOT) != 0 && (int) ((seen >>> 32) - turn) >= 0) return;
            if (!stillDying.getAsBoolean()) return;
            long noted = turn << 32 | (seen & DEAD_CHANGES) | (slot + 1);
            if (words.cas(dead, seen, noted)) return;
        }
    }

    /** Takes the mark of a process off that leaves in order, unless it has arrived. */
    public static void leave(Words words, long at, int slot) {
        long cell = slotAt(at, slot);
        long turn = turn(words.get(at + TURN));
        if (count(words.get(cell + ARRIVALS), turn) == 0) words.put(cell + MARK, 0);
    }

    /* W stays: for who waits in a later turn than the dead one's this is not what it waits for, and it sleeps on. */
    private static void nudge(Words words, long turn) {
        while (true) { // until nudged
            long seen = words.get(turn);
            long nudged = (seen & ~NUDGES) | ((seen + NUDGE) & NUDGES);
            if (words.cas(turn, seen, nudged)) break;
        }
    }
}
