package dev.interlock.internal.sync;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Taking and releasing one lock, and what this JVM alone knows of it. All handles of this JVM to one lock share one of these.
 */
public final class LockState implements Relockable {
    /*
     * States      W A S owner                          leaves by
     *             0 0 0 0   free                       acquire: CAS to p
     *             0 - - p   held by p                  release: subtract p;   a waiter announces itself: CAS to W
     *             1 - - p   held, someone may sleep    release: subtract p, W stays, then wake one
     *             1 - - 0   free, someone may sleep    acquire: CAS to p, W stays;   releaser whose wake found nobody: CAS W off
     *             - - - q   q's process died           sweep: CAS to A, number + 1, W stays, then wake one
     * Invariants  I1 Only the owner, or a sweep that proved it dead, makes the word free. I2 A thread sleeps in the kernel only on
     *             a held value that it saw with W set. I3 While a thread sleeps W is set: release keeps it, acquire keeps it, and
     *             the one CAS that removes it starts from the very word {free, W, n} on which a wake-up found nobody; a thread
     *             that falls asleep later compares with a held value and so does not.
     * No lost wake-up   The kernel compares and sleeps as one step. Released before: the value differs. Released after: the
     *             releaser saw W and wakes one. A woken thread takes the lock, sleeps on a held word whose W it saw or set, or
     *             gives up (time, interrupt, abandoned) and then passes the wake-up on if the lock is free.
     * Barging     A running thread may take the lock before a woken one gets there; that is what makes it fast. A thread that was
     *             passed over for STARVING_NANOS sets S, and whoever is not starving then holds back, for at most that time. S is
     *             a courtesy and no reservation: nothing hangs on it, so its owner may die at any instant. Whoever takes it off for
     *             another does so once; two threads that insisted could go on for ever.
     * Order       The acquiring CAS and the releasing add are volatile; what the lock guards needs no other fence, also between
     *             processes (docs/design/memory-order.md).
     * Death       Between the releasing add and the wake: W is still set, and the sweep after any death wakes every word that has
     *             W set. While holding: the sweep frees the word. While asleep: nothing; if it had used up a wake-up, see above.
     * Damage      A process slot is free only when no word names it any more. So who finds the owner's slot free, and then the same word,
     *             throws: nobody would ever release it. Who sleeps on the word already is woken, to find the same.
     * Tested by   LockModelTest (every interleaving and crash of this class on small cases), LockKillPointsIT, KillLoopIT.
     * References  Drepper, "Futexes Are Tricky" (2011), mutex3; parking_lot's eventual fairness; POSIX EOWNERDEAD.
     */
    private static final long STARVING_NANOS = 1_000_000;
    private static final long HOLD_BACK_NANOS = 50_000;
    private static final long OUT_OF_LINE_NANOS = 1_000_000;
    private static final int MIN_SPINS = 8;
    private static final int MAX_SPINS = 64;
    private static final boolean ONE_CPU = Cpus.ONE;

    private final int slot;
    private final int generation;
    private final Owners owners;
    private final boolean throwIfAbandoned;
    private final boolean forgetAbandoned;
    private final boolean fair;
    private final @Nullable WaitCells cells; // where those who wait are seen

    private static final long NOBODY = 0; // no thread has this key

    /*
     * The key of the owning thread, if it is one of ours. Written by the owner only, so who compares it with its own reads the truth.
     * No reference to the thread: storing one would cost as much as the lock, in the collector's barriers.
     */
    private long owner;

    private int moreHolds; // of a reentrant lock, beyond the first; used by the owner only

    /*
     * The idle word that a release of ours left; stored after it, so late. While nobody else uses the lock, this is still the word:
     * it need not be looked up before the CAS, and what it displays is still true. Else the CAS is in vain, but brings the cache
     * line, as looking would.
     */
    private long lastFreed;

    private long @Nullable [] toWake; // cells, for the release; used by the owner only

    private long displayed; // key of the thread that is; written by the owner, see acquireIfIdle
    private long displayedMillis; // since when it is said to own the lock; written by the owner

