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
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One lock, the processes that use it, the process table's state words, and what must always be true of them. */
final class LockModel implements Rules {
    /*
     * Memory   word 0: the lock; words 1 + s: state of slot s, as internal.region.SlotState has it.
     * Ghosts   INSIDE: which actor owns the lock, by its own belief. DIRTY: an owner died and nobody has repaired. LAST: number of
     *          the latest acquisition.
     * States   Each acquisition begins with a state that remembers the word as {1 free}, which is true of some and false of others.
     * Checked  at each acquisition: nobody alive is inside; the word names the new owner; the number has grown; the lock is
     *          abandoned if and only if an owner died since the last repair. At each release: the word still names the owner.
     *          Whenever nothing can go on by itself (time-outs and interrupts do not count): nobody waits, nothing of the dead is
     *          left, and the word is free and says nothing but, perhaps, WAITERS, and ABANDONED if that is so.
     */
    static final long LOCK = 0;
    static final long INSIDE = ModelChecker.WORDS * ModelChecker.STRIDE;
    static final long DIRTY = INSIDE + ModelChecker.STRIDE;
    static final long LAST = DIRTY + ModelChecker.STRIDE;

    static final long NO_WAITERS = INSIDE - 8; // not looked at, and so 0

    static final int FREE = 0;
    static final int ALIVE = 2;
    static final int DYING = 3;

    /** What a lock's next owner is told. */
    enum Policy {
        REPORT,
        THROW,
        IGNORE
    }

    private record Member(int slot, int generation) {}

    private final List<ModelActor> actors = new ArrayList<>();
    private final List<Member> processes = new ArrayList<>();
    private final long[] memory = new long[ModelChecker.WORDS];
    private Policy policy = Policy.REPORT;
    private int maxSpins;
    private int kills;
    private boolean waitersSweep;
    private @Nullable Fault fault;
    private @Nullable Fault sweepFault;
    private @Nullable Mistake mistake;

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
        SLOT_IS_FREED_FIRST
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
        processes.add(new Member(slot, generation));
        memory[1 + slot] = state(generation, kind);
        return processes.size() - 1;
    }

    private static long state(int generation, int kind) {
        return (long) generation << 32 | kind;
    }

    private static long slotOffset(int slot) {
        return (1 + slot) * ModelChecker.STRIDE;
    }

    /** A thread that locks and unlocks. */
    ModelActor locker(int process, int times) {
        Phase script = null;
        for (int i = 0; i < times; i++)
            script = lock(process, Words.NEVER, false, unlock(process, script), script);
        return add("locker-", process, script);
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
        Phase use = lock(process, Words.NEVER, false, unlock(process, null), null);
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

    private ModelActor add(String kind, int process, @Nullable Phase script) {
        ModelActor actor =
                new ModelActor(kind + actors.size(), process, Objects.requireNonNull(script));
        actors.add(actor);
        return actor;
    }

    private Phase lock(
            int process,
            long deadlineNanos,
            boolean interruptible,
            Phase held,
            @Nullable Phase otherwise) {
        int actor = actors.size();
        return words -> {
            LockState lock = experiencedState(process, words);
            Acquired acquired = lock.acquire(words, LOCK, deadlineNanos, interruptible);
            if (acquired != Acquired.YES) return otherwise;
            words.now(world -> enter(world, actor, processes.get(process).slot));
            return held;
        };
    }

    private Phase tryOnce(int process, Phase held, @Nullable Phase otherwise) {
        int actor = actors.size();
        return words -> {
            LockState lock = experiencedState(process, words);
            if (lock.tryAcquire(words, LOCK) != Acquired.YES) return otherwise;
            words.now(world -> enter(world, actor, processes.get(process).slot));
            return held;
        };
    }

    private Phase unlock(int process, @Nullable Phase then) {
        int actor = actors.size();
        return words -> {
            if (policy == Policy.REPORT && LockDisplay.isAbandoned(words, LOCK)) {
                LockDisplay.clearAbandoned(words, LOCK);
                words.now(world -> world.put(DIRTY, 0));
            }
            words.withNextStep(world -> leave(world, actor, processes.get(process).slot));
            LockState lock = newState(process, words);
            own(lock); // it does: the phase before saw to that
            lock.release(words, LOCK);
            return then;
        };
    }

    /** A lock in a memory of its own, never used. */
    private static final class FreshLock extends ModelWords {
        private long word;

        @Override
        long step(Step step) {
            long before = word;
            if (step.kind() == Kind.CAS && before == step.a()) word = step.b();
            if (step.kind() == Kind.ADD) word += step.a();
            return step.kind() == Kind.CAS ? (before == step.a() ? 1 : 0) : before;
        }
    }

    private static FreshLock own(LockState lock) {
        FreshLock words = new FreshLock();
        if (!lock.acquireIfIdle(words, words.memory(), LOCK)) throw new AssertionError();
        return words;
    }

    /** As if its process had been the first to use the lock, and nobody had used it since. */
    private LockState experiencedState(int process, ModelWords words) {
        LockState lock = newState(process, words);
        lock.release(own(lock), LOCK);
        return lock;
    }

    private LockState newState(int process, ModelWords words) {
        Member self = processes.get(process);
        return new LockState(
                self.slot,
                self.generation,
                new ModelOwners(words, self.slot),
                new LockState.Manner(policy == Policy.THROW, policy == Policy.IGNORE, false),
                null,
                maxSpins);
    }

    private void enter(World world, int actor, int slot) {
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
    }

    private static void leave(World world, int actor, int slot) {
        world.check(world.get(INSIDE) == actor + 1, "the lock was taken from its owner");
        world.check(LockWord.ownerSlot(world.get(LOCK)) == slot, "the word lost its owner");
        world.put(INSIDE, 0);
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
    private long[] dead(World world) {
        return processes.stream()
                .mapToInt(Member::slot)
                .filter(slot -> slot >= 0)
                .distinct()
                .filter(slot -> isDead(world, slot))
                .mapToLong(slot -> world.get(slotOffset(slot)) | slot << 2)
                .toArray();
    }

    /* What Member.isDead proves: the process that the slot speaks of will never store again. */
    private boolean isDead(World world, int slot) {
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
        LockSweep.sweep(words, LOCK, NO_WAITERS, slot, () -> never || words.get(offset) == dying);
        words.cas(offset, dying, freed);
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
        return new ModelChecker(actors, this).search(memory, kills);
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
