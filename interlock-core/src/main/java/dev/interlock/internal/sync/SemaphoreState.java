package dev.interlock.internal.sync;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Permits, as one process sees them. */
public final class SemaphoreState {
    /*
     * Layout      0 word | 8 reach: more than any slot that ever did an operation | 128 .. for each slot: ledger
     *   word      63..33 available | 32 W: somebody may wait | 31..9 number of the operation | 8..0 slot + 1 of who did it; 0: nobody's
     *   ledger    63..32 permits that the slot's process holds | 31..0 the lower half of the word, of the operation that made it so
     * Operation   of an owned semaphore: one CAS that names the slot, with the next number. It is settled when the slot's ledger has the
     *             word's lower half. No other process begins an operation before the last one is settled, so one ledger at most is
     *             behind, that of the slot in the word; and that is what there is in all, less what is available and what the others
     *             hold. So anybody can settle it, by a CAS from the ledger that it has read; nobody waits for anybody. That ledger must
     *             not be ahead of the word, so the word is read again after it. Who is late with the CAS fails if the operation was
     *             settled meanwhile, or writes a ledger that is behind as the one before it was.
     *             An unowned semaphore has no ledgers: its operations are the CAS and name nobody.
     *             Who knows a word and its own ledger as they are after an operation of its own need not look at them, nor write the
     *             ledger: if the CAS from that word succeeds, nobody did anything meanwhile.
     * Reach       is raised before a process's first operation, so that who adds up what the others hold need not look at all slots.
     * Waiting     in a cell. Then W is set by a CAS with the next number, from a word with too few permits; then the thread sleeps on
     *             its cell. Who releases sees W, looks at the cells, and wakes the first in line as far as the permits go. When
     *             nobody is there it takes W off the very word that it saw before it looked: who came meanwhile made another one.
     *             A woken thread tries again, and waits on in its old place if others were faster; one whose sleep ended otherwise
     *             tries only if it is first. Who goes, with or without permits, lets the next have a look.
     * Death       at any instant: an operation is done or not. The sweep takes what the others hold from what there is in all; the rest
     *             is available. That is an operation in the dead one's name: its CAS is from the word before which it read the
     *             ledgers, and it is settled by emptying the dead one's ledger, so that what was given back is neither given back
     *             again nor taken for held by the sweep for another. In the end the name is taken off the word. Before that the slot
     *             is not free; and after it the CAS of a late sweeper, which began before, fails.
     * Damage      A ledger that holds permits of a process whose slot is free is told to who lacks them.
     * Closing     Operations go through the opening, so none begins after that is closed.
     *             Of who was woken, or was about to wake: after any death all who wait try again (WaitList.sweep).
     */
    static final int REACH = 8;
    private static final int LEDGERS = 128;
    private static final long W = 1L << 32;
    private static final int SLOT = (1 << 9) - 1;
    private static final int ONE_MORE = 1 << 9;
    private static final int NOBODY = -1;
    private static final long NONE = 0;
    private static final int WATCHES =
            0; // what a thread wants that waits for a permit and takes none
    private static final int SPINS = 64;
    private static final int SWEEP_TRIES = 200;
    private static final int HELD_TRIES = 1000;
    private static final boolean ONE_CPU = Cpus.ONE;

    private final Words words; // as long as the process is a member
    private final Words opening; // closed with the handle's region
    private final WaitCells cells;
    private final Owners owners;
    private final long at;
    private final Manner manner;
    private final int self; // slot, or NOBODY if unowned
    private final long ledger; // of this process, or NONE
    private final int permits; // at the beginning; of an owned semaphore always, in all
    private final int most; // more than that are never available

    /*
     * A word without W that an operation of this handle left, and the ledger that belongs to it, whether it was written or not: for an
     * unowned semaphore the lower half only. Written by any thread, so that they may not fit each other; then they are of no use. While nobody else does anything this is still the word, and neither it nor the ledger need be looked up before the CAS.
     * Else the CAS is in vain, but brings the cache line, as looking would.
     */
    private long idle;
    private long idleLedger;