    private final int maxSpins;
    private int spinLimit; // what recent waits made of it; races lose updates, harmlessly
    private @Nullable Turns turns; // made by the first virtual thread that waits, under this

    /**
     * How a lock behaves, for all who use it.
     *
     * @param throwIfAbandoned whether an abandoned lock is refused
     * @param forgetAbandoned whether the next owner is not told
     * @param fair whether it is taken in the order of arrival
     */
    public record Manner(boolean throwIfAbandoned, boolean forgetAbandoned, boolean fair) {
        /** The next owner is told, and a running thread may be faster than one that waits. */
        public static final Manner USUAL = new Manner(false, false, false);

        /** Of a lock whose death is repaired by what it guards. */
        public static final Manner INTERNAL = new Manner(false, true, false);
    }

    /**
     * Makes the state of a lock for this process.
     *
     * @param slot this process's slot
     * @param generation of the slot
     * @param owners tells of the processes that hold the lock
     * @param cells where waiting threads are seen; null if they are not, which a fair lock cannot do without
     */
    public LockState(
            int slot, int generation, Owners owners, Manner manner, @Nullable WaitCells cells) {
        this(slot, generation, owners, manner, cells, ONE_CPU ? 0 : MAX_SPINS);
    }

    /** For the model checker, to which every look of a spinning thread is a step. */
    LockState(
            int slot,
            int generation,
            Owners owners,
            Manner manner,
            @Nullable WaitCells cells,
            int maxSpins) {
        this.slot = slot;
        this.generation = generation;
        this.owners = owners;
        this.throwIfAbandoned = manner.throwIfAbandoned;
        this.forgetAbandoned = manner.forgetAbandoned;
        this.fair = manner.fair;
        this.cells = cells;
        this.maxSpins = maxSpins;
        this.spinLimit = maxSpins;
    }

    /** How an attempt to acquire ended. */
    public enum Acquired {
        YES,
        NO,
        INTERRUPTED,
        /** The lock is abandoned and its policy is to throw; it is not held. */
        ABANDONED
    }

    /** Takes the lock if it is free, or its owner is dead; never waits. */
    public Acquired tryAcquire(Words words, long at) {
        Thread me = Thread.currentThread();
        if (acquireIfIdle(words, words.memory(), 0, at, me)) return Acquired.YES;
        lookAfterOwner(words, at);
        long seen = words.get(at);
        if (LockWord.isFree(seen)) return acquireFree(words, at, me, seen, 0);
        requireOwner(words, at, seen);
        return Acquired.NO;
    }

    /**
     * Takes the lock, waiting for it if need be. The calling thread must not own it.
     *
     * @param deadlineNanos on the clock of {@link Words#nanoTime()}, or {@link Words#NEVER}
     * @throws RuntimeException if it would have waited for ever, see {@link Owners#deadlock}; the lock is not held
     */
    public Acquired acquire(Words words, long at, long deadlineNanos, boolean interruptible) {
        Thread me = Thread.currentThread();
        if (acquireIfIdle(words, words.memory(), 0, at, me)) return Acquired.YES;
        return acquireVisibly(
                words, at, me, deadlineNanos, interruptible, WaitCell.flags(deadlineNanos));
    }

    @Override
    public Acquired acquireAgain(Words words, long at) {
        Thread me = Thread.currentThread();
        if (acquireIfIdle(words, words.memory(), 0, at, me)) return Acquired.YES;
        return acquireVisibly(words, at, me, Words.NEVER, false, WaitCell.MUST_OWN);
    }

    /** Whether it is taken in the order of arrival. */
    public boolean isFair() {
        return fair;
    }

    /** Makes sure that an owner that is dead by now is not taken for a living one. */
    public void lookAfterOwner(Words words, long at) {
        owners.look(LockWord.ownerSlot(words.get(at)));
    }

    /** Whether the calling thread owns the lock. */
    @Override
    public boolean isHeldByCurrentThread() {
        return LockWord.isKeyOf(owner, Thread.currentThread().threadId());
    }

    /** One hold more, for the owner of a reentrant lock. */
    public void reenter() {
        if (holds() == Integer.MAX_VALUE) throw new Error("a lock is held 2^31 - 1 times");
        moreHolds++;
    }

