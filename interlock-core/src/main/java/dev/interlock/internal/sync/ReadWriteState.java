package dev.interlock.internal.sync;

import dev.interlock.internal.sync.LockState.Acquired;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Reading and writing under one read-write lock, and what this JVM alone knows of it. All handles of this JVM to one lock share one
 * of these.
 */
public final class ReadWriteState implements Relockable {
    /*
     * read        readers + 1 in this process's own word, then look at the gate. Open: in. Closed: readers - 1; then wait as a
     *             writer would, for the lock itself, and with it in hand enter, and release it. So readers queue with the writers.
     * write       take the lock; gate + 1, now closed; wait until each process's word has been seen with no readers; writes + 1,
     *             now odd. In the end writes + 1, gate + 1, release the lock.
     * Invariants  I1 Gate and writes are changed by the owner of the lock alone, or by a sweep that proved it dead; and while
     *             nobody owns the lock, or a reader does, the gate is open and writes is even. I2 A readers word is changed by its
     *             process alone, or by the sweep after its death. I3 Who stays in has counted itself and then seen the gate open,
     *             or owned the lock, or reads already, or writes.
     * Exclusion   A reader counts and then looks at the gate, a writer closes the gate and then looks at the counts, all volatile:
     *             one of the two sees the other. A word once seen empty behind a closed gate need not be looked at again: who
     *             counts itself there later finds the gate closed.
     * No lost wake-up   The writer reads DRAIN, then the counts, then sleeps unless DRAIN has changed. A process whose count drops to
     *             0 looks at the gate after that, and if it is closed, adds to DRAIN and wakes. So either the writer sees the 0,
     *             or DRAIN changes, or its sleep ends.
     * Death       of a reader: the sweep sets its process's count to 0 and wakes the writer. Before the wake: the same. Of a
     *             writer: the sweep makes writes even, and DIRTY if it was odd, opens the gate, and then frees the lock. Of a
     *             process whose death nobody announces: the writer looks after it, as a lock's waiter does after the owner.
     * Closing     A region may be closed under a thread's feet between two steps. What it began it then undoes through the
     *             process's own mapping, unless the process has left the region; then the sweep did.
     * Damage      Readers of a process whose slot is free, and a gate that is closed while nobody owned the lock, are told to the writer;
     *             such a gate is opened.
     * Tested by   ReadWriteModelTest, ReadWriteLockKillPointsIT, ReadWriteKillLoopIT, the tests on ReadWriteLockContract.
     * References  Calciu et al., "NUMA-aware reader-writer locks" (2013); Linux' percpu_rw_semaphore; java.util.concurrent's
     *             ReentrantReadWriteLock (behaviour) and StampedLock (optimistic reads).
     */
    private static final int DRAIN_SPINS = 128;
    private static final boolean ONE_CPU = Cpus.ONE;

    private final long at;
    private final int slot;
    private final int generation;
    private final LockState lock;
    private final Owners owners;
    private final @Nullable WaitCells cells; // where those who wait are seen
    private final Words own; // a view of the region that stays as long as this process is a member
    private final int maxSpins;

    private final long gate;
    private final long writes;
    private final long drain;
    private final long readers; // this process's word

    private final ReadHolds holds = new ReadHolds();
    private final long[] places = holds.places; // at hand for the common case
    private volatile boolean registered; // whether the readers' word is ours

    private final ReentrantLock leaving = new ReentrantLock();
    private boolean left; // guarded by leaving

    /**
     * Makes the state of a read-write lock for this process.
     *
     * @param at offset of the lock
     * @param slot this process's slot
     * @param generation of the slot
     * @param lock the state of the lock within
     * @param owners tells of the processes that are waited for
     * @param cells where waiting threads are seen; null if they are not
     * @param own the region, as long as the process is a member
     */
    public ReadWriteState(
            long at,
            int slot,
            int generation,
            LockState lock,
            Owners owners,
            @Nullable WaitCells cells,
            Words own) {
        this(at, slot, generation, lock, owners, cells, own, ONE_CPU ? 0 : DRAIN_SPINS);
    }

