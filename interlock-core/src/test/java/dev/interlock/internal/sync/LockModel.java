package dev.interlock.internal.sync;

import dev.interlock.internal.sync.LockState.Acquired;
import dev.interlock.internal.sync.ModelActor.Kind;
import dev.interlock.internal.sync.ModelActor.Phase;
import dev.interlock.internal.sync.ModelActor.Step;
import dev.interlock.internal.sync.ModelChecker.Event;
import dev.interlock.internal.sync.ModelChecker.Fault;
import dev.interlock.internal.sync.ModelChecker.Result;
import dev.interlock.internal.sync.ModelChecker.Rules;
import dev.interlock.internal.sync.ModelChecker.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One lock, the processes that use it, the process table's state words, and what must always be true of them. */
class LockModel implements Rules {
    /*
     * Memory   word 0: where the chunks of cells begin; words 1 + s: state of slot s, as internal.region.SlotState has it; word 5:
     *          arrivals; word 6: whether somebody may wait for the condition; word 7: the lock.
     * Ghosts   INSIDE: which actor owns the lock, by its own belief. DIRTY: an owner died and nobody has repaired. LAST: number of
     *          the latest acquisition.
     * States   Each acquisition begins with a state that remembers the word as {1 free}, which is true of some and false of others.
     * Checked  at each acquisition: nobody alive is inside; the word names the new owner; the number has grown; the lock is
     *          abandoned if and only if an owner died since the last repair. At each release: the word still names the owner.
     *          Whenever nothing can go on by itself (time-outs and interrupts do not count): nobody waits, nothing of the dead is
     *          left, and the word is free and says nothing but, perhaps, WAITERS, and ABANDONED if that is so.
     */
    static final long ROOT = 0;
    static final long TICKETS = 5 * ModelChecker.STRIDE;
    static final long CONDITION = 6 * ModelChecker.STRIDE - Conditions.WAITERS;
    static final long LOCK = 7 * ModelChecker.STRIDE;
    static final long INSIDE = ModelChecker.WORDS * ModelChecker.STRIDE;
    static final long DIRTY = INSIDE + ModelChecker.STRIDE;
    static final long LAST = DIRTY + ModelChecker.STRIDE;

    private static final long NOWHERE = ROOT + 8; // not looked at, and so 0

    static final int FREE = 0;
    static final int ALIVE = 2;
    static final int DYING = 3;

    /** What a lock's next owner is told. */
    enum Policy {
        REPORT,
        THROW,
        IGNORE
    }

    record Member(int slot, int generation) {}

    final List<ModelActor> actors = new ArrayList<>();
    final List<Member> processes = new ArrayList<>();
    long[] memory = new long[ModelChecker.WORDS];
    long[] object = {}; // first contents of a ModelObject
    private Policy policy = Policy.REPORT;
    private int maxSpins;
    int kills;
    private int mortal; // a bit for each process that may be killed; 0 for all
    private int holder; // an actor, + 1
    private int staleFlags;
    boolean sweepsLock = true; // or the case is one in which no owner can be dead
    boolean waitersSweep;
    private @Nullable Fault fault;
    private @Nullable Fault sweepFault;
    @Nullable Mistake mistake;

    LockModel policy(Policy policy) {
        this.policy = policy;
        return this;
    }

    LockModel spins(int most) {
        maxSpins = most;
        return this;
    }

    LockModel kills(int most) {
        kills = most;
        return this;
    }

    /** No guardian: who waits looks after the owner's process. */
    LockModel waitersSweep() {
        waitersSweep = true;
        return this;
    }

    /** Seeds a fault into all but the sweepers. */
    LockModel fault(Fault fault) {
        this.fault = fault;
        return this;
    }

    /** Seeds a fault into the sweepers. */
    LockModel sweepFault(Fault fault) {
        sweepFault = fault;
        return this;
    }

    /** Seeds a fault into how sweepers are called. */
    LockModel mistake(Mistake mistake) {
        this.mistake = mistake;
        return this;
    }

    /** How a sweep may be called wrongly. */
    enum Mistake {
        NEVER_ASKS_STILL_DYING,
        SLOT_IS_FREED_FIRST,
        LOCK_IS_FREED_FIRST,
        SIGNALS_NOBODY_WHEN_AN_OWNER_DIES,
        FORGETS_WHO_WAITS
    }

    /** None but these may be killed; sweepers are processes, too. */
    LockModel onlyDies(int process) {
        mortal |= 1 << process;
        return this;
    }

    @Override
    public boolean isMortal(int process) {
        return mortal == 0 || (mortal & 1 << process) != 0;
    }

    /** A process that has the region open from the start. */
    int process() {
        return processAt(processes.size(), 1, ALIVE);
    }