    private boolean isWithinReach; // races are harmless

    /**
     * How a semaphore behaves, for all who use it.
     *
     * @param owned whether permits belong to the process that acquired them
     * @param bounded whether there are never more than at the beginning; an owned one is
     * @param fair whether permits go to threads in the order of arrival
     */
    public record Manner(boolean owned, boolean bounded, boolean fair) {}

    /**
     * The semaphore at that offset, for this process.
     *
     * @param words the region, as long as the process is a member
     * @param opening the same, as long as the handle can be used
     * @param permits how many there were at the beginning
     */
    public SemaphoreState(
            Words words,
            Words opening,
            WaitCells cells,
            Owners owners,
            long at,
            int permits,
            Manner manner) {
        this.words = words;
        this.opening = opening;
        this.cells = cells;
        this.owners = owners;
        this.at = at;
        this.manner = manner;
        this.self = manner.owned ? cells.slot() : NOBODY;
        this.ledger = manner.owned ? ledger(at, self) : NONE;
        this.idleLedger = self == NOBODY ? 0 : NOBODY; // an owned one knows no word yet
        this.permits = permits;
        this.most = manner.bounded ? permits : Integer.MAX_VALUE;
    }

    /** How it behaves. */
    public Manner manner() {
        return manner;
    }

    /** How much memory a semaphore takes with that many slots. */
    public static int bytes(int slots, boolean owned) {
        return owned ? LEDGERS + slots * 8 : LEDGERS;
    }

    /** The first word of a semaphore with that many permits. */
    public static long initial(int permits) {
        return (long) permits << 33;
    }

    private static int available(long word) {
        return (int) (word >>> 33);
    }

    private static int slot(long word) {
        return ((int) word & SLOT) - 1;
    }

    private static long next(long word, int available, long waiters, int slot) {
        long lower = ((word & ~SLOT) + ONE_MORE) & 0xFFFF_FFFFL;
        return (long) available << 33 | waiters | lower | (slot + 1);
    }

    static long ledger(long at, int slot) {
        return at + LEDGERS + slot * 8L;
    }

    /* What the ledger is after an operation that made the word. */
    private static long ledgerOf(long before, int taken, long word) {
        return (long) (held(before) + taken) << 32 | (word & 0xFFFF_FFFFL);
    }

    private static int held(long ledger) {
        return (int) (ledger >>> 32);
    }

    /** How many permits are available, at this moment. */
    public static int available(Words words, long at) {
        return available(words.get(at));
    }

    /** How many permits the process in that slot holds, at this moment. */
    public static int held(Words words, long at, int permits, int slot) {
        long own = 0;
        for (int tries = 0; tries < HELD_TRIES; tries++) { // or until nobody interfered
            long seen = words.get(at);
            boolean isExact = slot(seen) != slot || settle(words, at, permits, seen);
            own = words.get(ledger(at, slot));
            if (isExact && words.get(at) == seen) break;
        }
        return held(own);
    }

    /** How many permits this process holds. */
    public int held() {
        return held(opening, at, permits, self);
    }

    /**
     * Takes permits if the last operation was one of this handle's, left enough, and nobody waits: the common case, and nothing but
     * it.
     *
     * @param through the opening, of a class that the caller knows
     * @param memory {@link Words#memory()} of it
     */
    public boolean acquireIfIdle(Words through, MemorySegment memory, int count) {
        long seen = idle;
        long held = idleLedger;
        return count <= available(seen) && changeIdle(through, memory, seen, held, count);
    }

    /** Gives permits back, in the same case. */
    public boolean releaseIfIdle(Words through, MemorySegment memory, int count) {
        long seen = idle;
        long held = idleLedger;
        int allowed = ledger == NONE ? most - available(seen) : held(held);
        return count <= allowed && changeIdle(through, memory, seen, held, -count);
    }

