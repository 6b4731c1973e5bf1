package dev.interlock.internal.sync;

import dev.interlock.internal.sync.ModelActor.Kind;
import dev.interlock.internal.sync.ModelActor.Phase;
import dev.interlock.internal.sync.ModelActor.Step;
import dev.interlock.internal.sync.ModelChecker.Event;
import dev.interlock.internal.sync.ModelChecker.Ghost;
import dev.interlock.internal.sync.ModelChecker.World;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One barrier, and the processes whose threads, one of each, wait for each other at it. */
final class BarrierModel extends LockModel {
    /*
     * Memory   that of LockModel, where the lock is the barrier's; and the object's other words. There is none for cells, so nobody
     *          is seen waiting; how cells are used is WaitModel's matter.
     * Ghosts   COME: how often each actor has arrived. PASSED: for each round, a bit for each arrival index that was
     *          given to one who passed. ACTED: how often the action ran. ENDED: for each round, whether one who came was told
     *          that it broke. WAITING: a bit for each actor that has arrived. MUST_END: for each that had when a party died.
     * Rounds   Who comes for the n-th time takes part in round n. So that a round is a turn, nobody resets the barrier, or comes
     *          again, where that would mix them.
     * Checked  whoever passes: as many as there are parties have come for that round, its index is nobody else's, the action ran
     *          for that round, and nobody was told that it broke; and the other way round. At the end: nobody waits though a party
     *          died while it waited, nobody waits if all have come, and the lock is free.
     */
    static final long TURN = ModelChecker.object(0);
    static final long ARRIVED = ModelChecker.object(1);
    static final long BROKEN = ModelChecker.object(2);
    static final long HISTORY = ModelChecker.object(3);
    static final long DEAD = ModelChecker.object(4);
    private static final int IN_USE_AT = 5;
    private static final int MARKS = 6; // and arrivals, alternating
    private static final int SLOTS = 3;
    private static final long[] LAYOUT = {
        128, 136, 144, 152, 160, 168, 256, 264, 272, 280, 288, 296
    };

    private static final long COME = INSIDE;
    private static final long PASSED = DIRTY;
    private static final long ACTED = LAST;
    private static final long ENDED = LAST + ModelChecker.STRIDE;
    private static final long MUST_END = ENDED + ModelChecker.STRIDE;
    private static final long WAITING = MUST_END + ModelChecker.STRIDE;
    private static final int BITS = 8; // of an actor in COME, of a round in PASSED
    private static final int COUNT = 0xFF;

    /* What bits() tells. */
    static final long ONE_SLEPT = 1;
    static final long ONE_PASSED = 2;
    static final long ONE_TIMED_OUT = 4;
    static final long ONE_SAW_IT_BROKEN = 8;
    static final long ONE_DIED_WHILE_ANOTHER_WAITED = 16;

    private final int parties;
    private int first; // so many rest when the next one begins
    private int comers; // threads that come
    private boolean mixesRounds; // so that they are not to be told apart
    private int sweepers;
    private long told; // bits for bits()

    BarrierModel(int parties) {
        this.parties = parties;
        object = new long[MARKS + 2 * SLOTS];
    }

    @Override
    BarrierModel kills(int most) {
        super.kills(most);
        return this;
    }

    static boolean isMark(long offset) {
        return offset >= ModelChecker.object(MARKS)
                && (offset - ModelChecker.object(MARKS)) % 2 == 0;
    }

    static boolean isArrivals(long offset) {
        return offset >= ModelChecker.object(MARKS) && !isMark(offset);
    }

    /** A thread that comes so often. */
    ModelActor party(int process, int times) {
        return comer("party-", process, Words.NEVER, times);
    }

    /** The next thread begins when the first ones have come as far as they can by themselves. */
    BarrierModel afterFirst(int threads) {
        first = threads;
        return this;
    }

    /** A thread that comes and waits so long, if it is not interrupted. */
    ModelActor patientParty(int process, long deadlineNanos) {
        return comer("patient-", process, deadlineNanos, 1);
    }

    private ModelActor comer(String kind, int process, long deadlineNanos, int times) {
        Phase script = null;
        for (int round = times - 1; round >= 0; round--)
            script = come(process, deadlineNanos, round, script);
        comers++;
        ModelActor actor = add(kind, process, script);
        actor.memory = BarrierModel::remembered;
        return actor;
    }

    /** A thread that breaks it. */
    ModelActor aborter(int process) {
        return acting("aborter-", process, BarrierState::abort);
    }

    /** A thread that makes it whole. */
    ModelActor resetter(int process) {
        mixesRounds = true;
        return acting("resetter-", process, BarrierState::reset);
    }

    @Override
    ModelActor add(String kind, int process, @Nullable Phase script) {
        int before = first;
        first = 0;
        return super.add(kind, process, before == 0 ? script : after(rest(before), script));
    }

    private static Event rest(int threads) {
        return world -> {
            for (int i = 0; i < threads; i++) if (!world.rests(i)) return new long[0];
            return new long[] {1};
        };
    }

