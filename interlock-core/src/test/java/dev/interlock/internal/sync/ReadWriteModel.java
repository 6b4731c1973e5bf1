package dev.interlock.internal.sync;

import dev.interlock.internal.sync.LockState.Acquired;
import dev.interlock.internal.sync.ModelActor.Kind;
import dev.interlock.internal.sync.ModelActor.Phase;
import dev.interlock.internal.sync.ModelActor.Step;
import dev.interlock.internal.sync.ModelChecker.World;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One read-write lock, the processes that use it, and some data that it guards. */
final class ReadWriteModel extends LockModel {
    /*
     * Memory   that of LockModel, where the lock is the one within; and the object's other words.
     * Ghosts   INSIDE: which actor writes, by its own belief. DIRTY: a writer died writing and nobody has repaired. READING: a bit
     *          for each actor that reads, by its own belief. DATA: grows with each change, odd while it is half done. SEEN: for each
     *          actor, what the data was when it got its stamp.
     * Checked  in every state: nobody reads but the writer itself while one writes; who reads is counted; while nobody owns the lock
     *          the gate is open and nobody writes (I1). At each beginning: who reads or writes is told of a dead writer if and only
     *          if one died and nobody has repaired. At each valid stamp: the data is what it was, and whole. At the end: nobody waits,
     *          the lock is free, the gate open, and nobody is counted.
     */
    static final long GATE = ModelChecker.object(0);
    static final long WRITES = ModelChecker.object(1);
    static final long DRAIN = ModelChecker.object(2);
    static final long USED = ModelChecker.object(3);
    private static final int READERS = 4;
    private static final int SLOTS = 3;
    private static final long[] LAYOUT = {
        ReadWriteCell.GATE,
        ReadWriteCell.WRITES,
        ReadWriteCell.DRAIN,
        ReadWriteCell.USED,
        ReadWriteCell.readers(0, 0),
        ReadWriteCell.readers(0, 1),
        ReadWriteCell.readers(0, 2)
    };

    /* What bits() tells. */
    static final long A_STAMP_WAS_VALID = 1;
    static final long A_STAMP_WAS_NOT_VALID = 2;
    static final long ONE_WAS_TOLD_OF_A_DEATH = 4;
    static final long TWO_READ_AT_ONCE = 8;
    static final long A_WRITER_SLEPT_FOR_READERS = 16;

    private static final long READING = LAST + ModelChecker.STRIDE;
    private static final long DATA = READING + ModelChecker.STRIDE;
    private static final long SEEN = DATA + ModelChecker.STRIDE;
    private static final int BITS = 8; // of an actor in SEEN
    private static final long VERSION = 0xFF;

    private int sweepers;
    private long told; // bits for bits()
    private boolean newcomers; // whether processes begin to read for the first time

    ReadWriteModel() {
        policy(Policy.IGNORE);
        object = new long[READERS + SLOTS];
    }

    /** No process has read before. */
    ReadWriteModel firstTime() {
        newcomers = true;
        return this;
    }

    static boolean isReaders(long offset) {
        return offset >= ModelChecker.object(READERS);
    }

    private static long readers(int slot) {
        return ModelChecker.object(READERS + slot);
    }

    /** A thread that reads. */
    ModelActor reader(int process) {
        return add("reader-", process, read(process, Words.NEVER, false, leaveReading(process)));
    }

    /** A thread that reads twice, one time within the other. */
    ModelActor rereader(int process) {
        return add("reader-", process, read(process, Words.NEVER, false, readAgain(process)));
    }

    /** A thread that reads, unless the time runs out or it is interrupted. */
    ModelActor patientReader(int process, long deadlineNanos) {
        Phase leave = leaveReading(process);
        return add("patient-", process, read(process, deadlineNanos, true, leave));
    }

    /** A thread that reads if it can do so at once. */
    ModelActor eagerReader(int process) {
        int actor = actors.size();
        Phase leave = leaveReading(process);
        Phase tryRead =
                words -> {
                    if (!state(process, words).tryRead(object(words))) return null;
                    words.now(world -> enterReading(world, actor));
                    return leave;
                };
        return add("eager-", process, tryRead);
    }