    /* As next() and ledgerOf(), for a word that is ours already: each part changes by adding to it, unless the number is at its end. */
    private boolean changeIdle(
            Words through, MemorySegment memory, long seen, long held, int taken) {
        long next = seen + ONE_MORE - ((long) taken << 33);
        boolean wraps = Integer.compareUnsigned((int) next, (int) seen) < 0;
        if ((int) held != (int) seen || wraps) return false;
        if (!through.cas(memory, at, seen, next)) return false;
        idle = next;
        idleLedger = held + ONE_MORE + ((long) taken << 32);
        return true;
    }

    /** Takes permits if they are available; never waits, and passes those who do. */
    public boolean tryAcquire(int count) {
        opening.get(at); // throws if it is closed
        while (true) { // until taken, or there are too few
            long seen = settled();
            if (available(seen) < count) return tookAfterLook(seen, count);
            if (take(seen, count)) return true;
        }
    }

    /* Who holds them may be dead by now. */
    private boolean tookAfterLook(long seen, int count) {
        if (!manner.owned) return false;
        lookAfterHolders();
        long now = settled();
        return now != seen && available(now) >= count && take(now, count);
    }

    private void lookAfterHolders() {
        for (int slot = 0; slot < SLOT; slot++) {
            long seen = words.get(ledger(at, slot));
            if (held(seen) == 0) continue;
            owners.look(slot);
            requireHolder(slot, seen);
        }
    }

    /* A slot is free only when its process's permits were given back: else they never are. */
    private void requireHolder(int slot, long seen) {
        if (owners.isFree(slot) && words.get(ledger(at, slot)) == seen)
            throw owners.damaged(at, "has permits with process slot " + slot + ", which is free");
    }

    /** Takes all permits that are available, and answers how many. */
    public int drain() {
        opening.get(at);
        while (true) { // until nobody interfered
            long seen = settled();
            int count = available(seen);
            if (count == 0 || take(seen, count)) return count;
        }
    }

    private boolean take(long seen, int count) {
        long own = ownLedger();
        long taken = next(seen, available(seen) - count, seen & W, self);
        if (!opening.cas(at, seen, taken)) return false;
        note(taken, own, count);
        return true;
    }

    /* If the CAS that follows succeeds, it was so at that moment: the ledger changes with the word only, or before it does. */
    private long ownLedger() {
        if (self == NOBODY) return 0;
        if (!isWithinReach) reach();
        return opening.get(ledger);
    }

    private void reach() {
        long seen = words.get(at + REACH);
        while (seen <= self && !words.cas(at + REACH, seen, self + 1)) seen = words.get(at + REACH);
        isWithinReach = true;
    }

    /* Settles the operation that made the word, before others have to add up for it. */
    private void note(long word, long own, int taken) {
        long held = word;
        if (self != NOBODY) {
            held = ledgerOf(own, taken, word);
            settle(own, held);
        }
        if ((word & W) == 0) {
            idle = word;
            idleLedger = held;
        }
    }

    private void settle(long own, long ledgerNow) {
        try {
            opening.cas(ledger, own, ledgerNow);
        } catch (IllegalStateException closed) {
            // who needs it settled does it
        }
    }

    /* The word, when the operation that made it is settled. */
    private long settled() {
        while (true) { // until it is settled, which the first attempt does unless others do
            // something
            long seen = opening.get(at);
            if (isSettled(opening, at, seen) || settle(opening, at, permits, seen)) return seen;
        }
    }

    private static boolean isSettled(Words words, long at, long seen) {
        int last = slot(seen);
        return last < 0 || (int) words.get(ledger(at, last)) == (int) seen;
    }

    /* False if others did something meanwhile. */
    private static boolean settle(Words words, long at, int permits, long seen) {
        int last = slot(seen);
        long behind = words.get(ledger(at, last));
        if ((int) behind == (int) seen) return true;
        if (words.get(at) != seen) return false; // the ledger may be ahead
        long held = Math.max(0, permits - available(seen) - heldByOthers(words, at, last));
        return words.cas(ledger(at, last), behind, held << 32 | (seen & 0xFFFF_FFFFL));
    }

    private static long heldByOthers(Words words, long at, int slot) {
        long sum = 0;
        int reach = (int) Math.min(SLOT, words.get(at + REACH));
        for (int other = 0; other < reach; other++) {
            if (other != slot) sum += held(words.get(ledger(at, other)));
        }
        return sum;
    }

