package dev.interlock.internal.sync;

import dev.interlock.internal.sync.Conditions.Signalled;
import dev.interlock.internal.sync.LockState.Acquired;
import dev.interlock.internal.sync.ModelActor.Kind;
import dev.interlock.internal.sync.ModelActor.Phase;
import dev.interlock.internal.sync.ModelActor.Step;
import dev.interlock.internal.sync.ModelChecker.Event;
import dev.interlock.internal.sync.ModelChecker.World;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A lock as {@link LockModel} has it, which may be fair and has a condition, and the cells in which threads wait. */
class WaitModel extends LockModel {
    /*
     * Memory   behind that of LockModel: chunks of cells. Each process has one of its own, takes a free one, or makes one.
     * Ghosts   READY: how much there is to take, under the lock, by who waits for the condition; GIVEN and TAKEN, in the same word: how
     *          often that was signalled, and how many waits ended by it. BEHIND: for each actor, those it has found asleep in line
     *          and that have not had the lock since. HEAP: whose making of a chunk is under way.
     * Checked  besides: nobody gets a fair lock before one that slept in line when it came. Nobody is left asleep while there is
     *          something to take. While nobody has died, no wait ends without a signal. At the end the dead own no chunk, and the
     *          cells of chunks without an owner are free.
     */
    private static final long READY = LAST + ModelChecker.STRIDE;
    private static final long BEHIND = READY + ModelChecker.STRIDE;
    static final long HEAP = BEHIND + ModelChecker.STRIDE;

    private static final long GIVEN = 1 << 8;
    private static final long TAKEN = 1 << 16;
    private static final int COUNT = 0xFF;

    private static final int NOBODY = -1;
    private static final int BITS = 8; // of an actor in BEHIND
    private static final long ACTORS = 0xFF;

    final List<Integer> owners =
            new ArrayList<>(); // of the chunks that are in the list: processes, or NOBODY
    private int unmade; // chunks that may be made yet
    private boolean isFair;
    private boolean sharedCells;
    private WaitCell.@Nullable Kind uniform;
    private int buried = NOBODY;
    private int stateOfBuried;
    private boolean isLater;
    private @Nullable Event startsWhen;
    private int sweepers;
    private boolean isTimed;
    private boolean usesCellsOnce;
    private boolean leavesTooEarly;

    WaitModel fair() {
        isFair = true;
        return this;
    }

    /** Nobody waits for anything but this, so that it need not be looked at. */
    WaitModel onlyFor(WaitCell.Kind kind) {
        uniform = kind;
        return this;
    }

    /** No cell is used twice, so that nobody can take the ticket of one use for another's. */
    WaitModel usesCellsOnce() {
        usesCellsOnce = true;
        return this;
    }

    /** Some waits end by themselves. */
    WaitModel timed() {
        isTimed = true;
        return this;
    }

    /** Seeds a fault: who was signalled frees its cell before it owns the lock again. */
    WaitModel leavesTooEarly() {
        leavesTooEarly = true;
        return this;
    }

    @Override
    WaitModel kills(int most) {
        super.kills(most);
        return this;
    }

    /** A process that has the region open from the start, and has a chunk. */
    int processWithCells() {
        int process = process();
        owners.add(process);
        return process;
    }

    /** A process that has died before all others came, with a cell in that state. */
    int deadProcess(int state) {
        buried = processWithCells();
        stateOfBuried = state;
        sharedCells = true;
        sweepsLock = false;
        return buried;
    }

    @Override
    public void begin(World world) {
        super.begin(world);
        if (buried == NOBODY) return;
        world.bury(buried);
        long chunk = ModelChecker.chunk(owners.indexOf(buried));
        world.put(chunk + WaitCell.USED, 1);
        world.put(WaitCell.cell(chunk, 0), stateOfBuried);
        world.put(TICKETS, 1);
        world.put(CONDITION + Conditions.WAITERS, 1);
    }

    /** A chunk that a process has left. */
    void freeChunk() {
        owners.add(NOBODY);
        sharedCells = true;
    }

    /** Who finds no free chunk makes one; so many at most. */
    void makesChunks(int most) {
        unmade = most;
        sharedCells = true;
    }

    /** The process may get the chunk of another, or take a free one. */
    int processThatTakesAChunk() {
        sharedCells = true;
        return process();
    }

