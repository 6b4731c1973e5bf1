package dev.interlock.internal.sync;

import dev.interlock.internal.sync.ModelActor.Phase;
import dev.interlock.internal.sync.ModelChecker.Event;
import dev.interlock.internal.sync.ModelChecker.Fault;
import dev.interlock.internal.sync.ModelChecker.Ghost;
import dev.interlock.internal.sync.ModelChecker.Result;
import dev.interlock.internal.sync.ModelChecker.Rules;
import dev.interlock.internal.sync.ModelChecker.World;
import dev.interlock.internal.sync.PipeHolds.Hold;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One end of a pipe, the processes that hold it, and what must always be true of them. */
final class PipeHoldsModel implements Rules {
    /*
     * Memory   words 0 to 2: the end's; words 3 to 5: its first three cells, of which no case uses more.
     * Ghosts   HELD: a bit for each actor that was told that it holds the end, and lives; and one for a ticket. TICKET: the one that
     *          was sent. SWEPT: a bit for each process of which all was freed.
     * Checked  Always: an end that is over is held by nobody. When nothing can go on: it is over if nobody holds it; and the cells in
     *          use are as many as the holds.
     */
    private static final long STRIDE = ModelChecker.STRIDE;
    static final long STATE = 0;
    static final long IN_USE = STRIDE;
    static final long CELLS = 3 * STRIDE;
    private static final int MOST_CELLS = 3;
    private static final long WORDS_OF_END = 24; // in the end, before its cells
    private static final long FIRST_CELL = 64;
    private static final long HELD = ModelChecker.WORDS * STRIDE;
    private static final long TICKET = HELD + STRIDE;
    private static final long SWEPT = TICKET + STRIDE;
    private static final int OF_TICKET = 31; // bit in HELD
    private static final int VALUE_BITS = 32;
    static final long OVER = 1;

    private final List<ModelActor> actors = new ArrayList<>();
    private final List<Integer> slots = new ArrayList<>(); // of the processes; -1: none
    private final long[] memory = new long[ModelChecker.WORDS + ModelChecker.GHOSTS];
    private int kills;
    private int mortal; // a bit for each process that may be killed
    private int sender = -1; // the process that sends a ticket
    private @Nullable Fault fault;
    private boolean neverAsks;

    PipeHoldsModel kills(int most) {
        kills = most;
        return this;
    }

    /** The process of this thread may be killed. */
    PipeHoldsModel mayDie(ModelActor actor) {
        mortal |= 1 << actor.process;
        return this;
    }

    @Override
    public boolean isMortal(int process) {
        return (mortal & 1 << process) != 0;
    }

    PipeHoldsModel fault(Fault fault) {
        this.fault = fault;
        return this;
    }

    /** Sweepers do not ask whether the slot is still the dead one's. */
    PipeHoldsModel neverAsks() {
        neverAsks = true;
        return this;
    }

    private int process(int slot) {
        slots.add(slot);
        return slots.size() - 1;
    }

    private ModelActor add(String name, int process, Phase script) {
        ModelActor actor = new ModelActor(name + actors.size(), process, script);
        actors.add(actor);
        return actor;
    }

    /** The end, as the code sees it. */
    private static final class View extends ModelObject {
        private final ModelWords words;

        View(ModelWords words) {
            super(words);
            this.words = words;
        }

        private static long place(long offset) {
            if (offset < WORDS_OF_END) return offset / 8 * STRIDE;
            long cell = (offset - FIRST_CELL) / 8;
            if (cell >= MOST_CELLS) throw new AssertionError("cell " + cell);
            return CELLS + cell * STRIDE;
        }

        @Override
        public long get(long offset) {
            return words.get(place(offset));
        }

        @Override
        public boolean cas(long offset, long expected, long value) {
            return words.cas(place(offset), expected, value);
        }

        @Override
        public long getAndAdd(long offset, long delta) {
            return words.getAndAdd(place(offset), delta);
        }
    }

    private static void set(World world, int holder, boolean holds) {
        long bit = 1L << holder;
        world.put(HELD, holds ? world.get(HELD) | bit : world.get(HELD) & ~bit);
    }

    private static Ghost holds(int holder) {
        return world -> set(world, holder, true);
    }

    /* From the first step on. */
    private Hold hold(int actor, int slot) {
        int cell = (int) memory[1]++;
        long value = ++memory[2] << 10 | (slot + 1);
        memory[0] += 2;
        memory[3 + cell] = value;
        memory[ModelChecker.WORDS] |= 1L << actor;
        return new Hold(cell, value);
    }

    private static void end(View view, ModelWords words, int actor, Hold hold) {
        words.withNextStep(world -> set(world, actor, false));
        PipeHolds.remove(view, 0, hold);
        PipeHolds.isOver(view, 0);
    }

    /** A process that holds the end and goes on to do so. */
    ModelActor keeper() {
        int process = process(slots.size());
        hold(actors.size(), process);
        return add("keeper-", process, _ -> null);
    }

    /** A process that holds the end, and ends that. */
    ModelActor closer() {
        int process = process(slots.size());
        int actor = actors.size();
        Hold hold = hold(actor, process);
        return add(
                "closer-",
                process,
                words -> {
                    end(new View(words), words, actor, hold);
                    return null;
                });
    }