    /**
     * Gives permits back, or adds them, and wakes who waits for them.
     *
     * @return how many of an owned semaphore this process held, if that were fewer; how many there were, if more would be too many;
     *     else -1, and only then anything has changed
     */
    public int release(int count) {
        opening.get(at);
        while (true) { // until released, or refused
            long seen = settled();
            int available = available(seen);
            long own = ownLedger();
            if (self != NOBODY) {
                int held = held(own);
                if (words.get(at) != seen) continue; // another thread of ours may have changed it
                if (held < count) return held;
            } else if (count > most - available) {
                return available;
            }
            long released = next(seen, available + count, seen & W, self);
            if (!opening.cas(at, seen, released)) continue;
            note(released, own, -count);
            if ((released & W) != 0) wakeFirst();
            return -1;
        }
    }

    /* As many of the first in line as there are permits for; and who only watches, since it takes none. */
    private void wakeFirst() {
        long seen = words.get(at);
        if ((seen & W) == 0) return;
        List<WaitList.Waiter> waiting = cells.waiting(at);
        if (waiting.isEmpty() && cells.first(at) == null) {
            words.cas(at, seen, seen & ~W);
            return;
        }
        long left = available(seen);
        boolean isServed = true; // nobody before has to wait on
        for (WaitList.Waiter waiter : waiting) {
            boolean watches = waiter.want() == WATCHES;
            if (!watches) isServed &= waiter.want() <= left;
            boolean chosen = watches ? available(seen) > 0 : isServed;
            if (chosen && cells.wake(waiter)) left -= waiter.want();
        }
    }

    /** How a wait ended. */
    public enum Acquired {
        YES,
        NO,
        INTERRUPTED
    }

    /**
     * Takes permits, waiting for them if need be.
     *
     * @param deadlineNanos on the clock of {@link Words#nanoTime()}, or {@link Words#NEVER}
     * @throws RuntimeException if there is no memory to wait in, or the region is closed meanwhile
     */
    public Acquired acquire(int count, long deadlineNanos, boolean interruptible) {
        opening.get(at);
        if (acquireAtOnce(count) || spin(count)) return Acquired.YES;
        if (SignalWord.isTimeOver(words, deadlineNanos)) return acquireIfAlone(count);
        long cell = cells.enter(WaitCell.Kind.SEMAPHORE, at, count, WaitCell.flags(deadlineNanos));
        try {
            return acquireWaiting(cell, count, deadlineNanos, interruptible);
        } finally {
            cells.leave(cell);
            wakeFirst(); // what woke us may do for the next
        }
    }

    private boolean acquireAtOnce(int count) {
        long seen = settled();
        while (available(seen) >= count && !(manner.fair && (seen & W) != 0)) {
            if (take(seen, count)) return true;
            seen = settled();
        }
        return false;
    }

    /* W may have been left by a thread that died: then nobody is passed. */
    private Acquired acquireIfAlone(int count) {
        boolean mayTake = manner.fair && cells.first(at) == null;
        return mayTake && tryAcquire(count) ? Acquired.YES : Acquired.NO;
    }

    private boolean spin(int count) {
        int spins = ONE_CPU ? 0 : words.spins(SPINS);
        for (int i = 0; i < spins; i++) {
            Thread.onSpinWait();
            if (available(words.get(at)) >= count && acquireAtOnce(count)) return true;
        }
        return false;
    }

    private Acquired acquireWaiting(
            long cell, int count, long deadlineNanos, boolean interruptible) {
        boolean mayPass = !manner.fair; // who comes may be faster, who has slept keeps to the line
        while (true) { // until acquired, timed out or interrupted
            boolean woken = cells.isWoken(cell);
            if (woken) cells.waitAgain(cell); // before the word is read
            long seen = settled();
            if (available(seen) >= count && (mayPass || (woken && !manner.fair) || isFirst(cell))) {
                if (take(seen, count)) return Acquired.YES;
                continue;
            }
            if (SignalWord.isTimeOver(words, deadlineNanos)) return Acquired.NO;
            if (interruptible && Thread.interrupted()) return Acquired.INTERRUPTED;
            long announced = next(seen, available(seen), W, NOBODY);
            if (!opening.cas(at, seen, announced)) continue;
            cells.await(opening, cell, until(deadlineNanos), interruptible);
            mayPass = false;
        }
    }