    /** The next thread begins when all before it, but sweepers, sleep or have ended: what came before is other cases' matter. */
    WaitModel later() {
        isLater = true;
        return this;
    }

    @Override
    ModelActor add(String kind, int process, @Nullable Phase script) {
        int before = actors.size();
        boolean waits = isLater;
        isLater = false;
        if (kind.equals("sweeper-")) sweepers++;
        Event rest =
                world -> {
                    for (int i = 0; i < before; i++)
                        if (!isSweeper(i) && !world.rests(i)) return new long[0];
                    return new long[] {1};
                };
        Event start = startsWhen;
        startsWhen = null;
        Phase first = waits ? after(rest, script) : script;
        return super.add(kind, process, start == null ? first : after(start, first));
    }

    /** The next thread begins when something has happened. */
    WaitModel when(Event event) {
        startsWhen = event;
        return this;
    }

    /** A process has entered its cell. */
    Event inLine(int process) {
        int chunk = owners.indexOf(process);
        return world -> {
            long word = world.get(WaitCell.cell(ModelChecker.chunk(chunk), 0));
            return WaitCell.state(word) == WaitCell.FREE ? new long[0] : new long[] {1};
        };
    }

    /** It is so from the start. */
    static Event always() {
        return _ -> new long[] {1};
    }

    /** A thread sleeps. */
    static Event asleep(int actor) {
        return world -> world.sleepsOn(actor) < 0 ? new long[0] : new long[] {1};
    }

    /** A thread that takes something, waiting for it if there is nothing; or gives up. */
    ModelActor taker(int process, long deadlineNanos, boolean interruptible) {
        return add("taker-", process, takerScript(process, deadlineNanos, interruptible));
    }

    private Phase takerScript(int process, long deadlineNanos, boolean interruptible) {
        Phase leave = unlock(process, null);
        return lock(
                process,
                Words.NEVER,
                false,
                take(process, deadlineNanos, interruptible, leave),
                null);
    }

    /* Under the lock: takes, or waits and looks again. */
    private Phase take(int process, long deadlineNanos, boolean interruptible, Phase leave) {
        int actor = actors.size();
        return new Phase() {
            private final Phase wait =
                    await(process, actor, deadlineNanos, interruptible, this, leave);

            @Override
            public Phase run(ModelWords words) {
                long ready = words.when(world -> new long[] {world.get(READY) & COUNT});
                if (ready == 0) return wait;
                words.now(world -> world.put(READY, world.get(READY) - 1));
                return leave;
            }
        };
    }

    private Phase await(
            int process,
            int actor,
            long deadlineNanos,
            boolean interruptible,
            Phase signalled,
            Phase otherwise) {
        return words -> {
            int slot = processes.get(process).slot();
            LockState lock = newState(process, words);
            own(lock); // the phase before saw to that
            words.withNextAdd(LOCK, world -> leave(world, actor, slot));
            words.withAcquisition(world -> enter(world, actor, slot));
            WaitCells cells = cells(process, words, chunkOf(process, words));
            Signalled result =
                    leavesTooEarly
                            ? awaitWrongly(words, cells, lock)
                            : Conditions.await(
                                    words, cells, lock, CONDITION, deadlineNanos, interruptible);
            if (result != Signalled.YES) return otherwise;
            words.now(this::took);
            return signalled;
        };
    }

    /* Conditions.await with the fault. */
    private static Signalled awaitWrongly(Words words, WaitCells cells, LockState lock) {
        long cell = cells.enter(WaitCell.Kind.CONDITION, CONDITION, 1, 0);
        words.put(CONDITION + Conditions.WAITERS, 1);
        lock.releaseAll(words, LOCK);
        Signalled result = Conditions.sleep(words, cells, cell, Words.NEVER, false);
        cells.leave(cell);
        if (lock.acquire(words, LOCK, Words.NEVER, false) != Acquired.YES)
            throw new AssertionError();
        return result;
    }

    private void took(World world) {
        world.put(READY, world.get(READY) + TAKEN);
        long word = world.get(READY);
        boolean given = (word / TAKEN & COUNT) <= (word / GIVEN & COUNT);
        world.check(given || anyDied(world), "a wait ended without a signal");
    }

    private boolean anyDied(World world) {
        for (int i = 0; i < processes.size(); i++) if (world.isDead(i)) return true;
        return false;
    }