    /** A process that may get the slot of another when that is dead and gone. */
    int successorOf(int process) {
        Member dead = processes.get(process);
        processes.add(new Member(dead.slot, dead.generation + 1));
        return processes.size() - 1;
    }

    private int processAt(int slot, int generation, int kind) {
        if (slotOffset(slot) >= TICKETS) throw new AssertionError("there is no word for its slot");
        processes.add(new Member(slot, generation));
        memory[1 + slot] = state(generation, kind);
        return processes.size() - 1;
    }

    static long state(int generation, int kind) {
        return (long) generation << 32 | kind;
    }

    static long slotOffset(int slot) {
        return (1 + slot) * ModelChecker.STRIDE;
    }

    /** A thread that locks and unlocks. */
    ModelActor locker(int process, int times) {
        Phase script = null;
        for (int i = 0; i < times; i++)
            script = lock(process, Words.NEVER, false, unlock(process, script), script);
        return add("locker-", process, script);
    }

    /** A thread that has locked before all others came, and unlocks. */
    ModelActor holder(int process) {
        holder = actors.size() + 1;
        return add("holder-", process, unlock(process, null));
    }

    /** At first the lock says that somebody waits, who is no more. */
    LockModel somebodyWaited() {
        staleFlags = LockWord.WAITERS;
        return this;
    }

    /** The same when something has happened, and then it locks again when something else has. */
    ModelActor holderThatComesBack(int process, Event leaving, Event comingBack) {
        holder = actors.size() + 1;
        Phase again = lock(process, Words.NEVER, false, unlock(process, null), null);
        Phase leave = unlock(process, after(comingBack, again));
        return add("holder-", process, after(leaving, leave));
    }

    static Phase after(Event event, @Nullable Phase then) {
        return words -> {
            words.when(event);
            return then;
        };
    }

    /** A thread that tries for a time, and may be interrupted. */
    ModelActor trier(int process, int times, long deadlineNanos) {
        Phase script = null;
        for (int i = 0; i < times; i++)
            script = lock(process, deadlineNanos, true, unlock(process, script), script);
        return add("trier-", process, script);
    }

    /** A thread that tries without waiting. */
    ModelActor barger(int process, int times) {
        Phase script = null;
        for (int i = 0; i < times; i++) script = tryOnce(process, unlock(process, script), script);
        return add("barger-", process, script);
    }

    /** A thread of a process that joins when the slot is free. */
    ModelActor newcomer(int process) {
        return newcomer(process, lock(process, Words.NEVER, false, unlock(process, null), null));
    }

    ModelActor newcomer(int process, Phase use) {
        Member self = processes.get(process);
        Event join =
                new Event() {
                    @Override
                    public long[] outcomes(World world) {
                        boolean free =
                                world.get(slotOffset(self.slot)) == state(self.generation, FREE);
                        return free ? new long[] {1} : new long[0];
                    }

                    @Override
                    public void happen(World world, long outcome) {
                        world.put(slotOffset(self.slot), state(self.generation, ALIVE));
                    }
                };
        Phase first =
                words -> {
                    words.when(join);
                    return use;
                };
        return add("newcomer-", process, first).optional();
    }

    /** A process that sweeps when another is dead, again and again. It has no slot of its own. */
    ModelActor sweeper() {
        processes.add(new Member(-1, 0));
        Phase sweep =
                new Phase() {
                    @Override
                    public Phase run(ModelWords words) {
                        long dead = words.when(world -> dead(world));
                        sweep(words, (int) dead >> 2, (dead & (-1L << 32)) | (dead & 3));
                        return this;
                    }
                };
        return add("sweeper-", processes.size() - 1, sweep).optional();
    }

    ModelActor add(String kind, int process, @Nullable Phase script) {
        ModelActor actor =
                new ModelActor(kind + actors.size(), process, Objects.requireNonNull(script));
        actors.add(actor);
        return actor;
    }

    Phase lock(
            int process,
            long deadlineNanos,
            boolean interruptible,
            Phase held,
            @Nullable Phase otherwise) {
        int actor = actors.size();
        return words -> {
            LockState lock = experiencedState(process, words);
            words.withNextStep(world -> arrived(world, actor));
            words.withAcquisition(world -> enter(world, actor, processes.get(process).slot));
            Acquired acquired = lock.acquire(words, LOCK, deadlineNanos, interruptible);
            if (acquired != Acquired.YES) {
                words.now(world -> left(world, actor));
                return otherwise;
            }
            return held;
        };
    }

    private Phase tryOnce(int process, Phase held, @Nullable Phase otherwise) {
        int actor = actors.size();
        return words -> {
            LockState lock = experiencedState(process, words);
            words.withAcquisition(world -> enter(world, actor, processes.get(process).slot));
            return lock.tryAcquire(words, LOCK) == Acquired.YES ? held : otherwise;
        };
    }

