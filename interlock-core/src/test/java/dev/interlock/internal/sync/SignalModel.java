package dev.interlock.internal.sync;

import dev.interlock.internal.sync.ModelActor.Kind;
import dev.interlock.internal.sync.ModelActor.Phase;
import dev.interlock.internal.sync.ModelActor.Step;
import dev.interlock.internal.sync.ModelChecker.World;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One event, or one latch, and the processes that use it. */
final class SignalModel extends LockModel {
    /*
     * Memory   that of LockModel, with the event's or latch's word where that has the lock. There is none for cells, so nobody is
     *          seen waiting; how cells are used is WaitModel's matter.
     * Ghosts   BEGUN, DONE: how many threads began to set or count down, and how many were done with it. ASLEEP: for each who sets,
     *          those who slept when it began. MUST_END: those who slept when it began, and it is done. WORD: what a waiter first saw.
     * Checked  at the end of each wait: the event was set at some time since the wait began, or enough threads have begun to count
     *          down. At the end: nobody sleeps on an event that is set, or though it slept when somebody began to set it, or on a
     *          latch at zero. A latch that enough have counted down is at zero; one that too few have is not.
     */
    private static final long BEGUN = INSIDE;
    private static final long DONE = DIRTY;
    private static final long ASLEEP = LAST;
    private static final long MUST_END = LAST + ModelChecker.STRIDE;
    private static final long ACTORS = 0xFF; // a bit for each
    private static final int BITS = 8;
    private static final int NUMBER = -4; // of an event: all but its flags

    /* What bits() tells. */
    static final long ONE_SLEPT = 1;
    static final long ONE_TIMED_OUT = 2;

    private final int count; // of a latch; 0 if it is an event
    private boolean isCleared;
    private long told; // bits for bits()

    private SignalModel(int count) {
        this.count = count;
    }

    static SignalModel event() {
        return new SignalModel(0);
    }

    static SignalModel latch(int count) {
        SignalModel model = new SignalModel(count);
        model.memory[ModelChecker.index(LOCK)] = Latches.initial(count);
        return model;
    }

    private boolean isEvent() {
        return count == 0;
    }

    @Override
    SignalModel kills(int most) {
        super.kills(most);
        return this;
    }

    /** A thread that waits, unless the time runs out or it is interrupted. */
    ModelActor waiter(int process, long deadlineNanos) {
        ModelActor actor = add("waiter-", process, words -> await(process, words, deadlineNanos));
        actor.memory = SignalModel::firstSeen;
        return actor;
    }

    /* A waiter for an event ends when the number is another than at first. */
    private static long firstSeen(long before, Step step, long answer) {
        boolean looks = before == 0 && step.kind() == Kind.GET && step.offset() == LOCK;
        return looks ? (answer & NUMBER) + 1 : before;
    }

    private @Nullable Phase await(int process, ModelWords words, long deadlineNanos) {
        long[] first = new long[1]; // an event's word when the wait begins
        Words object =
                new ModelObject(words) {
                    @Override
                    public long get(long offset) {
                        long word = super.get(offset);
                        if (offset == AT && first[0] == 0) first[0] = word + 1;
                        return word;
                    }
                };
        try {
            boolean ended =
                    isEvent()
                            ? Events.await(
                                    object,
                                    cells(process, words),
                                    ModelObject.AT,
                                    deadlineNanos,
                                    true)
                            : Latches.await(
                                    object, cells(process, words), ModelObject.AT, deadlineNanos);
            long seen = first[0] - 1;
            words.now(world -> checkEnd(world, ended, seen));
        } catch (InterruptedException e) {
            return null;
        }
        return null;
    }

    private void checkEnd(World world, boolean ended, long seen) {
        if (!ended) {
            told |= ONE_TIMED_OUT;
            return;
        }
        boolean may =
                isEvent()
                        ? (seen & ~NUMBER & ~SignalWord.W) != 0 || world.get(BEGUN) > 0
                        : world.get(BEGUN) >= count;
        world.check(may, "a wait ended before what it was for");
    }