    /** A thread that gives something, with a signal for it. */
    ModelActor giver(int process) {
        return add("giver-", process, giverScript(process, 1, null));
    }

    /** A thread that does so twice. */
    ModelActor giverOfTwo(int process) {
        return add("giver-", process, giverScript(process, 1, giverScript(process, 1, null)));
    }

    /** A thread that gives so much at once, and signals all. */
    ModelActor giverOfAll(int process, int much) {
        return add("giver-", process, giverScript(process, much, null));
    }

    private Phase giverScript(int process, int much, @Nullable Phase then) {
        int actor = actors.size();
        Phase give =
                words -> {
                    words.now(world -> world.put(READY, world.get(READY) + (GIVEN + 1) * much));
                    WaitCells cells = cells(process, words, NOBODY);
                    LockState lock = newState(process, words);
                    own(lock); // the phase before saw to that
                    if (much == 1) Conditions.signal(words, cells, lock, CONDITION);
                    else Conditions.signalAll(words, cells, lock, CONDITION);
                    release(process, actor, words, lock);
                    return then;
                };
        return lock(process, Words.NEVER, false, give, null);
    }

    /** A taker of a process that joins when the slot is free. */
    ModelActor newTaker(int process) {
        sharedCells = true;
        return newcomer(process, takerScript(process, Words.NEVER, false));
    }

    @Override
    boolean isFair() {
        return isFair;
    }

    @Override
    @Nullable WaitCells cells(int process, ModelWords words) {
        return isFair ? cells(process, words, owners.indexOf(process)) : null;
    }

    private WaitCells cells(int process, ModelWords words, int chunk) {
        return cells(process, words, words, chunk);
    }

    /** The cells of a process that has that chunk, as seen through a view of the words. */
    WaitCells cells(int process, ModelWords words, Words view, int chunk) {
        Member self = processes.get(process);
        return new WaitCells(
                view,
                ROOT,
                TICKETS,
                self.slot(),
                self.generation(),
                new ModelMemory(words, process),
                0,
                chunk < 0 ? new long[0] : new long[] {ModelChecker.chunk(chunk)});
    }

    private final class ModelMemory implements WaitCells.Memory {
        private final ModelWords words;
        private final int process;

        ModelMemory(ModelWords words, int process) {
            this.words = words;
            this.process = process;
        }

        @Override
        public long chunk() {
            return makeChunk(words, process);
        }

        @Override
        public long report() {
            throw new AssertionError("nobody asks for one");
        }
    }

    /* The chunk that the process remembers to have taken, if it has. */
    private int chunkOf(int process, ModelWords words) {
        int chunk = owners.indexOf(process);
        if (chunk >= 0) return chunk;
        Member self = processes.get(process);
        long owner = WaitCell.owner(self.slot(), self.generation());
        return (int) words.when(world -> new long[] {ownedBy(world, owner)});
    }

    private int ownedBy(World world, long owner) {
        for (int i = 0; i < owners.size() + unmade; i++)
            if (world.get(ModelChecker.chunk(i) + WaitCell.OWNER) == owner) return i;
        return NOBODY;
    }

    /* What internal.region.Heap does, under its lock; that the lock's owner may die is its own story. */
    private long makeChunk(ModelWords words, int process) {
        Event lock =
                new Event() {
                    @Override
                    public long[] outcomes(World world) {
                        long made = world.get(HEAP) >>> 8;
                        if (made == unmade)
                            throw new AssertionError("more chunks than the case has");
                        return (world.get(HEAP) & COUNT) == 0 ? new long[] {made} : new long[0];
                    }

                    @Override
                    public void happen(World world, long outcome) {
                        world.put(HEAP, world.get(HEAP) + 256 + process + 1);
                    }
                };
        long chunk = ModelChecker.chunk(owners.size() + (int) words.when(lock));
        words.put(chunk + WaitCell.NEXT, words.get(ROOT));
        words.withNextStep(world -> world.put(HEAP, world.get(HEAP) & ~COUNT));
        words.put(ROOT, chunk);
        return chunk;
    }

    @Override
    void arrived(World world, int actor) {
        if (!isFair) return;
        long asleep = 0;
        for (int i = 0; i < actors.size(); i++) {
            boolean inLine = isCell(world, world.sleepsOn(i), WaitCell.Kind.FAIR_LOCK);
            if (inLine) asleep |= 1L << i;
        }
        long others = world.get(BEHIND) & ~(ACTORS << (actor * BITS));
        world.put(BEHIND, others | (asleep << (actor * BITS)));
    }