    private Phase read(int process, long deadlineNanos, boolean interruptible, Phase inside) {
        int actor = actors.size();
        return words -> {
            ModelObject object = object(words);
            ReadWriteState state = state(process, words);
            Acquired acquired =
                    state.readIfOpen(object, object.memory())
                            ? Acquired.YES
                            : state.read(object, deadlineNanos, interruptible);
            if (acquired != Acquired.YES) return null;
            words.now(world -> enterReading(world, actor));
            return inside;
        };
    }

    /* While it reads. If it must repair, it does. */
    private Phase readAgain(int process) {
        Phase leave = leaveReading(process);
        return words -> {
            ModelObject object = object(words);
            ReadWriteState state = reading(process, words);
            if (state.read(object, Words.NEVER, false) != Acquired.YES) throw new AssertionError();
            if (state.isAbandoned(object) && state.markWhole(object)) words.now(this::repaired);
            if (!state.releaseRead(object, object.memory())) throw new AssertionError();
            return leave;
        };
    }

    private void repaired(World world) {
        world.put(DIRTY, 0);
        if (isHalfDone(world)) world.put(DATA, world.get(DATA) + 1);
    }

    private Phase leaveReading(int process) {
        int actor = actors.size();
        return words -> {
            ModelObject object = object(words);
            ReadWriteState state = reading(process, words);
            words.withNextStep(world -> setReading(world, actor, false));
            if (!state.releaseRead(object, object.memory())) throw new AssertionError();
            return null;
        };
    }

    private void enterReading(World world, int actor) {
        requireTold(world);
        world.check(!isHalfDone(world) || world.get(DIRTY) != 0, "the data is half done");
        setReading(world, actor, true);
    }

    private static void setReading(World world, int actor, boolean reads) {
        long bit = 1L << actor;
        long seen = world.get(READING);
        world.put(READING, reads ? seen | bit : seen & ~bit);
    }

    private void requireTold(World world) {
        boolean told = (world.get(WRITES) & ReadWriteCell.DIRTY) != 0;
        world.check(told == (world.get(DIRTY) != 0), "abandoned: " + told + ", but it is not so");
        if (told) this.told |= ONE_WAS_TOLD_OF_A_DEATH;
    }

    private static boolean isHalfDone(World world) {
        return (world.get(DATA) & 1) != 0;
    }

    /** A thread that writes. */
    ModelActor writer(int process) {
        return add("writer-", process, write(process, leaveWriting(process)));
    }

    /** A thread that does so twice. */
    ModelActor writerOfTwo(int process) {
        int actor = actors.size();
        Phase again = write(process, leaveWriting(process));
        return add("writer-", process, write(process, leaveWriting(process, actor, again)));
    }

    /** A thread that writes, and reads before it has ended that, and on. */
    ModelActor downgrader(int process) {
        return add("downgrader-", process, write(process, downgrade(process)));
    }

    /** A thread that writes, unless the time runs out or it is interrupted. */
    ModelActor patientWriter(int process, long deadlineNanos) {
        int actor = actors.size();
        Phase inside = leaveWriting(process);
        return add(
                "patient-",
                process,
                words -> {
                    ModelObject object = object(words);
                    Acquired acquired = state(process, words).write(object, deadlineNanos, true);
                    if (acquired != Acquired.YES) return null;
                    words.now(world -> enterWriting(world, actor));
                    return inside;
                });
    }

    /** A thread that writes if it can do so at once. */
    ModelActor eagerWriter(int process) {
        int actor = actors.size();
        Phase inside = leaveWriting(process);
        return add(
                "eager-",
                process,
                words -> {
                    if (!state(process, words).tryWrite(object(words))) return null;
                    words.now(world -> enterWriting(world, actor));
                    return inside;
                });
    }

    /** A thread that writes, of a process that joins when the slot is free. */
    ModelActor newWriter(int process) {
        return newcomer(process, write(process, leaveWriting(process)));
    }

    /** A thread that reads, of a process that joins when the slot is free. */
    ModelActor newReader(int process) {
        return newcomer(process, read(process, Words.NEVER, false, leaveReading(process)));
    }

    private Phase write(int process, Phase inside) {
        int actor = actors.size();
        return words -> {
            ReadWriteState state = state(process, words);
            if (state.write(object(words), Words.NEVER, false) != Acquired.YES)
                throw new AssertionError();
            words.now(world -> enterWriting(world, actor));
            return inside;
        };
    }

