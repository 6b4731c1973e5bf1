package dev.interlock.internal.sync;

import dev.interlock.internal.sync.ModelActor.Phase;
import dev.interlock.internal.sync.ModelActor.Step;
import dev.interlock.internal.sync.ModelChecker.World;
import dev.interlock.internal.sync.SemaphoreState.Acquired;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One semaphore, the processes that use it, and the cells in which their threads wait: one at most of each process. */
final class SemaphoreModel extends WaitModel {
    /*
     * Memory   that of WaitModel, with the semaphore's word where that has the lock, and the ledgers.
     * Ghosts   HELD: for each actor, how many permits it has, by its own belief. ADDED: how many were added to an unowned one.
     * Want     of all waits of a process is the same, and known without looking into the cell.
     * Patience is without end, since all deaths are announced; so the ledgers are not read to know it.
     * Checked  whenever an actor gets permits: there are no more in all hands than there are. At the end: nobody waits; what is
     *          available and what the living hold is what there is; every ledger says what its process holds, and those of the dead
     *          say nothing; if the last operation is not settled, it says of its process what the others leave.
     */
    private static final long HELD = HEAP + ModelChecker.STRIDE;
    private static final long ADDED = HELD + ModelChecker.STRIDE;
    private static final int BITS = 8; // of an actor in HELD
    private static final int COUNT = 0xFF;
    private static final int SLOT = (1 << 9) - 1; // of the word: a slot + 1
    private static final int SWEEP_TRIES =
            3; // one for each of its steps, and one to see that it is done
    private static final long W = 1L << 32;
    private static final int SLOTS = 3;
    private static final int LEDGERS = 128;
    private static final long[] LAYOUT = {LEDGERS, LEDGERS + 8, LEDGERS + 16};

    /* What bits() tells. */
    static final long ONE_SLEPT = 1;
    static final long UNSETTLED_BY_THE_DEAD = 2;

    private final int permits;
    private final SemaphoreState.Manner manner;
    private final Map<Integer, Integer> wants = new HashMap<>(); // by process
    private final Set<Integer> watchers = new HashSet<>(); // processes
    private boolean keeps; // somebody never gives back
    private long told; // bits for bits()

    private SemaphoreModel(int permits, boolean owned, boolean fair) {
        this.permits = permits;
        this.manner = new SemaphoreState.Manner(owned, false, fair);
        memory[ModelChecker.index(LOCK)] = SemaphoreState.initial(permits);
        object = new long[SLOTS];
        onlyFor(WaitCell.Kind.SEMAPHORE);
        usesCellsOnce();
    }

    static SemaphoreModel owned(int permits) {
        return new SemaphoreModel(permits, true, false);
    }

    static SemaphoreModel fair(int permits) {
        return new SemaphoreModel(permits, true, true);
    }

    static SemaphoreModel unowned(int permits) {
        return new SemaphoreModel(permits, false, false);
    }

    @Override
    SemaphoreModel kills(int most) {
        super.kills(most);
        return this;
    }

    /** At first the word says that somebody waits, who is no more. */
    @Override
    SemaphoreModel somebodyWaited() {
        memory[ModelChecker.index(LOCK)] |= W;
        return this;
    }

    @Override
    SemaphoreModel later() {
        super.later();
        return this;
    }

    static boolean isLedger(long offset) {
        return offset >= ModelChecker.object(0);
    }

    private static long ledger(int slot) {
        return ModelChecker.object(slot);
    }

    /** A thread that takes permits, waiting for them, and gives them back. */
    ModelActor user(int process, int count) {
        wants.put(process, count);
        Phase leave = release(process, count);
        return add("user-", process, acquire(process, count, Words.NEVER, leave));
    }

    /** A thread that takes permits, unless the time runs out or it is interrupted, and gives them back. */
    ModelActor patientUser(int process, int count, long deadlineNanos) {
        wants.put(process, count);
        Phase leave = release(process, count);
        return add("patient-", process, acquire(process, count, deadlineNanos, leave));
    }

    /** A thread that takes permits, waiting for them, for good. */
    ModelActor taker(int process, int count) {
        wants.put(process, count);
        keeps = true;
        return add("taker-", process, acquire(process, count, Words.NEVER, null));
    }

    /** A thread that takes permits if there are enough, and gives them back. */
    ModelActor eagerUser(int process, int count) {
        return add("eager-", process, tryAcquire(process, count));
    }

    /** A thread of a process that joins when the slot is free. */
    ModelActor newEagerUser(int process, int count) {
        return newcomer(process, tryAcquire(process, count));
    }

    private Phase tryAcquire(int process, int count) {
        int actor = actors.size();
        Phase leave = release(process, count);
        return words -> {
            if (!semaphore(process, words).tryAcquire(count)) return null;
            words.now(world -> got(world, actor, count));
            return leave;
        };
    }