    private boolean isFirst(long cell) {
        WaitList.Waiter first = cells.first(at);
        if (first != null && first.cell() != cell) owners.look(first.slot());
        return first == null || first.cell() == cell;
    }

    /* Holders whose death will not be announced are looked after here. */
    private long until(long deadlineNanos) {
        if (!manner.owned) return deadlineNanos;
        long patience = Words.NEVER;
        for (int slot = 0; slot < SLOT; slot++) {
            long seen = words.get(ledger(at, slot));
            if (held(seen) == 0) continue;
            patience = Math.min(patience, owners.patienceNanos(slot));
            requireHolder(slot, seen);
        }
        return patience == Words.NEVER
                ? deadlineNanos
                : Math.min(deadlineNanos, words.nanoTime() + patience);
    }

    /**
     * Waits for a permit without taking it: makes its caller one of those who wait.
     *
     * @return its cell, to be given to {@link #isReady} and {@link #stopWatching}
     */
    public long watch() {
        return cells.enter(WaitCell.Kind.SEMAPHORE, at, WATCHES, WaitCell.TIMED);
    }

    /** Whether a permit is available; if not, who watches in that cell is woken when that changes. */
    public boolean isReady(long cell) {
        while (true) { // until there is one, or announced
            if (cells.isWoken(cell)) cells.waitAgain(cell);
            long seen = settled();
            if (available(seen) > 0) return true;
            if (opening.cas(at, seen, next(seen, 0, W, NOBODY))) return false;
        }
    }

    /** Ends a watch. A wake-up that reached it goes to the next. */
    public void stopWatching(long cell) {
        cells.leave(cell);
        try {
            wakeFirst();
        } catch (IllegalStateException closed) {
            // this process has left the region, and when it did, all who wait were woken
        }
    }

    /**
     * Gives back what a dead process held.
     *
     * @param permits how many there are in all
     * @param stillDying whether the slot still belongs to the dead process
     * @return false if that was not possible yet, because other processes were always faster
     */
    public static boolean sweep(
            Words words, long at, int permits, int dead, BooleanSupplier stillDying) {
        int most = words.spins(SWEEP_TRIES);
        for (int tries = 0; tries <= most; tries++) {
            long seen = words.get(at);
            int last = slot(seen);
            long own = words.get(ledger(at, dead));
            if ((held(own) == 0 && last != dead) || !stillDying.getAsBoolean()) return true;
            if (words.get(at) != seen) continue; // the ledger may be ahead
            if (last == dead || isSettled(words, at, seen) || settle(words, at, permits, seen))
                giveBack(words, at, permits, dead, seen, own);
        }
        return false;
    }

    /*
     * One step on the way: make available what no other holds, in the dead one's name; when that is so, empty its ledger, which settles
     * it, and take the name off the word. Each changes what was read before it was asked whether the slot is still the dead one's, and
     * none is undone by another sweeper, so they do not chase each other.
     */
    private static void giveBack(Words words, long at, int permits, int dead, long seen, long own) {
        boolean isDeads = slot(seen) == dead;
        boolean isSettled = (int) own == (int) seen;
        if (isDeads && isSettled && held(own) == 0) {
            words.cas(at, seen, next(seen, available(seen), seen & W, NOBODY));
            return;
        }
        long free = permits - heldByOthers(words, at, dead);
        // As long as it is not settled nobody else changes anything, so the sum is that of the
        // word.
        if (isDeads && !isSettled && available(seen) == free)
            words.cas(ledger(at, dead), own, seen & 0xFFFF_FFFFL);
        else words.cas(at, seen, next(seen, (int) Math.max(0, free), seen & W, dead));
    }
}