    /** One hold less, for the owner; false if that was the last, which {@link #release} ends. */
    public boolean leaveOnce() {
        if (moreHolds == 0) return false;
        moreHolds--;
        return true;
    }

    /** How often the calling thread, which owns the lock, holds it. */
    public int holds() {
        return moreHolds + 1;
    }

    /** Releases the lock however often it is held, and answers that. The calling thread must own it. */
    @Override
    public int releaseAll(Words words, long at) {
        int holds = holds();
        moreHolds = 0;
        try {
            release(words, at);
        } catch (IllegalStateException closed) {
            moreHolds = holds - 1; // as release keeps the owner
            throw closed;
        }
        return holds;
    }

    /** Makes the calling thread, which has just acquired the lock, hold it so many times. */
    @Override
    public void setHolds(int holds) {
        moreHolds = holds - 1;
    }

    /** Releases the lock. The calling thread must own it. */
    public void release(Words words, long at) {
        release(words, words.memory(), 0, at);
    }

    /** The same, with its {@link #piece} at hand. */
    public void release(Words words, MemorySegment piece, long at) {
        release(words, piece, at, 0);
    }

    private void release(Words words, MemorySegment piece, long pieceAt, long offset) {
        if (toWake == null) releaseOnly(words, piece, pieceAt, offset);
        else releaseAndWake(words, piece, pieceAt, offset);
    }

    private void releaseOnly(Words words, MemorySegment piece, long pieceAt, long offset) {
        long key = owner;
        long ownerBits = LockWord.ownerBits(key);
        owner = NOBODY;
        long freed;
        try {
            freed = words.getAndAdd(piece, pieceAt, offset, -ownerBits) - ownerBits;
        } catch (IllegalStateException closed) {
            owner = key; // still: another opening of the region can release it
            throw closed;
        }
        if (LockWord.isIdle(freed)) lastFreed = freed;
        else if (LockWord.has(freed, LockWord.WAITERS)) wakeOne(words, pieceAt + offset, freed);
    }

    private void releaseAndWake(Words words, MemorySegment piece, long pieceAt, long offset) {
        long[] chosen = Objects.requireNonNull(toWake);
        toWake = null; // the next owner's, from the release on
        try {
            releaseOnly(words, piece, pieceAt, offset);
        } catch (IllegalStateException closed) {
            if (isHeldByCurrentThread()) toWake = chosen;
            else wakeAll(words, chosen);
            throw closed;
        }
        wakeAll(words, chosen);
    }

    @Override
    public void wakeAtRelease(Words words, long cell) {
        if (fair) {
            wakeChosen(words, cell); // to stand in line before those who come now
            return;
        }
        long[] before = toWake == null ? new long[0] : toWake;
        long[] longer = Arrays.copyOf(before, before.length + 1);
        longer[before.length] = cell;
        toWake = longer;
    }

    private void wakeAll(Words words, long[] chosen) {
        for (long cell : chosen) wakeChosen(words, cell);
    }

    /* Not through the opening: if that is closed meanwhile, nobody else wakes who was chosen. */
    private void wakeChosen(Words words, long cell) {
        if (cells == null) words.wake(cell, 1);
        else cells.wakeChosen(cell);
    }

    /** The memory of a lock alone, for a caller that keeps it at hand: its offsets are checked with less effort. */
    public static MemorySegment piece(Words words, long at) {
        return words.piece(words.memory(), at, LockWord.CELL_BYTES);
    }

    /**
     * Takes the lock if it is free and nothing else is to be minded: the common case, and nothing but it.
     *
     * @param piece its {@link #piece}
     */
    public boolean acquireIfIdle(Words words, MemorySegment piece, long at) {
        return acquireIfIdle(words, piece, at, 0, Thread.currentThread());
    }