    private void enterWriting(World world, int actor) {
        requireTold(world);
        world.check(world.get(INSIDE) == 0, "two write");
        world.put(INSIDE, actor + 1);
        if (!isHalfDone(world)) world.put(DATA, world.get(DATA) + 1);
    }

    private Phase leaveWriting(int process) {
        return leaveWriting(process, actors.size(), null);
    }

    private Phase leaveWriting(int process, int actor, @Nullable Phase then) {
        return words -> {
            ModelObject object = object(words);
            ReadWriteState state = writing(process, words);
            if (state.isAbandoned(object) && state.markWhole(object))
                words.now(world -> world.put(DIRTY, 0));
            words.withNextStep(world -> stopWriting(world, actor));
            state.releaseWrite(object);
            return then;
        };
    }

    private Phase downgrade(int process) {
        int actor = actors.size();
        Phase leave = leaveReading(process);
        return words -> {
            ModelObject object = object(words);
            ReadWriteState state = writing(process, words);
            if (state.read(object, Words.NEVER, false) != Acquired.YES) throw new AssertionError();
            words.now(world -> setReading(world, actor, true));
            words.withNextStep(world -> stopWriting(world, actor));
            state.releaseWrite(object);
            return leave;
        };
    }

    private static void stopWriting(World world, int actor) {
        world.check(world.get(INSIDE) == actor + 1, "the lock was taken from its writer");
        world.put(INSIDE, 0);
        world.put(DATA, world.get(DATA) + 1);
    }

    /** A thread that reads without a lock. */
    ModelActor optimist(int process) {
        int actor = actors.size();
        return add(
                "optimist-",
                process,
                words -> {
                    ModelObject object = object(words);
                    ReadWriteState state = state(process, words);
                    long stamp = state.stamp(object);
                    if (stamp == 0) return null;
                    words.now(world -> noteData(world, actor));
                    boolean valid = state.isUnwritten(object, stamp);
                    words.now(world -> checkStamp(world, actor, valid));
                    return null;
                });
    }

    private static void noteData(World world, int actor) {
        world.put(SEEN, world.get(SEEN) | (world.get(DATA) & VERSION) << (actor * BITS));
    }

    private void checkStamp(World world, int actor, boolean valid) {
        told |= valid ? A_STAMP_WAS_VALID : A_STAMP_WAS_NOT_VALID;
        if (!valid) return;
        long seen = world.get(SEEN) >>> (actor * BITS) & VERSION;
        world.check(seen == (world.get(DATA) & VERSION), "a stamp is valid over a write");
        world.check(!isHalfDone(world), "a stamp is valid for half a write");
    }

    private static ModelObject object(ModelWords words) {
        return new ModelObject(words, LAYOUT);
    }

    private ReadWriteState newState(int process, Words own, LockState lock, Owners owners) {
        Member self = processes.get(process);
        return new ReadWriteState(
                ModelObject.AT, self.slot(), self.generation(), lock, owners, null, own, 0);
    }

    /** As if its process had read and written before, unless it has not. */
    private ReadWriteState state(int process, ModelWords words) {
        int slot = processes.get(process).slot();
        LockState lock = newcomers ? newState(process, words) : experiencedState(process, words);
        ReadWriteState state = newState(process, object(words), lock, owners(words, slot));
        if (newcomers) return state;
        ModelObject fresh = object(new FreshMemory());
        readIn(fresh, state);
        if (!state.releaseRead(fresh, fresh.memory())) throw new AssertionError();
        return state;
    }

    private static void readIn(ModelObject memory, ReadWriteState state) {
        if (state.read(memory, Words.NEVER, false) != Acquired.YES) throw new AssertionError();
    }

    /* The phase before saw to that. */
    private ReadWriteState reading(int process, ModelWords words) {
        ReadWriteState state = state(process, words);
        readIn(object(new FreshMemory()), state);
        return state;
    }

    private ReadWriteState writing(int process, ModelWords words) {
        ReadWriteState state = state(process, words);
        ModelObject fresh = object(new FreshMemory());
        if (state.write(fresh, Words.NEVER, false) != Acquired.YES) throw new AssertionError();
        return state;
    }

    @Override
    boolean sweepObject(ModelWords words, int slot, int generation, BooleanSupplier stillDying) {
        if (mistake == Mistake.LOCK_IS_FREED_FIRST)
            super.sweepObject(words, slot, generation, stillDying);
        ReadWriteSweep.sweep(object(words), ModelObject.AT, slot, generation, stillDying);
        return super.sweepObject(words, slot, generation, stillDying);
    }