    private interface Act {
        void on(BarrierState barrier);
    }

    private ModelActor acting(String kind, int process, Act act) {
        return add(
                kind,
                process,
                words -> {
                    act.on(barrier(process, words, _ -> {}));
                    return null;
                });
    }

    /* A thread remembers the turn in which it arrived, as which, and whether it saw that one died in it. */
    private static long remembered(long before, Step step, long answer) {
        long offset = step.offset();
        if (step.kind() == Kind.GET && offset == TURN && (before & COUNT) == 0)
            return before | (answer >>> 32) + 1;
        if (step.kind() == Kind.PUT && offset == ARRIVED && step.b() > 0)
            return before | step.b() << 8;
        if (step.kind() == Kind.GET && offset == DEAD && before >>> 8 != 0) {
            boolean dead = (int) answer != 0 && answer >>> 32 == (before & COUNT) - 1;
            return (before & 0xFFFF) | (dead ? 1 << 16 : 0);
        }
        return before;
    }

    private Phase come(int process, long deadlineNanos, int round, @Nullable Phase then) {
        int actor = actors.size();
        return words -> {
            long one = 1L << (actor * BITS);
            Ghost comes =
                    world -> {
                        world.put(COME, world.get(COME) + one);
                        world.put(WAITING, world.get(WAITING) | 1L << actor);
                    };
            BarrierState barrier = barrier(process, words, comes);
            Runnable action = () -> words.now(world -> act(world, round));
            try {
                int index = barrier.await(action, deadlineNanos);
                words.now(world -> passed(world, actor, round, index));
                return then;
            } catch (BrokenBarrierException e) {
                words.now(world -> ended(world, actor, round, ONE_SAW_IT_BROKEN));
            } catch (TimeoutException e) {
                words.now(world -> ended(world, actor, round, ONE_TIMED_OUT));
            } catch (InterruptedException e) {
                words.now(world -> ended(world, actor, round, 0));
            }
            return null;
        };
    }

    private void act(World world, int round) {
        world.put(ACTED, world.get(ACTED) + 1);
        requireAllCame(world, round);
    }

    private void requireAllCame(World world, int round) {
        int came = 0;
        for (int i = 0; i < actors.size(); i++) if (times(world, i) > round) came++;
        world.check(came >= parties, came + " came, and pass");
    }

    private static int times(World world, int actor) {
        return (int) (world.get(COME) >>> (actor * BITS)) & COUNT;
    }

    private void passed(World world, int actor, int round, int index) {
        told |= ONE_PASSED;
        requireAllCame(world, round);
        world.check(index >= 0 && index < parties, "arrival index " + index);
        long bit = 1L << (round * BITS + index);
        world.check(mixesRounds || (world.get(PASSED) & bit) == 0, "index " + index + " twice");
        world.put(PASSED, world.get(PASSED) | bit);
        world.check(world.get(ACTED) > (mixesRounds ? 0 : round), "the action did not run");
        boolean broke = (world.get(ENDED) & 1L << round) != 0;
        world.check(mixesRounds || !broke, "one passes, and one is told that it broke");
        settle(world, actor);
    }

    private void ended(World world, int actor, int round, long what) {
        told |= what;
        boolean passed = (world.get(PASSED) >>> (round * BITS) & COUNT) != 0;
        boolean extra = comers > parties; // it may have come too late
        world.check(mixesRounds || extra || !passed, "one passed, and one is told that it broke");
        if (!extra) world.put(ENDED, world.get(ENDED) | 1L << round);
        settle(world, actor);
    }

    private static void settle(World world, int actor) {
        world.put(MUST_END, world.get(MUST_END) & ~(1L << actor));
        world.put(WAITING, world.get(WAITING) & ~(1L << actor));
    }

    private BarrierState barrier(int process, ModelWords words, Ghost comes) {
        Member self = processes.get(process);
        View view = new View(words, self.slot(), comes);
        view.isBeingJoined = true;
        BarrierState barrier =
                new BarrierState(
                        view,
                        view,
                        cells(process, view),
                        experiencedState(process, words),
                        owners(words, self.slot()),
                        ModelObject.AT,
                        parties);
        view.isBeingJoined = false;
        return barrier;
    }

    /**
     * The barrier, of which the process is a party already. All deaths are announced, so that nobody looks after others: neither
     * before it has the lock, if nobody has arrived, nor at their marks.
     */
    private static final class View extends ModelObject {
        private final ModelWords words;
        private final long arrivals;
        private final Ghost comes; // when the process's arrival is noted
        private boolean isBeingJoined;
        private boolean tookLock;

        View(ModelWords words, int slot, Ghost comes) {
            super(words, LAYOUT);
            this.words = words;
            this.arrivals = AT + LAYOUT[MARKS + 2 * slot + 1];
            this.comes = comes;
        }