    /*
     * The key is the caller's in any case, whatever races with this. That the caller is displayed still is known later: who of this
     * JVM has the lock changes that before its release, and so before lastFreed tells of it, which is read first. So if the CAS finds the
     * very word that was read (2^32 acquisitions later, there would be an old display), nobody has been displayed in between.
     */
    private boolean acquireIfIdle(
            Words words, MemorySegment piece, long pieceAt, long offset, Thread me) {
        long at = pieceAt + offset;
        long idle = lastFreed;
        VarHandle.loadLoadFence();
        long key = displayed;
        if (!LockWord.isKeyOf(key, me.threadId())) return acquireAsAnother(words, at, me, idle);
        long taken = LockWord.taken(idle, LockWord.ownerBits(key));
        if (!words.cas(piece, pieceAt, offset, idle, taken))
            return acquireIfSeenIdle(words, at, me);
        owner = key;
        if (CoarseClock.now != displayedMillis) display(words, at, me, taken);
        return true;
    }

    private boolean acquireAsAnother(Words words, long at, Thread me, long idle) {
        return acquireIdle(words, at, me, idle) || acquireIfSeenIdle(words, at, me);
    }

    private boolean acquireIfSeenIdle(Words words, long at, Thread me) {
        long seen = words.getPlain(at);
        return LockWord.isIdle(seen) && acquireIdle(words, at, me, seen);
    }

    private boolean acquireIdle(Words words, long at, Thread me, long idle) {
        long taken = LockWord.taken(idle, LockWord.ownerBits(key(me)));
        if (!words.cas(at, idle, taken)) return false;
        acquired(words, at, me, taken);
        return true;
    }

    private long key(Thread me) {
        return LockWord.threadKey(slot, me.threadId());
    }

    private void acquired(Words words, long at, Thread me, long taken) {
        owner = key(me);
        display(words, at, me, taken);
    }

    /*
     * For those who ask who owns the lock, and since when. Once the opening is closed that cannot be noted, and the caller throws: then
     * the lock is given back.
     */
    private void display(Words words, long at, Thread me, long taken) {
        try {
            note(words, at, me, taken);
        } catch (IllegalStateException closed) {
            giveBack(at);
            throw closed;
        }
    }

    private void giveBack(long at) {
        displayed = NOBODY; // what is displayed may be another's
        if (cells != null) cells.unlessClosed(own -> release(own, at));
    }

    private void note(Words words, long at, Thread me, long taken) {
        long millis = CoarseClock.millis();
        displayedMillis = millis;
        displayed = key(me);
        words.putPlain(at + LockWord.SINCE, millis);
        long nameKey = LockWord.nameKey(slot, generation, me.threadId());
        if (words.getPlain(at + LockWord.NAME_KEY) != nameKey) publishName(words, at, me, nameKey);
        if (LockDisplay.isEpochDue(words, at, taken)) LockDisplay.recordEpoch(words, at, taken);
    }

    private static void publishName(Words words, long at, Thread me, long nameKey) {
        words.put(at + LockWord.NAME_KEY, 0);
        LockDisplay.writeName(
                words, at + LockWord.NAME, me.getName().getBytes(StandardCharsets.UTF_8));
        words.put(at + LockWord.NAME_KEY, nameKey);
    }

    /* One CAS from a free word. NO if somebody else was faster. */
    private Acquired acquireFree(Words words, long at, Thread me, long seen, int addFlags) {
        boolean abandoned = LockWord.has(seen, LockWord.ABANDONED);
        if (abandoned && throwIfAbandoned) return Acquired.ABANDONED;
        int keep = ((int) seen & LockWord.WAITERS) | addFlags;
        if (abandoned && !forgetAbandoned) keep |= LockWord.ABANDONED;
        long taken = LockWord.taken(seen, LockWord.ownerBits(key(me)), keep);
        if (!words.cas(at, seen, taken)) return Acquired.NO;
        acquired(words, at, me, taken);
        return Acquired.YES;
    }