    /** For the model checker, to which every look of a spinning thread is a step. */
    ReadWriteState(
            long at,
            int slot,
            int generation,
            LockState lock,
            Owners owners,
            @Nullable WaitCells cells,
            Words own,
            int maxSpins) {
        this.at = at;
        this.slot = slot;
        this.generation = generation;
        this.lock = lock;
        this.owners = owners;
        this.cells = cells;
        this.own = own;
        this.maxSpins = maxSpins;
        this.gate = at + ReadWriteCell.GATE;
        this.writes = at + ReadWriteCell.WRITES;
        this.drain = at + ReadWriteCell.DRAIN;
        this.readers = ReadWriteCell.readers(at, slot);
    }

    // Reading

    /**
     * Takes the read lock if the calling thread has done so before, does not hold it now, and no writer is there: the common case,
     * and nothing but it.
     *
     * @param memory {@link Words#memory()}
     */
    public boolean readIfOpen(Words words, MemorySegment memory) {
        long id = Thread.currentThread().threadId();
        int place = ReadHolds.place(id);
        long kept = ReadHolds.kept(id);
        if (places[place] != kept) return false;
        if (!enter(words, memory)) return false;
        places[place] = kept + 1;
        return true;
    }

    /**
     * Takes the read lock, once more if the calling thread holds it, waiting for writers if need be.
     *
     * @param deadlineNanos on the clock of {@link Words#nanoTime()}, or {@link Words#NEVER}
     */
    public Acquired read(Words words, long deadlineNanos, boolean interruptible) {
        Thread me = Thread.currentThread();
        if (reenter(words, me)) return Acquired.YES;
        register(words);
        Acquired result = Acquired.NO;
        holds.add(me);
        try {
            result =
                    enterNow(words)
                            ? Acquired.YES
                            : enterInLine(words, deadlineNanos, interruptible);
            return result;
        } finally {
            if (result != Acquired.YES) holds.remove(me);
        }
    }

    /** Takes the read lock if no writer is there; never waits. */
    public boolean tryRead(Words words) {
        Thread me = Thread.currentThread();
        if (reenter(words, me)) return true;
        register(words);
        boolean entered = false;
        holds.add(me);
        try {
            entered = enterNow(words) || enterSoon(words);
            return entered;
        } finally {
            if (!entered) holds.remove(me);
        }
    }

    /* A writer may be waiting for this very thread, which therefore must get in. */
    private boolean reenter(Words words, Thread me) {
        if (holds.of(me) == 0) return false;
        words.get(gate); // throws if the region was closed
        holds.add(me);
        return true;
    }

    private boolean enterNow(Words words) {
        if (lock.isHeldByCurrentThread()) {
            words.getAndAdd(readers, 1);
            return true;
        }
        // First a look, so that those who try again and again do not keep the writer waiting.
        return !ReadWriteCell.isClosed(words.get(gate)) && enter(words, words.memory());
    }

    /* A writer that tries in vain is soon gone, and so is a dead one once it was looked after. */
    private boolean enterSoon(Words words) {
        for (int i = 0; i < maxSpins; i++) {
            if (ReadWriteCell.isWriting(words.get(writes))) break;
            if (enterNow(words)) return true;
            Thread.onSpinWait();
        }
        lock.lookAfterOwner(words, at);
        return enterNow(words);
    }

    /* Counts this thread, and does not if the gate is closed. */
    private boolean enter(Words words, MemorySegment memory) {
        words.getAndAdd(memory, readers, 1);
        try {
            if (!ReadWriteCell.isClosed(words.get(memory, gate))) return true;
            leave(words, memory);
            return false;
        } catch (IllegalStateException closed) {
            undo(this::leaveOwn);
            throw closed;
        }
    }

    /* Behind those who wait for the lock. */
    private Acquired enterInLine(Words words, long deadlineNanos, boolean interruptible) {
        Acquired acquired = acquireLock(words, deadlineNanos, interruptible);
        if (acquired == Acquired.YES) enterAsOwner(words);
        return acquired;
    }

    /* Who owns the lock finds the gate open (I1). */
    void enterAsOwner(Words words) {
        boolean entered = false;
        try {
            words.getAndAdd(readers, 1);
            entered = true;
            lock.release(words, at);
        } catch (IllegalStateException closed) {
            if (entered) undo(this::leaveOwn);
            undo(this::giveBackOwn);
            throw closed;
        }
    }