        @Override
        public long get(long offset) {
            if (isBeingJoined || offset == AT + LAYOUT[IN_USE_AT]) return SLOTS;
            if (offset == AT + LAYOUT[1] && !tookLock) return 1;
            boolean mark = offset >= AT + LAYOUT[MARKS] && offset % 16 == 0;
            return mark ? 0 : super.get(offset);
        }

        @Override
        public void put(long offset, long value) {
            if (isBeingJoined) return;
            if (offset == arrivals) words.withNextStep(comes);
            super.put(offset, value);
        }

        @Override
        public boolean cas(long offset, long expected, long value) {
            boolean done = super.cas(offset, expected, value);
            tookLock |= done && offset == AT;
            return done;
        }
    }

    private WaitCells cells(int process, Words view) {
        Member self = processes.get(process);
        WaitCells.Memory none = new NoMemory();
        return new WaitCells(view, ROOT, TICKETS, self.slot(), self.generation(), none, 0);
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
        ModelObject view = new ModelObject(words, LAYOUT);
        LockSweep.sweep(view, ModelObject.AT, ROOT, slot, stillDying);
        BarrierState.sweep(view, ModelObject.AT, slot, stillDying);
        return true;
    }

    @Override
    public void died(World world, int process) {
        if (processes.get(process).slot() < 0) return; // no party
        for (int i = 0; i < actors.size(); i++)
            if (actors.get(i).process == process) settle(world, i);
        if (world.get(WAITING) != 0) told |= ONE_DIED_WHILE_ANOTHER_WAITED;
        world.put(MUST_END, world.get(MUST_END) | world.get(WAITING));
    }

    @Override
    public boolean maySleepForEver(World world, int actor) {
        boolean mustEnd = (world.get(MUST_END) & 1L << actor) != 0;
        if (mustEnd || world.sleepsOn(actor) != TURN) return false;
        int asleep = 0;
        for (int i = 0; i < actors.size(); i++) if (world.sleepsOn(i) == TURN) asleep++;
        boolean oneIsMissing = comers > parties || world.killsLeft() < kills || mixesRounds;
        return oneIsMissing && asleep < parties;
    }

    @Override
    public void ended(World world) {
        int flags = LockWord.WAITERS | LockWord.ABANDONED;
        world.check(((int) world.get(LOCK) & ~flags) == 0, "at the end the lock is held");
        for (int round = 0; !mixesRounds && kills == 0 && round < 3; round++) {
            int passed = Long.bitCount(world.get(PASSED) >>> (round * BITS) & COUNT);
            world.check(passed == 0 || passed == parties, passed + " passed");
        }
    }

    /*
     * Looks at what only the owner of the lock changes, by the owner; and stores there, too, when nobody can be killed between two of
     * them any more. Looks by the only sweeper at what is of the dead.
     */
    @Override
    public boolean isUnnoticed(World world, int actor, Step step) {
        long offset = step.offset();
        if (offset == ROOT) return true;
        boolean guarded = offset == ARRIVED || offset == BROKEN || offset == HISTORY;
        Member self = processes.get(actors.get(actor).process);
        boolean owns = self.slot() >= 0 && LockWord.ownerSlot(world.get(LOCK)) == self.slot();
        if (step.kind() == Kind.GET) {
            if (guarded || isArrivalsOf(self.slot(), offset)) return owns;
            boolean nobodyDies = kills == 0;
            if (isArrivals(offset) && nobodyDies) return owns;
            boolean sweepsAlone = sweepers == 1 && self.slot() < 0;
            if (sweepsAlone) return offset < TICKETS || isMark(offset) || isArrivals(offset);
        }
        boolean stores = step.kind() == Kind.PUT && owns && world.killsLeft() == 0;
        return stores
                && (offset == ARRIVED || offset == BROKEN || isArrivalsOf(self.slot(), offset));
    }

    private static boolean isArrivalsOf(int slot, long offset) {
        return slot >= 0 && offset == ModelChecker.object(MARKS + 2 * slot + 1);
    }

    @Override
    ModelActor sweeper() {
        sweepers++;
        return super.sweeper();
    }

    @Override
    ModelChecker.Result search() {
        object[IN_USE_AT] = SLOTS;
        for (Member process : processes)
            if (process.slot() >= 0) object[MARKS + 2 * process.slot()] = 1 << 2 | 1;
        return super.search();
    }

    @Override
    public long bits(World world) {
        for (int i = 0; i < actors.size(); i++) if (world.sleepsOn(i) == TURN) told |= ONE_SLEPT;
        return told;
    }

    @Override
    public String describe(long offset, long value) {
        if (offset < ModelChecker.object(0)) return super.describe(offset, value);
        long number = offset - ModelChecker.object(0);
        String[] names = {"turn", "arrived", "broken", "history", "dead", "in use"};
        if (number < names.length) return names[(int) number] + " " + Long.toHexString(value);
        String name = isMark(offset) ? "mark " : "arrivals ";
        return name + (number - MARKS) / 2 + ": " + Long.toHexString(value);
    }
}