    @Override
    public void died(World world, int process) {
        for (int i = 0; i < actors.size(); i++) {
            if (actors.get(i).process != process) continue;
            setReading(world, i, false);
            if (world.get(INSIDE) == i + 1) world.put(INSIDE, 0);
        }
        int slot = processes.get(process).slot();
        boolean owned = slot >= 0 && LockWord.ownerSlot(world.get(LOCK)) == slot;
        if (owned && ReadWriteCell.isWriting(world.get(WRITES))) world.put(DIRTY, 1);
    }

    @Override
    public void check(World world) {
        long reading = world.get(READING);
        int writer = (int) world.get(INSIDE) - 1;
        world.check(writer < 0 || (reading & ~(1L << writer)) == 0, "one reads while one writes");
        boolean free = LockWord.isFree(world.get(LOCK));
        boolean atRest =
                !ReadWriteCell.isClosed(world.get(GATE))
                        && !ReadWriteCell.isWriting(world.get(WRITES));
        world.check(!free || atRest, "nobody owns the lock, and the gate is not open");
        for (int i = 0; reading != 0 && i < actors.size(); i++) {
            if ((reading & 1L << i) == 0) continue;
            long readers = world.get(readers(processes.get(actors.get(i).process).slot()));
            world.check(ReadWriteCell.count(readers) > 0, "one reads and is not counted");
        }
    }

    @Override
    public void ended(World world) {
        if (waitersSweep) return; // nobody waits, so nobody looked
        int flags = LockWord.WAITERS | LockWord.ABANDONED;
        world.check(((int) world.get(LOCK) & ~flags) == 0, "at the end the lock is held");
        world.check(world.get(READING) == 0 && world.get(INSIDE) == 0, "somebody is still inside");
        requireTold(world);
        for (int slot = 0; slot < SLOTS; slot++) {
            int count = ReadWriteCell.count(world.get(readers(slot)));
            world.check(count == 0, "at the end somebody is counted");
        }
    }

    /*
     * Which processes read is known from the start, in most cases. Looks at what only the owner of the lock changes, by a thread of
     * its process, which has no other. By the only sweeper: looks at the state of a slot, and at what the dead process alone changed.
     */
    @Override
    public boolean isUnnoticed(World world, int actor, Step step) {
        long offset = step.offset();
        if (offset == USED && !newcomers) return true;
        if (step.kind() != Kind.GET) return false;
        Member self = processes.get(actors.get(actor).process);
        int owner = LockWord.ownerSlot(world.get(LOCK));
        if (offset == GATE || offset == WRITES) return self.slot() >= 0 && self.slot() == owner;
        if (sweepers != 1 || self.slot() >= 0) return super.isUnnoticed(world, actor, step);
        return offset < TICKETS || (isReaders(offset) && isDead(world, slotOf(offset)));
    }

    private static int slotOf(long readers) {
        return (int) (readers - readers(0));
    }

    @Override
    ModelActor sweeper() {
        sweepers++;
        return super.sweeper();
    }

    @Override
    ModelChecker.Result search() {
        for (Member process : processes) {
            if (newcomers || process.slot() < 0) continue;
            object[3] |= 1L << process.slot();
            object[READERS + process.slot()] = ReadWriteCell.noReaders(1);
        }
        return super.search();
    }

    @Override
    public long bits(World world) {
        if (Long.bitCount(world.get(READING)) > 1) told |= TWO_READ_AT_ONCE;
        for (int i = 0; i < actors.size(); i++)
            if (world.sleepsOn(i) == DRAIN) told |= A_WRITER_SLEPT_FOR_READERS;
        return told;
    }

    @Override
    public String describe(long offset, long value) {
        if (offset == GATE)
            return (ReadWriteCell.isClosed(value) ? "gate closed " : "gate ") + value;
        if (offset == WRITES) return "writes " + Long.toBinaryString(value);
        if (offset == DRAIN) return "drain " + value;
        if (offset == USED) return "used " + Long.toBinaryString(value);
        if (isReaders(offset))
            return "readers " + slotOf(offset) + ": " + ReadWriteCell.count(value);
        return super.describe(offset, value);
    }
}