    /* The lock may have been taken just before the region was closed. */
    private Acquired acquireLock(Words words, long deadlineNanos, boolean interruptible) {
        try {
            return lock.acquire(words, at, deadlineNanos, interruptible);
        } catch (IllegalStateException closed) {
            undo(this::giveBackOwn);
            throw closed;
        }
    }

    /**
     * Gives one hold back; the last one ends the reading.
     *
     * @param memory {@link Words#memory()}
     * @return false if the calling thread has none
     */
    public boolean releaseRead(Words words, MemorySegment memory) {
        long id = Thread.currentThread().threadId();
        int place = ReadHolds.place(id);
        long kept = ReadHolds.kept(id);
        if (places[place] != kept + 1) return releaseReadSlowly(words, memory);
        leave(words, memory);
        places[place] = kept;
        return true;
    }

    private boolean releaseReadSlowly(Words words, MemorySegment memory) {
        Thread me = Thread.currentThread();
        int held = holds.of(me);
        if (held == 0) return false;
        if (held == 1) leave(words, memory);
        else words.get(gate); // throws if the region was closed
        holds.remove(me);
        return true;
    }

    /* The last of its process to leave tells a writer that waits for that. Throws only if nothing was done. */
    private void leave(Words words, MemorySegment memory) {
        long before = words.getAndAdd(memory, readers, -1);
        if (ReadWriteCell.count(before) != 1) return;
        try {
            if (ReadWriteCell.isClosed(words.get(memory, gate)))
                ReadWriteSweep.wakeDrainer(words, at);
        } catch (IllegalStateException closed) {
            undo(() -> ReadWriteSweep.wakeDrainer(own, at));
        }
    }

    private void leaveOwn() {
        leave(own, own.memory());
    }

    /* Makes the readers' word ours, and shows writers where it is. Before any thread is known to read, see readIfOpen. */
    private void register(Words words) {
        if (registered) return;
        while (true) { // until it has our generation
            long seen = words.get(readers);
            if (ReadWriteCell.generation(seen) == generation) break;
            words.cas(readers, seen, ReadWriteCell.noReaders(generation));
        }
        long used = at + ReadWriteCell.USED + (slot >> 6) * 8L;
        long bit = 1L << slot;
        while (true) { // until the bit is set
            long seen = words.get(used);
            if ((seen & bit) != 0 || words.cas(used, seen, seen | bit)) break;
        }
        registered = true;
    }

    /** How often the calling thread holds the read lock. */
    public int readHolds() {
        return holds.of(Thread.currentThread());
    }

    // Writing

    /** Whether the calling thread writes. */
    @Override
    public boolean isHeldByCurrentThread() {
        return lock.isHeldByCurrentThread();
    }

    /** The lock within: of who writes it counts the holds. */
    public LockState lock() {
        return lock;
    }

    /** Whether the calling thread does not read: a writer waits for all readers. */
    @Override
    public boolean canBeTakenAnew() {
        return readHolds() == 0;
    }

    /**
     * Takes the write lock, waiting for others if need be. The calling thread neither writes nor reads.
     *
     * @param deadlineNanos on the clock of {@link Words#nanoTime()}, or {@link Words#NEVER}
     */
    public Acquired write(Words words, long deadlineNanos, boolean interruptible) {
        Acquired acquired = acquireLock(words, deadlineNanos, interruptible);
        return acquired == Acquired.YES
                ? begin(words, deadlineNanos, interruptible, false)
                : acquired;
    }

    /** Takes the write lock if nobody reads or writes; never waits. The calling thread does neither. */
    public boolean tryWrite(Words words) {
        if (isRead(words)) {
            lookAfterReaders(words);
            if (isRead(words)) {
                requireReaders(words);
                return false; // and the gate stays open
            }
        }
        return lock.tryAcquire(words, at) == Acquired.YES
                && begin(words, 0, false, true) == Acquired.YES;
    }