    /* In a cell, from before the first sleep on, where others see who waits. */
    private Acquired acquireVisibly(
            Words words, long at, Thread me, long deadlineNanos, boolean interruptible, int flags) {
        if (fair) return acquireFairly(words, at, me, deadlineNanos, interruptible, flags);
        if (!me.isVirtual()) {
            Acquired spun = spin(words, at, me);
            if (spun != Acquired.NO) return spun;
        }
        long cell = cells == null ? 0 : cells.enterIfPossible(WaitCell.Kind.LOCK, at, flags);
        DeadlockWatch watch =
                DeadlockWatch.of(words, cells, owners, cell, deadlineNanos, interruptible);
        try {
            return me.isVirtual()
                    ? acquireInTurn(words, at, me, deadlineNanos, interruptible, cell, watch)
                    : acquireSleeping(words, at, me, deadlineNanos, interruptible, watch);
        } finally {
            if (cells != null) cells.leave(cell);
        }
    }

    /* Of the virtual threads of this JVM one at a time waits for the word; the others queue for their turn without a carrier. */
    private Acquired acquireInTurn(
            Words words,
            long at,
            Thread me,
            long deadlineNanos,
            boolean interruptible,
            long cell,
            @Nullable DeadlockWatch watch) {
        Turns line = turns();
        Acquired turn = line.take(words, cell, deadlineNanos, interruptible, watch);
        if (turn != Acquired.YES) return turn;
        try {
            Acquired spun = spin(words, at, me);
            return spun == Acquired.NO
                    ? acquireSleeping(words, at, me, deadlineNanos, interruptible, watch)
                    : spun;
        } finally {
            line.giveBack();
        }
    }

    private synchronized Turns turns() {
        if (turns == null) turns = new Turns();
        return turns;
    }

    private Acquired acquireSleeping(
            Words words,
            long at,
            Thread me,
            long deadlineNanos,
            boolean interruptible,
            @Nullable DeadlockWatch watch) {
        long start = words.nanoTime();
        boolean slept = false;
        while (true) { // until acquired, timed out or interrupted
            long seen = words.get(at);
            boolean starving = slept && words.nanoTime() - start > STARVING_NANOS;
            if (LockWord.isFree(seen)) {
                if (LockWord.has(seen, LockWord.STARVED)
                        && words.nanoTime() - start <= STARVING_NANOS) {
                    LockSupport.parkNanos(HOLD_BACK_NANOS);
                } else {
                    // A thread that slept may have used up a wake-up that others need, so it keeps
                    // them announced (I3).
                    Acquired result =
                            acquireFree(words, at, me, seen, slept ? LockWord.WAITERS : 0);
                    if (result == Acquired.YES) return result;
                    if (result == Acquired.ABANDONED) return giveUp(words, at, result);
                }
                if (isOver(words, deadlineNanos)) return giveUp(words, at, Acquired.NO);
                if (interruptible && me.isInterrupted()) return giveUp(words, at, interrupted());
                continue;
            }
            if (isOver(words, deadlineNanos)) return giveUp(words, at, Acquired.NO);
            if (interruptible && me.isInterrupted()) return giveUp(words, at, interrupted());
            long announced =
                    LockWord.with(
                            seen,
                            starving ? LockWord.WAITERS | LockWord.STARVED : LockWord.WAITERS);
            if (announced != seen && !words.cas(at, seen, announced)) continue;
            requireOwnerOrWakeAll(words, at, announced);
            long until = until(words, deadlineNanos, LockWord.ownerSlot(announced));
            if (watch != null) until = watch.until(until);
            words.await(at, (int) announced, until, interruptible);
            slept = true;
            if (turns != null) answerForOthers(words, at, announced);
            RuntimeException deadlock = watch == null ? null : watch.look();
            if (deadlock != null) {
                giveUp(words, at, Acquired.NO);
                throw deadlock;
            }
        }
    }

    /*
     * A slot is free only when no word names it any more: if a word says the same before and after, it is damaged, nobody would ever
     * change it, and who waits would do so for ever. The same for a thread without a process.
     */
    private void requireOwner(Words words, long at, long seen) {
        int slot = LockWord.ownerSlot(seen);
        if (slot < 0) throw owners.damaged(at, "is owned by a thread of no process");
        if (owners.isFree(slot) && words.get(at) == seen)
            throw owners.damaged(at, "is owned by process slot " + slot + ", which is free");
    }