    @Override
    void left(World world, int actor) {
        if (!isFair) return;
        boolean got = world.get(INSIDE) == actor + 1;
        for (int i = 0; got && i < actors.size(); i++) {
            boolean wasBehind = ((world.get(BEHIND) >>> (actor * BITS + i)) & 1) != 0;
            world.check(!wasBehind || !standsInLine(world, i), "passed one that slept in line");
        }
        for (int i = 0; i < actors.size(); i++)
            world.put(BEHIND, world.get(BEHIND) & ~(1L << (i * BITS + actor)));
    }

    /* Who gives up leaves the line before it is done with that. */
    private boolean standsInLine(World world, int actor) {
        int chunk = owners.indexOf(actors.get(actor).process);
        for (int i = 0; chunk >= 0 && i < ModelChecker.CELLS; i++) {
            long cell = WaitCell.cell(ModelChecker.chunk(chunk), i);
            int state = WaitCell.state(world.get(cell));
            boolean stands = state == WaitCell.WAITING || state == WaitCell.WOKEN;
            if (stands && isCell(world, cell, WaitCell.Kind.FAIR_LOCK)) return true;
        }
        return false;
    }

    private static boolean isCell(World world, long offset, WaitCell.Kind kind) {
        return offset >= ModelChecker.CHUNKS
                && WaitCell.Kind.of(world.get(offset + WaitCell.KIND)) == kind;
    }

    @Override
    public void died(World world, int process) {
        super.died(world, process);
        for (int i = 0; i < actors.size(); i++)
            if (actors.get(i).process == process) left(world, i);
        if ((world.get(HEAP) & COUNT) == process + 1) world.put(HEAP, world.get(HEAP) & ~COUNT);
    }

    @Override
    public boolean maySleepForEver(World world, int actor) {
        boolean waits = isCell(world, world.sleepsOn(actor), WaitCell.Kind.CONDITION);
        return waits && (world.get(READY) & COUNT) == 0;
    }

    @Override
    public void ended(World world) {
        super.ended(world);
        if (!waitersSweep) requireNothingOfTheDead(world);
    }

    void requireNothingOfTheDead(World world) {
        for (int i = 0; i < owners.size() + unmade; i++) {
            long chunk = ModelChecker.chunk(i);
            long owner = world.get(chunk + WaitCell.OWNER);
            if (owner != 0) {
                world.check(!isDeadOwner(world, owner), "the dead own cells");
                continue;
            }
            for (int cell = 0; cell < ModelChecker.CELLS; cell++) {
                long word = world.get(WaitCell.cell(chunk, cell));
                world.check(WaitCell.state(word) == WaitCell.FREE, "a cell is lost");
            }
        }
    }

    /*
     * What is never changed in the case at hand. What only the lock's owner touches. Of a process's own chunk: the bits, as one
     * that is set for a free cell says no more than one that is not. Of an own cell: what its word is, unless it is WAITING and
     * others may change it. Cells of who waits for a condition, to the lock's owner: they are entered, chosen and left under the
     * lock, unless a sweeper meddles or who waits gives up. Of a dead process: all but a cell that may be chosen, if there is one
     * sweeper.
     */
    @Override
    public boolean isUnnoticed(World world, int actor, Step step) {
        long offset = step.offset();
        boolean owns = world.get(INSIDE) == actor + 1;
        boolean ownerOnly = owns && uniform == WaitCell.Kind.CONDITION;
        if (offset == ROOT) return unmade == 0;
        if (offset == CONDITION + Conditions.WAITERS) return owns;
        if (offset == TICKETS) return ownerOnly;
        if (offset < ModelChecker.CHUNKS) return false;
        long inChunk = (offset - ModelChecker.CHUNKS) % WaitCell.CHUNK_BYTES;
        if (inChunk == WaitCell.NEXT) return unmade == 0;
        long owner = world.get(offset - inChunk + WaitCell.OWNER);
        boolean sweepsAlone = sweepers == 1 && isSweeper(actor);
        if (sweepsAlone && isDeadOwner(world, owner))
            return WaitCell.state(world.get(offset)) != WaitCell.WAITING;
        if (inChunk == WaitCell.OWNER) return !sharedCells && !isMortalOwner(owner);
        boolean own = owner == owner(actor);
        if (inChunk == WaitCell.USED) return own;
        boolean isUsed = uniform == null || inChunk < WaitCell.cell(0, 1); // by one thread
        if (!isUsed) return true;
        long inCell = inChunk % WaitCell.CELL_BYTES;
        boolean waits = inCell == 0 && WaitCell.state(world.get(offset)) == WaitCell.WAITING;
        if (inCell == WaitCell.TICKET) return usesCellsOnce || ownerOnly;
        if (inCell != 0) return uniform != null && (inCell == WaitCell.OBJECT || !isTimed);
        if (ownerOnly && sweepers == 0) return !waits || !isTimed;
        return own && step.kind() == Kind.GET && !waits;
    }