    /* With the lock in hand, which is given back if the readers do not leave in time. */
    Acquired begin(Words words, long deadlineNanos, boolean interruptible, boolean atOnce) {
        boolean settled = false;
        try {
            long before = words.getAndAdd(gate, 1);
            if (ReadWriteCell.isClosed(before))
                throw owners.damaged(at, "is closed to readers, and nobody writes");
            Acquired result = Acquired.NO;
            if (isDrainedSoon(words)) result = Acquired.YES;
            else if (!atOnce) result = drainVisibly(words, deadlineNanos, interruptible);
            if (result == Acquired.YES) words.getAndAdd(writes, ReadWriteCell.ONE_CHANGE);
            else giveBack(words);
            settled = true;
            return result;
        } finally {
            if (!settled)
                // The region was closed, looking after a reader failed, or the lock is damaged.
                undo(this::giveBackOwn);
        }
    }

    /* From whatever step on. */
    private void giveBack(Words words) {
        if (!lock.isHeldByCurrentThread()) return;
        if (ReadWriteCell.isWriting(words.get(writes)))
            words.getAndAdd(writes, ReadWriteCell.ONE_CHANGE);
        if (ReadWriteCell.isClosed(words.get(gate))) words.getAndAdd(gate, 1);
        lock.release(words, at);
    }

    private void giveBackOwn() {
        giveBack(own);
    }

    /** Ends the writing. The calling thread must be the writer, and hold the lock once. */
    public void releaseWrite(Words words) {
        words.getAndAdd(writes, ReadWriteCell.ONE_CHANGE); // if this throws, it writes on
        try {
            words.getAndAdd(gate, 1);
            lock.release(words, at);
        } catch (IllegalStateException closed) {
            undo(this::giveBackOwn);
        }
    }

    @Override
    public void wakeAtRelease(Words words, long cell) {
        lock.wakeAtRelease(words, cell);
    }

    @Override
    public int releaseAll(Words words, long ignored) {
        int writeHolds = lock.holds();
        lock.setHolds(1);
        try {
            releaseWrite(words);
        } catch (IllegalStateException closed) {
            lock.setHolds(writeHolds); // as it writes on
            throw closed;
        }
        return writeHolds;
    }

    @Override
    public Acquired acquireAgain(Words words, long ignored) {
        return acquireLockAgain(words) == Acquired.YES
                ? begin(words, Words.NEVER, false, false)
                : Acquired.NO;
    }

    private Acquired acquireLockAgain(Words words) {
        try {
            return lock.acquireAgain(words, at);
        } catch (IllegalStateException closed) {
            undo(this::giveBackOwn);
            throw closed;
        }
    }

    @Override
    public void setHolds(int writeHolds) {
        lock.setHolds(writeHolds);
    }

    // Waiting for readers

    /* Those who counted themselves and found the gate closed are gone at once. */
    private boolean isDrainedSoon(Words words) {
        if (!isRead(words)) return true;
        for (int i = 0; i < maxSpins; i++) {
            Thread.onSpinWait();
            if (!isRead(words)) return true;
        }
        return false;
    }

    private Acquired drainVisibly(Words words, long deadlineNanos, boolean interruptible) {
        if (cells == null) return drain(words, deadlineNanos, interruptible);
        long cell = cells.enterIfPossible(WaitCell.Kind.OTHER, at, WaitCell.flags(deadlineNanos));
        try {
            return drain(words, deadlineNanos, interruptible);
        } finally {
            cells.leave(cell);
        }
    }

    private Acquired drain(Words words, long deadlineNanos, boolean interruptible) {
        while (true) { // until nobody reads, timed out or interrupted
            int signal = (int) words.get(drain);
            long patience = patience(words);
            if (patience == 0) return Acquired.YES;
            requireReaders(words);
            if (deadlineNanos != Words.NEVER && words.nanoTime() >= deadlineNanos)
                return Acquired.NO;
            if (interruptible && Thread.currentThread().isInterrupted()) {
                Thread.interrupted(); // cleared, as the exception that follows takes its place
                return Acquired.INTERRUPTED;
            }
            long until =
                    patience == Words.NEVER
                            ? deadlineNanos
                            : Math.min(deadlineNanos, words.nanoTime() + patience);
            words.await(drain, signal, until, interruptible);
        }
    }

    /* How long to sleep before the processes that read must be looked after; 0 if none reads. */
    private long patience(Words words) {
        long patience = 0;
        for (int reader = nextReader(words, 0);
                reader >= 0;
                reader = nextReader(words, reader + 1)) {
            long more = owners.patienceNanos(reader);
            patience = patience == 0 ? more : Math.min(patience, more);
        }
        return patience;
    }