    /* Those who sleep already are to look, too. */
    private void requireOwnerOrWakeAll(Words words, long at, long seen) {
        boolean owned = false;
        try {
            requireOwner(words, at, seen);
            owned = true;
        } finally {
            if (!owned) words.wake(at, Integer.MAX_VALUE);
        }
    }

    /* Woken while nothing has changed: somebody may have been asked what it does. */
    private void answerForOthers(Words words, long at, long slept) {
        long seen = words.get(at);
        boolean unchanged =
                !LockWord.isFree(seen) && LockWord.number(seen) == LockWord.number(slept);
        Turns line = turns;
        if (unchanged && line != null && cells != null) line.answer(cells);
    }

    static boolean isOver(Words words, long deadlineNanos) {
        return deadlineNanos != Words.NEVER && words.nanoTime() >= deadlineNanos;
    }

    private static Acquired interrupted() {
        Thread.interrupted(); // cleared, as the exception that follows takes its place
        return Acquired.INTERRUPTED;
    }

    /*
     * The wake-up that brought us here may have been the only one: pass it on if the lock is free (I3). And we may have been the
     * only one who looked after an owner whose death will not be announced: let another do that.
     */
    private Acquired giveUp(Words words, long at, Acquired result) {
        long seen = calmed(words, at, words.get(at)); // STARVED is perhaps ours
        if (!LockWord.has(seen, LockWord.WAITERS)) return result;
        if (LockWord.isFree(seen)) wakeOne(words, at, seen);
        else if (owners.patienceNanos(LockWord.ownerSlot(seen)) != Words.NEVER) words.wake(at, 1);
        return result;
    }

    /* Takes STARVED off, once: who starves on sets it again, and to fight with that one could go on for ever. */
    static long calmed(Words words, long at, long seen) {
        while (LockWord.has(seen, LockWord.STARVED)) { // until it is off, by whomever
            long calm = LockWord.without(seen, LockWord.STARVED);
            if (words.cas(at, seen, calm)) return calm;
            seen = words.get(at);
        }
        return seen;
    }

    private void wakeOne(Words words, long at, long freed) {
        boolean woken = fair ? wakeFirst(at) : words.wake(at, 1) > 0;
        if (!woken) words.cas(at, freed, LockWord.without(freed, LockWord.WAITERS));
    }

    /*
     * In the order of arrival: who finds W set takes a cell behind those who have one, and the word only when it is the first of
     * all. Who waits entered its cell before it read the word, and who releases looks at the cells after it freed the word: so
     * either the one sees a free word or the other sees the cell. Who was woken looks at the word anew before it sleeps again.
     */
    private Acquired acquireFairly(
            Words words, long at, Thread me, long deadlineNanos, boolean interruptible, int flags) {
        WaitCells line = Objects.requireNonNull(cells);
        long cell;
        while ((cell = line.enterIfPossible(WaitCell.Kind.FAIR_LOCK, at, flags)) == 0) {
            Acquired result = acquireOutOfLine(words, line, at, me);
            if (result != Acquired.NO) return result;
            if (isOver(words, deadlineNanos)) return Acquired.NO;
            if (interruptible && me.isInterrupted()) return interrupted();
            awaitOutOfLine(words, at, deadlineNanos, interruptible);
        }
        Acquired result = Acquired.NO;
        try {
            result = acquireAsFirst(words, line, cell, at, me, deadlineNanos, interruptible);
            return result;
        } finally {
            line.leave(cell);
            if (result != Acquired.YES) passOn(line, at);
        }
    }

    /* There is no memory to stand in line: take the lock if nobody does, else look again soon. */
    private Acquired acquireOutOfLine(Words words, WaitCells line, long at, Thread me) {
        long seen = words.get(at);
        boolean mayTake = LockWord.isFree(seen) && line.first(at) == null;
        return mayTake ? acquireFree(words, at, me, seen, LockWord.WAITERS) : Acquired.NO;
    }