    Phase unlock(int process, @Nullable Phase then) {
        int actor = actors.size();
        return words -> {
            LockState lock = newState(process, words);
            own(lock); // it does: the phase before saw to that
            release(process, actor, words, lock);
            return then;
        };
    }

    void release(int process, int actor, ModelWords words, LockState lock) {
        if (policy == Policy.REPORT && LockDisplay.isAbandoned(words, LOCK)) {
            LockDisplay.clearAbandoned(words, LOCK);
            words.now(world -> world.put(DIRTY, 0));
        }
        words.withNextStep(world -> leave(world, actor, processes.get(process).slot));
        lock.release(words, LOCK);
    }

    /** A memory of its own, never used. */
    static class FreshMemory extends ModelWords {
        private final Map<Long, Long> words = new HashMap<>();

        @Override
        long step(Step step) {
            long before = words.getOrDefault(step.offset(), 0L);
            boolean changes = step.kind() == Kind.CAS && before == step.a();
            if (changes) words.put(step.offset(), step.b());
            if (step.kind() == Kind.PUT) words.put(step.offset(), step.b());
            if (step.kind() == Kind.ADD) words.put(step.offset(), before + step.a());
            return step.kind() == Kind.CAS ? (changes ? 1 : 0) : before;
        }
    }

    static FreshMemory own(LockState lock) {
        FreshMemory words = new FreshMemory();
        if (!lock.acquireIfIdle(words, words.memory(), LOCK)) throw new AssertionError();
        return words;
    }

    /** As if its process had been the first to use the lock, and nobody had used it since. */
    LockState experiencedState(int process, ModelWords words) {
        LockState lock = newState(process, words);
        lock.release(own(lock), LOCK);
        return lock;
    }

    LockState newState(int process, ModelWords words) {
        Member self = processes.get(process);
        return new LockState(
                self.slot,
                self.generation,
                owners(words, self.slot),
                new LockState.Manner(policy == Policy.THROW, policy == Policy.IGNORE, isFair()),
                cells(process, words),
                maxSpins);
    }

    /** What a process knows of others. */
    Owners owners(ModelWords words, int self) {
        return new ModelOwners(words, self);
    }

    /** Whether the lock is taken in the order of arrival. */
    boolean isFair() {
        return false;
    }

    /** Where the threads of a process are seen when they wait for the lock; null if they are not. */
    @Nullable WaitCells cells(int process, ModelWords words) {
        return null;
    }

    /** An actor begins to ask for the lock. */
    void arrived(World world, int actor) {
        // that is no matter
    }

    /** An actor got the lock, or does not want it any more. */
    void left(World world, int actor) {
        // that is no matter
    }

    void enter(World world, int actor, int slot) {
        long word = world.get(LOCK);
        world.check(world.get(INSIDE) == 0, "two threads own the lock");
        world.check(LockWord.ownerSlot(word) == slot, "the word does not name its owner");
        world.check(LockWord.number(word) > world.get(LAST), "the number has not grown");
        boolean abandoned = LockWord.has(word, LockWord.ABANDONED);
        boolean dirty = world.get(DIRTY) != 0;
        switch (policy) {
            case REPORT ->
                    world.check(abandoned == dirty, "abandoned: " + abandoned + ", not " + dirty);
            case THROW -> world.check(!dirty && !abandoned, "an abandoned lock was acquired");
            case IGNORE -> {
                world.check(!abandoned, "abandoned, though it should be forgotten");
                world.put(DIRTY, 0);
            }
        }
        world.put(INSIDE, actor + 1);
        world.put(LAST, LockWord.number(word));
        left(world, actor);
    }

    static void leave(World world, int actor, int slot) {
        world.check(world.get(INSIDE) == actor + 1, "the lock was taken from its owner");
        world.check(LockWord.ownerSlot(world.get(LOCK)) == slot, "the word lost its owner");
        world.put(INSIDE, 0);
    }

    @Override
    public void begin(World world) {
        if (holder == 0) return;
        int slot = processes.get(actors.get(holder - 1).process).slot;
        int bits = LockWord.ownerBits(LockWord.threadKey(slot, Thread.currentThread().threadId()));
        world.put(LOCK, LockWord.taken(0, bits, staleFlags));
        world.put(INSIDE, holder);
        world.put(LAST, 1);
    }

    @Override
    public void died(World world, int process) {
        int inside = (int) world.get(INSIDE);
        if (inside == 0 || actors.get(inside - 1).process != process) return;
        world.put(INSIDE, 0);
        world.put(DIRTY, 1);
    }