    /** A process that sends a ticket, and then ends its own hold. */
    ModelActor sender() {
        int process = process(slots.size());
        int actor = actors.size();
        Hold hold = hold(actor, process);
        sender = process;
        Phase close =
                words -> {
                    end(new View(words), words, actor, hold);
                    return null;
                };
        Phase send =
                words -> {
                    Hold ticket = PipeHolds.add(new View(words), 0, process);
                    words.now(world -> sent(world, ticket));
                    return close;
                };
        return add("sender-", process, send);
    }

    private static void sent(World world, @Nullable Hold ticket) {
        world.check(ticket != null, "who holds an end cannot send it");
        if (ticket == null) return;
        world.put(TICKET, (long) ticket.cell() << VALUE_BITS | ticket.value());
        set(world, OF_TICKET, true);
    }

    /** A process that gets the ticket, late perhaps, and ends its hold, if that is one. */
    ModelActor receiver() {
        int process = process(slots.size());
        int actor = actors.size();
        Event arrival =
                world -> world.get(TICKET) == 0 ? new long[0] : new long[] {world.get(TICKET)};
        Phase receive =
                words -> {
                    long sent = words.when(arrival);
                    View view = new View(words);
                    Hold ticket = new Hold((int) (sent >>> VALUE_BITS), (int) sent);
                    Hold moved = PipeHolds.move(view, 0, ticket, process);
                    if (moved != null) words.now(world -> set(world, OF_TICKET, false));
                    Hold held = moved != null ? moved : PipeHolds.add(view, 0, process);
                    if (held == null) return null; // it came too late
                    words.now(holds(actor));
                    end(view, words, actor, held);
                    return null;
                };
        return add("receiver-", process, receive).optional();
    }

    /** A process at the other end that looks. */
    ModelActor looker() {
        return add(
                "looker-",
                process(slots.size()),
                words -> {
                    PipeHolds.isOver(new View(words), 0);
                    return null;
                });
    }

    /** A process that gets the slot of a dead one when that was swept, and takes hold of the end, unless it is over. */
    ModelActor newcomer(ModelActor dead) {
        int process = process(slots.get(dead.process));
        int actor = actors.size();
        Event free = world -> isSwept(world, dead.process) ? new long[] {1} : new long[0];
        Phase join =
                words -> {
                    words.when(free);
                    Hold hold = PipeHolds.add(new View(words), 0, slots.get(process));
                    if (hold != null) words.now(holds(actor));
                    return null;
                };
        return add("newcomer-", process, join).optional();
    }

    private static boolean isSwept(World world, int process) {
        return (world.get(SWEPT) & 1L << process) != 0;
    }

    /** A process that sweeps when another is dead. It has no slot of its own. */
    ModelActor sweeper() {
        int process = process(-1);
        Event death =
                world -> {
                    for (int i = 0; i < slots.size(); i++)
                        if (world.isDead(i) && !isSwept(world, i)) return new long[] {i};
                    return new long[0];
                };
        Phase sweep =
                new Phase() {
                    @Override
                    public Phase run(ModelWords words) {
                        int dead = (int) words.when(death);
                        Event dying = world -> new long[] {isSwept(world, dead) ? 0 : 1};
                        BooleanSupplier still = () -> neverAsks || words.when(dying) == 1;
                        PipeHolds.sweep(new View(words), 0, slots.get(dead), still);
                        words.now(world -> world.put(SWEPT, world.get(SWEPT) | 1L << dead));
                        return this;
                    }
                };
        return add("sweeper-", process, sweep).optional();
    }

    @Override
    public void died(World world, int process) {
        for (int i = 0; i < actors.size(); i++)
            if (actors.get(i).process == process) set(world, i, false);
        if (process == sender) set(world, OF_TICKET, false);
    }

    @Override
    public void check(World world) {
        boolean over = (world.get(STATE) & OVER) != 0;
        world.check(!over || world.get(HELD) == 0, "an end that somebody holds is over");
    }

    @Override
    public void ended(World world) {
        long held = world.get(HELD);
        boolean over = (world.get(STATE) & OVER) != 0;
        world.check(over == (held == 0), "the end is " + (over ? "" : "not ") + "over");
        int used = 0;
        for (int i = 0; i < MOST_CELLS; i++) if (world.get(CELLS + i * STRIDE) != 0) used++;
        world.check(used == Long.bitCount(held), used + " cells are in use");
    }

    @Override
    public String describe(long offset, long value) {
        if (offset == STATE) return "state " + (value >>> 1) + ((value & OVER) != 0 ? " OVER" : "");
        if (offset < CELLS) return offset == IN_USE ? "in use " + value : "numbers " + value;
        if (offset >= HELD) return "ghost " + Long.toHexString(value);
        String by = value == 0 ? "free" : (value >>> 10) + " by " + ((value & 1023) - 1);
        return "cell " + (offset - CELLS) / STRIDE + " " + by;
    }

    Result search() {
        for (ModelActor actor : actors) actor.fault = fault;
        return new ModelChecker(actors, this).search(memory, new long[0], kills);
    }
}