    private void awaitOutOfLine(Words words, long at, long deadlineNanos, boolean interruptible) {
        long seen = words.get(at);
        if (!LockWord.isFree(seen)) requireOwner(words, at, seen);
        long soon = Math.min(deadlineNanos, words.nanoTime() + OUT_OF_LINE_NANOS);
        words.await(at, (int) seen, until(words, soon, LockWord.ownerSlot(seen)), interruptible);
    }

    /* The wake-up that reached a thread that gave up, or was about to, belongs to the next. */
    private void passOn(WaitCells line, long at) {
        try {
            if (LockWord.isFree(line.peek(at))) wakeFirst(at);
        } catch (IllegalStateException closed) {
            // this process has left the region, and when it did, all who wait were woken
        }
    }

    private Acquired acquireAsFirst(
            Words words,
            WaitCells line,
            long cell,
            long at,
            Thread me,
            long deadlineNanos,
            boolean interruptible) {
        DeadlockWatch watch =
                DeadlockWatch.of(words, line, owners, cell, deadlineNanos, interruptible);
        while (true) { // until acquired, timed out or interrupted
            if (line.isWoken(cell)) line.waitAgain(cell);
            long seen = words.get(at);
            int awaited = LockWord.ownerSlot(seen);
            if (LockWord.isFree(seen)) {
                WaitList.Waiter first = line.first(at);
                if (first == null || first.cell() == cell) {
                    Acquired result = acquireFree(words, at, me, seen, LockWord.WAITERS);
                    if (result != Acquired.NO) return result;
                    continue;
                }
                awaited = first.slot();
            } else {
                requireOwner(words, at, seen);
            }
            if (isOver(words, deadlineNanos)) return Acquired.NO;
            if (interruptible && me.isInterrupted()) return interrupted();
            if (!announceInLine(words, at, seen)) continue;
            long until = until(words, deadlineNanos, awaited);
            line.await(words, cell, watch == null ? until : watch.until(until), interruptible);
            RuntimeException deadlock = watch == null ? null : watch.look();
            if (deadlock != null) throw deadlock;
        }
    }

    /*
     * Newcomers are to see W as long as somebody sleeps. A free word gets a new number with it, for the sake of a releaser that has
     * looked at the cells too early to see us, and is about to take W off that very word.
     */
    private static boolean announceInLine(Words words, long at, long seen) {
        if (LockWord.isFree(seen)) {
            int flags = (int) seen | LockWord.WAITERS;
            return words.cas(at, seen, LockWord.taken(seen, 0, flags));
        }
        return LockWord.has(seen, LockWord.WAITERS)
                || words.cas(at, seen, LockWord.with(seen, LockWord.WAITERS));
    }

    private boolean wakeFirst(long at) {
        WaitCells line = Objects.requireNonNull(cells);
        while (true) { // until somebody is woken, or woken before, or nobody is there
            WaitList.Waiter first = line.first(at);
            if (first == null) return false;
            owners.look(first.slot()); // if it is dead, this removes it
            if (!first.isWaiting() || line.wake(first)) return true;
        }
    }

    private long until(Words words, long deadlineNanos, int slot) {
        long patience = owners.patienceNanos(slot);
        if (patience == Words.NEVER) return deadlineNanos;
        return Math.min(deadlineNanos, words.nanoTime() + patience);
    }

    /*
     * Waking a sleeping CPU takes tens of microseconds, a release that is watched less than one: look for a while, at growing
     * intervals, since each look takes the cache line away from the owner.
     */
    private Acquired spin(Words words, long at, Thread me) {
        int limit = spinLimit;
        int pause = 1;
        for (int spent = 0; spent < limit; spent += pause, pause = Math.min(2 * pause, 32)) {
            for (int i = 0; i < pause; i++) Thread.onSpinWait();
            long seen = words.get(at);
            if (LockWord.has(seen, LockWord.STARVED)) break;
            if (!LockWord.isFree(seen)) continue;
            Acquired result = acquireFree(words, at, me, seen, 0);
            if (result == Acquired.NO) continue;
            spinLimit = Math.min(maxSpins, limit + MIN_SPINS);
            return result;
        }
        spinLimit = Math.max(Math.min(MIN_SPINS, maxSpins), limit - limit / 8);
        return Acquired.NO;
    }
}