    boolean isOnlySweeper() {
        return sweepers == 1;
    }

    private boolean isSweeper(int actor) {
        return processes.get(actors.get(actor).process).slot() < 0;
    }

    private long owner(int actor) {
        Member self = processes.get(actors.get(actor).process);
        return WaitCell.owner(self.slot(), self.generation());
    }

    private boolean isMortalOwner(long owner) {
        int process = processOf(owner);
        return kills > 0 && process >= 0 && isMortal(process);
    }

    private boolean isDeadOwner(World world, long owner) {
        int process = processOf(owner);
        return process >= 0 && world.isDead(process);
    }

    private int processOf(long owner) {
        return processes.indexOf(new Member(WaitCell.slot(owner), (int) (owner >>> 32)));
    }

    @Override
    ModelChecker.Result search() {
        int chunks = owners.size() + unmade;
        memory = Arrays.copyOf(memory, ModelChecker.index(ModelChecker.chunk(chunks)));
        for (int i = 0; i < chunks; i++) prepare(i, i < owners.size());
        return super.search();
    }

    private void prepare(int number, boolean linked) {
        long chunk = ModelChecker.chunk(number);
        boolean last = number == owners.size() - 1;
        if (linked) set(chunk + WaitCell.NEXT, last ? 0 : ModelChecker.chunk(number + 1));
        if (linked && number == 0) set(ROOT, chunk);
        int process = linked ? owners.get(number) : NOBODY;
        if (process != NOBODY) {
            Member owner = processes.get(process);
            set(chunk + WaitCell.OWNER, WaitCell.owner(owner.slot(), owner.generation()));
        }
        set(chunk + WaitCell.USED, 0);
        if (uniform == null) return;
        long object = waitedFor(uniform);
        for (int cell = 0; cell < ModelChecker.CELLS; cell++) {
            set(WaitCell.cell(chunk, cell) + WaitCell.OBJECT, object);
            set(WaitCell.cell(chunk, cell) + WaitCell.KIND, WaitCell.kindWord(uniform, 0));
        }
    }

    /** What all wait for. */
    long waitedFor(WaitCell.Kind kind) {
        return kind == WaitCell.Kind.CONDITION ? CONDITION : LOCK;
    }

    private void set(long offset, long value) {
        memory[ModelChecker.index(offset)] = value;
    }

    @Override
    public String describe(long offset, long value) {
        if (offset == ROOT || offset == TICKETS)
            return "word " + offset / ModelChecker.STRIDE + " " + value;
        if (offset == CONDITION + Conditions.WAITERS) return "waiters " + value;
        if (offset < ModelChecker.CHUNKS) return super.describe(offset, value);
        long chunk = (offset - ModelChecker.CHUNKS) / WaitCell.CHUNK_BYTES;
        long inChunk = (offset - ModelChecker.CHUNKS) % WaitCell.CHUNK_BYTES;
        if (inChunk < WaitCell.CHUNK_HEADER_BYTES)
            return "chunk " + chunk + " at " + inChunk + ": " + Long.toHexString(value);
        long cell = inChunk / WaitCell.CELL_BYTES - 1;
        long inCell = inChunk % WaitCell.CELL_BYTES;
        String state = List.of("FREE", "WAITING", "WOKEN", "GONE").get(WaitCell.state(value) & 3);
        return "cell "
                + chunk
                + "."
                + cell
                + (inCell == 0 ? " " + state + (value >>> 3) : " at " + inCell + ": " + value);
    }
}