    /** A thread that takes all there are, and gives them back. */
    ModelActor drainer(int process) {
        int actor = actors.size();
        Phase[] leave = new Phase[permits + 1];
        for (int i = 1; i <= permits; i++) leave[i] = release(process, i);
        Phase drain =
                words -> {
                    int count = semaphore(process, words).drain();
                    words.now(world -> got(world, actor, count));
                    return leave[count];
                };
        return add("drainer-", process, drain);
    }

    /** A thread that adds permits to an unowned semaphore, so many times. */
    ModelActor adder(int process, int count, int times) {
        Phase script = null;
        for (int i = 0; i < times; i++) script = addPermits(process, count, script);
        return add("adder-", process, script);
    }

    private Phase addPermits(int process, int count, @Nullable Phase then) {
        return words -> {
            words.withNextStep(world -> world.put(ADDED, world.get(ADDED) + count));
            if (semaphore(process, words).release(count) >= 0) throw new AssertionError();
            return then;
        };
    }

    /** A thread that waits until there is a permit and does not take it, as a WaitSet does. */
    ModelActor watcher(int process) {
        wants.put(process, 1);
        watchers.add(process);
        Phase watch =
                words -> {
                    View view = new View(words);
                    WaitCells cells = cells(process, words, view, owners.indexOf(process));
                    SemaphoreState semaphore = semaphore(process, words);
                    long cell = semaphore.watch();
                    while (!semaphore.isReady(cell)) cells.await(view, cell, Words.NEVER, false);
                    semaphore.stopWatching(cell);
                    return null;
                };
        return add("watcher-", process, watch);
    }

    /** As {@link #eagerUser}, giving back what nobody asked for meanwhile in one step, which leaves the ledger behind. */
    ModelActor hastyUser(int process, int count) {
        int actor = actors.size();
        Phase script =
                words -> {
                    View view = new View(words);
                    SemaphoreState semaphore = semaphore(process, words, view);
                    if (!semaphore.tryAcquire(count)) return null;
                    words.now(world -> got(world, actor, count));
                    words.withNextStep(world -> setHeld(world, actor, 0));
                    if (semaphore.releaseIfIdle(view, view.memory(), count)) return null;
                    if (semaphore.release(count) >= 0)
                        words.now(world -> world.check(false, "a permit is not given back"));
                    return null;
                };
        return add("hasty-", process, script);
    }

    private Phase acquire(int process, int count, long deadlineNanos, @Nullable Phase inside) {
        int actor = actors.size();
        return words -> {
            Acquired acquired = semaphore(process, words).acquire(count, deadlineNanos, true);
            if (acquired != Acquired.YES) return null;
            words.now(world -> got(world, actor, count));
            return inside;
        };
    }

    private Phase release(int process, int count) {
        int actor = actors.size();
        return words -> {
            words.withNextStep(world -> setHeld(world, actor, 0));
            int refused = semaphore(process, words).release(count);
            if (refused >= 0)
                words.now(world -> world.check(false, "a permit is not given back: " + refused));
            return null;
        };
    }

    private void got(World world, int actor, int count) {
        setHeld(world, actor, count);
        long all = permits + world.get(ADDED);
        world.check(heldByAll(world) <= all, "more permits are held than there are");
    }

    private static void setHeld(World world, int actor, int count) {
        long others = world.get(HELD) & ~((long) COUNT << (actor * BITS));
        world.put(HELD, others | (long) count << (actor * BITS));
    }

    private static int held(World world, int actor) {
        return (int) (world.get(HELD) >>> (actor * BITS)) & COUNT;
    }

    private int heldByAll(World world) {
        int sum = 0;
        for (int i = 0; i < actors.size(); i++) sum += held(world, i);
        return sum;
    }

    private SemaphoreState semaphore(int process, ModelWords words) {
        return semaphore(process, words, new View(words));
    }

    private SemaphoreState semaphore(int process, ModelWords words, View view) {
        return new SemaphoreState(
                view,
                view,
                cells(process, words, view, owners.indexOf(process)),
                owners(words, processes.get(process).slot()),
                ModelObject.AT,
                permits,
                manner);
    }

    /** The semaphore, with what its threads need not look at. */
    private class View extends ModelObject {
        private boolean announced; // and so about to ask for its patience

        View(ModelWords words) {
            super(words, LAYOUT);
        }

        @Override
        public long get(long offset) {
            if (offset == AT + SemaphoreState.REACH) return reach();
            if (announced && offset > AT) return 0;
            long inChunk = (offset - ModelChecker.CHUNKS) % WaitCell.CHUNK_BYTES;
            boolean inCell = offset < AT && inChunk >= WaitCell.CHUNK_HEADER_BYTES;
            if (inCell
                    && offset > ModelChecker.CHUNKS
                    && inChunk % WaitCell.CELL_BYTES == WaitCell.WANT) return want(offset);
            announced = false;
            return super.get(offset);
        }