    @Override
    public void ended(World world) {
        if (waitersSweep) return; // nobody waits, so nobody looked
        long word = world.get(LOCK);
        int most = LockWord.WAITERS | (world.get(DIRTY) != 0 ? LockWord.ABANDONED : 0);
        world.check(((int) word & ~most) == 0, "at the end the word is " + describe(LOCK, word));
    }

    /* The state words of the slots of dead processes, with the slot's number in the bits between. */
    long[] dead(World world) {
        return processes.stream()
                .mapToInt(Member::slot)
                .filter(slot -> slot >= 0)
                .distinct()
                .filter(slot -> isDead(world, slot))
                .mapToLong(slot -> world.get(slotOffset(slot)) | slot << 2)
                .toArray();
    }

    /* What Member.isDead proves: the process that the slot speaks of will never store again. */
    boolean isDead(World world, int slot) {
        long state = world.get(slotOffset(slot));
        if ((int) state == DYING) return true;
        int process = processes.indexOf(new Member(slot, (int) (state >>> 32)));
        return (int) state == ALIVE && world.isDead(process);
    }

    /* The word accesses of internal.region.Sweep. */
    private void sweep(ModelWords words, int slot, long state) {
        long offset = slotOffset(slot);
        long dying = (state & (-1L << 32)) | DYING;
        long freed = state((int) (state >>> 32) + 1, FREE);
        if ((int) state == ALIVE && !words.cas(offset, state, dying)) {
            if (words.get(offset) != dying) return;
        }
        if (mistake == Mistake.SLOT_IS_FREED_FIRST) words.cas(offset, dying, freed);
        boolean never = mistake == Mistake.NEVER_ASKS_STILL_DYING;
        int generation = (int) (state >>> 32);
        boolean complete =
                sweepObject(words, slot, generation, () -> never || words.get(offset) == dying);
        if (mistake != Mistake.FORGETS_WHO_WAITS) WaitList.sweep(words, ROOT, slot, generation);
        if (complete) words.cas(offset, dying, freed);
    }

    /** Takes a dead process off the object; false if that was not possible yet. */
    boolean sweepObject(ModelWords words, int slot, int generation, BooleanSupplier stillDying) {
        long root = mistake == Mistake.SIGNALS_NOBODY_WHEN_AN_OWNER_DIES ? NOWHERE : ROOT;
        if (sweepsLock) LockSweep.sweep(words, LOCK, root, slot, stillDying);
        return true;
    }

    /* What Attachment does for an owner that the kernel does not announce. */
    private final class ModelOwners implements Owners {
        private final ModelWords words;
        private final int self;

        ModelOwners(ModelWords words, int self) {
            this.words = words;
            this.self = self;
        }

        @Override
        public long patienceNanos(int slot) {
            if (!waitersSweep || slot == self || slot < 0) return Words.NEVER;
            look(slot);
            return UNANNOUNCED_NANOS;
        }

        @Override
        public RuntimeException deadlock(List<Deadlocks.Edge> circle) {
            throw new AssertionError("there is one lock only");
        }

        @Override
        public boolean isFree(int slot) {
            return slot != self && (int) words.get(slotOffset(slot)) == FREE;
        }

        @Override
        public RuntimeException damaged(long at, String what) {
            throw new ModelChecker.Failure(what);
        }

        @Override
        public void look(int slot) {
            if (!waitersSweep || slot == self || slot < 0) return;
            Event look =
                    world -> new long[] {isDead(world, slot) ? world.get(slotOffset(slot)) : 0};
            long state = words.when(look);
            if (state != 0) sweep(words, slot, state);
        }
    }

    static final long UNANNOUNCED_NANOS = 1_500_000;

    Result search() {
        for (ModelActor actor : actors) {
            actor.fault = actor.name.startsWith("sweeper") ? sweepFault : fault;
            actor.sleepsEnd = waitersSweep;
        }
        return new ModelChecker(actors, this).search(memory, object, kills);
    }

    @Override
    public boolean isUnnoticed(World world, int actor, Step step) {
        return step.offset() == ROOT; // nobody stores there
    }

    @Override
    public long bits(World world) {
        return world.get(LOCK);
    }

    @Override
    public String describe(long offset, long value) {
        if (offset != LOCK) {
            String kind = List.of("FREE", "JOINING", "ALIVE", "DYING").get((int) value & 3);
            return "slot " + (offset / ModelChecker.STRIDE - 1) + " " + kind + (value >>> 32);
        }
        return "{"
                + LockWord.number(value)
                + (LockWord.has(value, LockWord.WAITERS) ? " W" : "")
                + (LockWord.has(value, LockWord.ABANDONED) ? " A" : "")
                + (LockWord.has(value, LockWord.STARVED) ? " S" : "")
                + (LockWord.isFree(value) ? " free" : " owner " + LockWord.ownerSlot(value))
                + "}";
    }
}