    private void lookAfterReaders(Words words) {
        for (int reader = nextReader(words, 0); reader >= 0; reader = nextReader(words, reader + 1))
            owners.look(reader);
    }

    /* A slot is free only when its process's readers do not count any more: else they never leave. */
    private void requireReaders(Words words) {
        for (int reader = nextReader(words, 0);
                reader >= 0;
                reader = nextReader(words, reader + 1)) {
            long word = ReadWriteCell.readers(at, reader);
            long seen = words.get(word);
            boolean counts = ReadWriteCell.count(seen) != 0;
            if (counts && owners.isFree(reader) && words.get(word) == seen)
                throw owners.damaged(at, "is read by process slot " + reader + ", which is free");
        }
    }

    private boolean isRead(Words words) {
        return nextReader(words, 0) >= 0;
    }

    /* The next slot, from one on, whose process reads; -1 if none. */
    private int nextReader(Words words, int from) {
        for (int word = from >> 6; word < ReadWriteCell.USED_WORDS; word++) {
            long used = words.get(at + ReadWriteCell.USED + word * 8L);
            if (word == from >> 6) used &= -1L << from;
            for (; used != 0; used &= used - 1) {
                int reader = (word << 6) + Long.numberOfTrailingZeros(used);
                long seen = words.get(ReadWriteCell.readers(at, reader));
                if (ReadWriteCell.count(seen) != 0) return reader;
            }
        }
        return -1;
    }

    // Looking

    /** How many threads of all processes read; such as are just about to find that they may not may be among them. */
    public int countReaders(Words words) {
        lookAfterReaders(words);
        int count = 0;
        for (int reader = nextReader(words, 0); reader >= 0; reader = nextReader(words, reader + 1))
            count += ReadWriteCell.count(words.get(ReadWriteCell.readers(at, reader)));
        return count;
    }

    /** Whether a thread of any process writes. */
    public boolean isWritten(Words words) {
        lock.lookAfterOwner(words, at);
        return ReadWriteDisplay.isWritten(words, at);
    }

    /** What to show to {@link #isUnwritten} after reading without a lock; 0 if that is not possible now. */
    public long stamp(Words words) {
        long seen = words.get(writes);
        if (ReadWriteCell.isWhole(seen)) return seen + 1;
        lock.lookAfterOwner(words, at);
        return 0;
    }

    /** Whether nobody has written since the stamp was made. */
    public boolean isUnwritten(Words words, long stamp) {
        VarHandle.acquireFence(); // what was read until now was read before this
        return words.get(writes) == stamp - 1;
    }

    /** Whether a writer died writing and nobody has repaired since. */
    public boolean isAbandoned(Words words) {
        lock.lookAfterOwner(words, at);
        return ReadWriteDisplay.isAbandoned(words, at);
    }

    /**
     * Ends the abandoned state, as the writer or while nobody writes.
     *
     * @return false if another thread writes
     */
    public boolean markWhole(Words words) {
        lock.lookAfterOwner(words, at);
        while (true) { // until the word stood still for one CAS
            long seen = words.get(writes);
            if (ReadWriteCell.isWriting(seen) && !lock.isHeldByCurrentThread()) return false;
            if ((seen & ReadWriteCell.DIRTY) == 0) return true;
            if (words.cas(writes, seen, seen & ~ReadWriteCell.DIRTY)) return true;
        }
    }

    // Leaving

    /** Where this process's readers are counted. */
    public long readersAt() {
        return readers;
    }

    /** Whether a readers' word, see {@link #readersAt}, counts any. */
    public static boolean counts(long readersWord) {
        return ReadWriteCell.count(readersWord) != 0;
    }

    /** The process leaves the region: what it holds is left to the sweep, and not touched from now on. */
    public void close() {
        leaving.lock();
        try {
            left = true;
        } finally {
            leaving.unlock();
        }
    }

    /* The caller's view of the region was closed between two steps. */
    private void undo(Runnable steps) {
        leaving.lock();
        try {
            if (!left) steps.run();
        } finally {
            leaving.unlock();
        }
    }
}