        @Override
        public boolean cas(long offset, long expected, long value) {
            boolean done = super.cas(offset, expected, value);
            announced = done && manner.owned() && offset == AT && (value & SLOT) == 0;
            return done;
        }
    }

    /* As if each had done something before. */
    private int reach() {
        int reach = 0;
        for (Member process : processes) reach = Math.max(reach, process.slot() + 1);
        return reach;
    }

    private int want(long offset) {
        int process = owners.get((int) ((offset - ModelChecker.CHUNKS) / WaitCell.CHUNK_BYTES));
        return watchers.contains(process) ? 0 : wants.getOrDefault(process, 1);
    }

    @Override
    Owners owners(ModelWords words, int self) {
        return new Owners() {
            @Override
            public long patienceNanos(int slot) {
                return Words.NEVER;
            }

            @Override
            public void look(int slot) {
                // all deaths are announced
            }

            @Override
            public RuntimeException deadlock(List<Deadlocks.Edge> circle) {
                throw new AssertionError("nobody looks for one");
            }

            @Override
            public boolean isFree(int slot) {
                return slot != self && (int) words.get(slotOffset(slot)) == FREE;
            }

            @Override
            public RuntimeException damaged(long at, String what) {
                throw new ModelChecker.Failure(what);
            }
        };
    }

    private static int last(World world) {
        return ((int) world.get(LOCK) & SLOT) - 1;
    }

    private static boolean isSettled(World world) {
        int last = last(world);
        return last < 0 || (int) world.get(ledger(last)) == (int) world.get(LOCK);
    }

    @Override
    boolean sweepObject(ModelWords words, int slot, int generation, BooleanSupplier stillDying) {
        if (!manner.owned()) return true;
        View view =
                new View(words) {
                    @Override
                    public int spins(int usual) {
                        return SWEEP_TRIES; // or it and who it wakes might change the word in turn
                    }
                };
        return SemaphoreState.sweep(view, ModelObject.AT, permits, slot, stillDying);
    }

    @Override
    public void died(World world, int process) {
        super.died(world, process);
        for (int i = 0; i < actors.size(); i++)
            if (actors.get(i).process == process) setHeld(world, i, 0);
    }

    @Override
    public boolean maySleepForEver(World world, int actor) {
        int process = actors.get(actor).process;
        boolean enough = available(world) >= wants.getOrDefault(process, 1);
        return keeps && !enough && world.sleepsOn(actor) >= 0;
    }

    private static long available(World world) {
        return world.get(LOCK) >>> 33;
    }

    @Override
    public void ended(World world) {
        requireNothingOfTheDead(world);
        long all = permits + world.get(ADDED);
        long there = available(world) + heldByAll(world);
        world.check(there == all || (!manner.owned() && kills > 0), "there are " + there);
        for (int slot = 0; slot < SLOTS; slot++) {
            long sum = 0;
            for (int i = 0; i < actors.size(); i++)
                if (processes.get(actors.get(i).process).slot() == slot) sum += held(world, i);
            long ledger = heldBy(world, slot);
            world.check(!manner.owned() || ledger == sum, "a ledger says " + ledger);
        }
    }

    private long heldBy(World world, int slot) {
        if (slot != last(world) || isSettled(world)) return world.get(ledger(slot)) >>> 32;
        long left = permits - available(world);
        for (int other = 0; other < SLOTS; other++)
            if (other != slot) left -= world.get(ledger(other)) >>> 32;
        return left;
    }

    @Override
    public boolean isUnnoticed(World world, int actor, Step step) {
        return !isLedger(step.offset()) && super.isUnnoticed(world, actor, step);
    }

    @Override
    public long bits(World world) {
        for (int i = 0; i < actors.size(); i++) if (world.sleepsOn(i) >= 0) told |= ONE_SLEPT;
        if (!isSettled(world) && isDead(world, last(world))) told |= UNSETTLED_BY_THE_DEAD;
        return told;
    }

    @Override
    long waitedFor(WaitCell.Kind kind) {
        return ModelObject.AT;
    }

    @Override
    public String describe(long offset, long value) {
        if (isLedger(offset))
            return "ledger " + (offset - ledger(0)) + " " + (value >>> 32) + " by " + number(value);
        if (offset != LOCK) return super.describe(offset, value);
        String waiters = (value & W) != 0 ? " W" : "";
        return "{" + (value >>> 33) + waiters + " by " + number(value) + "}";
    }

    private static String number(long value) {
        return ((int) value >>> 9) + "/" + (((int) value & SLOT) - 1);
    }
}