    /** A thread that waits for several things, as a WaitSet does. */
    ModelActor watcher(int process) {
        Phase watch =
                new Phase() {
                    @Override
                    public @Nullable Phase run(ModelWords words) {
                        ModelObject object = new ModelObject(words);
                        int expected =
                                isEvent()
                                        ? Events.announce(object, ModelObject.AT)
                                        : Latches.announce(object, ModelObject.AT);
                        if (expected == 0) return null;
                        object.await(ModelObject.AT, expected, Words.NEVER, false);
                        return this;
                    }
                };
        return add("watcher-", process, watch);
    }

    /** A thread that sets the event, or counts the latch down. */
    ModelActor setter(int process) {
        return add("setter-", process, set(actors.size(), null));
    }

    /** A thread that does so twice. */
    ModelActor setterOfTwo(int process) {
        return add("setter-", process, set(actors.size(), set(actors.size(), null)));
    }

    /** A thread that sets and clears. */
    ModelActor pulser(int process) {
        isCleared = true;
        Phase clear =
                words -> {
                    Events.clear(new ModelObject(words), ModelObject.AT);
                    return null;
                };
        return add("pulser-", process, set(actors.size(), clear));
    }

    private Phase set(int actor, @Nullable Phase then) {
        return words -> {
            ModelObject object = new ModelObject(words);
            words.withNextStep(world -> begin(world, actor));
            if (isEvent()) Events.set(object, ModelObject.AT);
            else Latches.countDown(object, ModelObject.AT);
            words.now(world -> done(world, actor));
            return then;
        };
    }

    private void begin(World world, int actor) {
        world.put(BEGUN, world.get(BEGUN) + 1);
        long asleep = 0;
        for (int i = 0; i < actors.size(); i++) if (world.sleepsOn(i) == LOCK) asleep |= 1L << i;
        long others = world.get(ASLEEP) & ~(ACTORS << (actor * BITS));
        world.put(ASLEEP, others | asleep << (actor * BITS));
    }

    private void done(World world, int actor) {
        world.put(DONE, world.get(DONE) + 1);
        if (isEvent()) world.put(MUST_END, world.get(MUST_END) | asleepBefore(world, actor));
    }

    private static long asleepBefore(World world, int actor) {
        return world.get(ASLEEP) >>> (actor * BITS) & ACTORS;
    }

    @Override
    WaitCells cells(int process, ModelWords words) {
        Member self = processes.get(process);
        return new WaitCells(
                words, ROOT, TICKETS, self.slot(), self.generation(), new NoMemory(), 0);
    }

    private static final class NoMemory implements WaitCells.Memory {
        @Override
        public long chunk() {
            throw new IllegalStateException("there is no memory for cells");
        }

        @Override
        public long report() {
            throw new IllegalStateException("there is no memory for reports");
        }
    }

    @Override
    boolean sweepObject(ModelWords words, int slot, int generation, BooleanSupplier stillDying) {
        if (isEvent()) Events.sweep(new ModelObject(words), ModelObject.AT);
        else Latches.sweep(new ModelObject(words), ModelObject.AT);
        return true;
    }

    @Override
    public void died(World world, int process) {
        // what it has set is set
    }

    @Override
    public boolean maySleepForEver(World world, int actor) {
        if (world.sleepsOn(actor) != LOCK) return false;
        if (!isEvent()) return world.get(DONE) < count && Latches.count(words(world), 0) > 0;
        boolean mustEnd = (world.get(MUST_END) & 1L << actor) != 0;
        return !mustEnd && !Events.isSet(words(world), 0);
    }

    /* The object's word, wherever it is asked for. */
    private static Words words(World world) {
        return new FreshMemory() {
            @Override
            public long get(long offset) {
                return world.get(LOCK);
            }
        };
    }

    @Override
    public void ended(World world) {
        long done = world.get(DONE);
        if (isEvent()) {
            boolean set = done > 0 && !isCleared;
            world.check(!set || Events.isSet(words(world), 0), "it was set and is not");
            return;
        }
        int left = Latches.count(words(world), 0);
        world.check(left >= Math.max(0, count - world.get(BEGUN)), "too much was counted down");
        world.check(left <= Math.max(0, count - done), "too little was counted down");
    }

    @Override
    public long bits(World world) {
        for (int i = 0; i < actors.size(); i++) if (world.sleepsOn(i) == LOCK) told |= ONE_SLEPT;
        return told;
    }

    @Override
    public String describe(long offset, long value) {
        return offset == LOCK ? "word " + Long.toHexString(value) : super.describe(offset, value);
    }
}
