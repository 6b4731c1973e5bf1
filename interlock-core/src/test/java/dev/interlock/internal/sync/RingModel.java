package dev.interlock.internal.sync;

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

/** One ring of one or two slots, the processes that use it, and what must always be true of them. */
final class RingModel implements Rules {
    /*
     * Memory   words 0 to 5: those of RingLayout; words 6 and 7: the slots. Behind them, as ghosts have their place there: the contents
     *          of the slots, a word each, which the threads write and read as they do messages.
     * Ghosts   PUBLISHED: the message of each position, four bits each. DELIVERED: how often it was read, the same. PROCESSES: of each
     *          slot whether it is ALIVE, DYING or FREE, and its generation. LAST: of each actor, the position it read last, + 1.
     * Checked  Whoever reads a message reads what was published at that position, whole. While nobody has died and nothing was
     *          given back, each is read once, and by each actor in the order of positions; in drop mode never twice. Whenever nothing
     *          can go on by itself: nobody waits for a message while there is one, nor for a place, nor at all when closed; no word
     *          names the dead; and what was published and not read is still there, unless its reader died in drop mode.
     */
    private static final long STRIDE = ModelChecker.STRIDE;
    private static final long SLOTS = RingLayout.BYTES;
    private static final long CONTENTS = ModelChecker.WORDS * STRIDE;
    private static final long PUBLISHED = CONTENTS + 2 * STRIDE;
    private static final long DELIVERED = PUBLISHED + STRIDE;
    private static final long PROCESSES = DELIVERED + STRIDE;
    private static final long LAST = PROCESSES + STRIDE;

    private static final int ALIVE = 0;
    private static final int DYING = 1;
    private static final int FREE = 2;
    private static final int STATE = 3;
    private static final int ONE_USE = 4;
    private static final int BITS = 8; // of a process in PROCESSES

    private record Member(int slot, int generation) {}

    private final List<ModelActor> actors = new ArrayList<>();
    private final List<Member> processes = new ArrayList<>();
    private final RingLayout layout;
    private int slots;
    private int kills;
    private boolean drops;
    private boolean givesBack;
    private boolean closes;
    private int messages;
    private @Nullable Fault fault;
    private @Nullable Fault sweepFault;
    private @Nullable Mistake mistake;

    /** How a sweep may be called wrongly. */
    enum Mistake {
        NEVER_ASKS_STILL_DYING
    }

    RingModel(int capacity) {
        layout = new RingLayout(0, SLOTS, (int) STRIDE, capacity);
    }

    RingModel kills(int most) {
        kills = most;
        return this;
    }

    /** Messages that the dead were reading are gone. */
    RingModel drops() {
        drops = true;
        return this;
    }

    /** Seeds a fault into all but the sweepers. */
    RingModel fault(Fault fault) {
        this.fault = fault;
        return this;
    }

    /** Seeds a fault into the sweepers. */
    RingModel sweepFault(Fault fault) {
        sweepFault = fault;
        return this;
    }

    /** Seeds a fault into how sweepers are called. */
    RingModel mistake(Mistake mistake) {
        this.mistake = mistake;
        return this;
    }

    private int process() {
        processes.add(new Member(slots++, 0));
        return processes.size() - 1;
    }

    /** A process that puts so many messages, waiting for places. */
    ModelActor producer(int times) {
        int process = process();
        return add("producer-", process, Objects.requireNonNull(puts(process, times, false)));
    }

    /** A process that claims a place, gives it up, and then puts so many messages. */
    ModelActor quitter(int times) {
        int process = process();
        Phase first = words -> claim(process, words, Words.NEVER, false, null, true, 0);
        Phase then = puts(process, times, false);
        return add("quitter-", process, words -> {
            first.run(words);
            return then;
        });
    }

    /** A process that takes so many messages, waiting for them. */
    ModelActor consumer(int times) {
        int process = process();
        return add("consumer-", process, takes(process, times, false));
    }

    /** A process that gives the first message back that it takes, and then takes so many. */
    ModelActor refuser(int times) {
        givesBack = true;
        int process = process();
        return add("refuser-", process, takes(process, times, true));
    }

    /** A process that tries for a time, and may be interrupted. */
    ModelActor impatientConsumer() {
        int process = process();
        int actor = actors.size();
        return add(
                "impatient-", process, words -> take(process, actor, words, 1_000_000, true, null, false));
    }

    /** A process that tries for a time, and may be interrupted. */
    ModelActor impatientProducer() {
        int process = process();
        int id = ++messages;
        return add(
                "impatient-", process, words -> claim(process, words, 1_000_000, true, null, false, id));
    }

    /** A process that takes until the ring is closed and drained. */
    ModelActor consumerToTheEnd() {
        int process = process();
        int actor = actors.size();
        Phase take =
                new Phase() {
                    @Override
                    public @Nullable Phase run(ModelWords words) {
                        return take(process, actor, words, Words.NEVER, false, this, false);
                    }
                };
        return add("consumer-", process, take);
    }

    /** A process that closes the ring. */
    ModelActor closer() {
        closes = true;
        int process = process();
        return add("closer-", process, words -> {
            ring(process, words).close();
            return null;
        });
    }

    /** A process that gets the slot of a dead one when that was swept, and puts a message. */
    ModelActor newcomer(int deadProcess) {
        Member dead = processes.get(deadProcess);
        processes.add(new Member(dead.slot, dead.generation + 1));
        int process = processes.size() - 1;
        Event join =
                new Event() {
                    @Override
                    public long[] outcomes(World world) {
                        boolean free = member(world, dead.slot) == (dead.generation * ONE_USE | FREE);
                        return free ? new long[] {1} : new long[0];
                    }

                    @Override
                    public void happen(World world, long outcome) {
                        setMember(world, dead.slot, (dead.generation + 1) * ONE_USE | ALIVE);
                    }
                };
        Phase put = puts(process, 1, false);
        return add("newcomer-", process, words -> {
                    words.when(join);
                    return put;
                })
                .optional();
    }

    /** A process that sweeps when another is dead, again and again. It has no slot of its own. */
    ModelActor sweeper() {
        processes.add(new Member(-1, 0));
        Phase sweep =
                new Phase() {
                    @Override
                    public Phase run(ModelWords words) {
                        int found = (int) words.when(new Dying());
                        int slot = found >> BITS;
                        int dying = found & (1 << BITS) - 1;
                        boolean never = mistake == Mistake.NEVER_ASKS_STILL_DYING;
                        Event still = world -> new long[] {member(world, slot) == dying ? 1 : 0};
                        Ring.sweep(words, layout, slot, drops, () -> never || words.when(still) == 1);
                        words.when(new Freeing(slot, dying));
                        return this;
                    }
                };
        return add("sweeper-", processes.size() - 1, sweep).optional();
    }

    /* Some dead process, which is DYING from now on. */
    private final class Dying implements Event {
        @Override
        public long[] outcomes(World world) {
            long[] found = new long[slots];
            int count = 0;
            for (int slot = 0; slot < slots; slot++) {
                int member = member(world, slot);
                if (isDead(world, slot)) found[count++] = slot << BITS | (member & ~STATE) | DYING;
            }
            return java.util.Arrays.copyOf(found, count);
        }

        @Override
        public void happen(World world, long outcome) {
            setMember(world, (int) outcome >> BITS, (int) outcome & (1 << BITS) - 1);
        }
    }

    private final class Freeing implements Event {
        private final int slot;
        private final int dying;

        Freeing(int slot, int dying) {
            this.slot = slot;
            this.dying = dying;
        }

        @Override
        public long[] outcomes(World world) {
            return new long[] {1};
        }

        @Override
        public void happen(World world, long outcome) {
            if (member(world, slot) == dying) setMember(world, slot, (dying & ~STATE) | FREE);
        }
    }

    private static int member(World world, int slot) {
        return (int) (world.get(PROCESSES) >>> (slot * BITS)) & (1 << BITS) - 1;
    }

    private static void setMember(World world, int slot, int value) {
        long others = world.get(PROCESSES) & ~((1L << BITS) - 1 << (slot * BITS));
        world.put(PROCESSES, others | (long) value << (slot * BITS));
    }

    private boolean isDead(World world, int slot) {
        int member = member(world, slot);
        if ((member & STATE) == DYING) return true;
        int process = processes.indexOf(new Member(slot, member / ONE_USE));
        return (member & STATE) == ALIVE && world.isDead(process);
    }

    private ModelActor add(String kind, int process, Phase script) {
        ModelActor actor = new ModelActor(kind + actors.size(), process, script);
        actors.add(actor);
        return actor;
    }

    private Ring ring(int process, ModelWords words) {
        return new Ring(words, layout, processes.get(process).slot);
    }

    private @Nullable Phase puts(int process, int times, boolean aborts) {
        Phase script = null;
        for (int i = 0; i < times; i++) {
            Phase then = script;
            int id = ++messages;
            script = words -> claim(process, words, Words.NEVER, false, then, aborts, id);
        }
        return script;
    }

    private @Nullable Phase claim(
            int process,
            ModelWords words,
            long deadlineNanos,
            boolean interruptible,
            @Nullable Phase then,
            boolean aborts,
            int id) {
        Ring ring = ring(process, words);
        long position = ring.claim();
        if (position == Ring.NOT_YET)
            position =
                    RingSignal.await(
                            words, words, RingLayout.SPACE, attempt(ring::claim), deadlineNanos, interruptible);
        if (position < 0) return null;
        long claimed = position;
        words.put(contents(claimed), aborts ? 0 : id);
        if (aborts) {
            ring.abort(claimed);
            return then;
        }
        words.withNextStep(world -> world.put(PUBLISHED, world.get(PUBLISHED) | (long) id << 4 * claimed));
        ring.publish(claimed);
        return then;
    }

    private Phase takes(int process, int times, boolean refuses) {
        int actor = actors.size();
        Phase script = null;
        for (int i = 0; i < times; i++) {
            Phase then = script;
            script = words -> take(process, actor, words, Words.NEVER, false, then, false);
        }
        Phase then = script;
        if (refuses) script = words -> take(process, actor, words, Words.NEVER, false, then, true);
        return Objects.requireNonNull(script);
    }

    private @Nullable Phase take(
            int process,
            int actor,
            ModelWords words,
            long deadlineNanos,
            boolean interruptible,
            @Nullable Phase then,
            boolean refuses) {
        Ring ring = ring(process, words);
        long position = ring.take();
        if (position == Ring.NOT_YET)
            position =
                    RingSignal.await(
                            words, words, RingLayout.ITEMS, attempt(ring::take), deadlineNanos, interruptible);
        if (position < 0) return null;
        long taken = position;
        long message = words.get(contents(taken));
        words.now(world -> delivered(world, actor, taken, message));
        if (refuses) ring.giveBack(taken);
        else ring.finish(taken);
        return then;
    }

    private interface Try {
        long tryOnce();
    }

    private static RingSignal.Attempt attempt(Try once) {
        return new RingSignal.Attempt() {
            @Override
            public long tryOnce() {
                return once.tryOnce();
            }

            @Override
            public long until(long deadlineNanos) {
                return deadlineNanos;
            }
        };
    }

    private long contents(long position) {
        return CONTENTS + (layout.slot(position) - SLOTS);
    }

    private static int nibble(long word, long index) {
        return (int) (word >>> 4 * index) & 15;
    }

    private void delivered(World world, int actor, long position, long message) {
        int published = nibble(world.get(PUBLISHED), position);
        world.check(published != 0 && published == message, "read " + message + ", not " + published);
        world.put(DELIVERED, world.get(DELIVERED) + (1L << 4 * position));
        boolean twice = nibble(world.get(DELIVERED), position) > 1;
        boolean mayTwice = givesBack || (anyDied(world) && !drops);
        world.check(!twice || mayTwice, "a message was read twice");
        boolean inOrder = position + 1 > nibble(world.get(LAST), actor);
        world.check(inOrder || mayTwice, "messages came out of order");
        world.put(LAST, (world.get(LAST) & ~(15L << 4 * actor)) | position + 1 << 4 * actor);
    }

    private boolean anyDied(World world) {
        for (int i = 0; i < processes.size(); i++) if (world.isDead(i)) return true;
        return false;
    }

    @Override
    public void died(World world, int process) {
        // the sweeper sees to that
    }

    @Override
    public boolean maySleepForEver(World world, int actor) {
        if (world.get(RingLayout.CLOSED) != 0) return false;
        return world.sleepsOn(actor) == RingLayout.ITEMS ? !hasMessage(world) : isFull(world);
    }

    private boolean hasMessage(World world) {
        for (int i = 0; i < layout.capacity; i++)
            if (RingWord.state(world.get(layout.slotOf(i))) == RingWord.FULL) return true;
        return false;
    }

    private boolean isFull(World world) {
        for (long position = 0; ; position++) { // until the end
            long word = world.get(layout.slot(position));
            int ahead = RingWord.lap(word) - layout.lap(position);
            if (ahead < 0) return true;
            if (ahead == 0 && RingWord.state(word) == RingWord.EMPTY) return false;
        }
    }

    @Override
    public void ended(World world) {
        for (int i = 0; i < layout.capacity; i++) {
            int state = RingWord.state(world.get(layout.slotOf(i)));
            boolean rests = state == RingWord.EMPTY || state == RingWord.FULL;
            world.check(rests, "a slot is left in use");
        }
        boolean mayLose = drops && anyDied(world);
        for (long position = 0; position < 16; position++) {
            if (nibble(world.get(PUBLISHED), position) == 0) continue;
            boolean read = nibble(world.get(DELIVERED), position) > 0;
            long word = world.get(layout.slot(position));
            boolean there =
                    RingWord.lap(word) == layout.lap(position)
                            && RingWord.state(word) == RingWord.FULL;
            world.check(read || there || mayLose, "a message is lost");
        }
    }

    Result search() {
        for (ModelActor actor : actors)
            actor.fault = actor.name.startsWith("sweeper") ? sweepFault : fault;
        return new ModelChecker(actors, this).search(new long[ModelChecker.WORDS], kills);
    }

    /* What is never stored in the case at hand. */
    @Override
    public boolean isUnnoticed(World world, int actor, Step step) {
        if (step.kind() != Kind.GET) return false;
        if (step.offset() == RingLayout.CLOSED) return !closes;
        return step.offset() == RingLayout.RETURNS && kills == 0 && !givesBack;
    }

    @Override
    public long bits(World world) {
        long bits = 0;
        for (int i = 0; i < layout.capacity; i++)
            bits |= 1L << RingWord.state(world.get(layout.slotOf(i)));
        return bits | world.get(RingLayout.ITEMS) << 8 | world.get(RingLayout.SPACE) << 16;
    }

    @Override
    public String describe(long offset, long value) {
        if (offset < SLOTS) {
            String name = List.of("tail", "next", "returns", "closed", "items", "space").get((int) (offset / STRIDE));
            return name + " " + Long.toHexString(value);
        }
        if (offset >= CONTENTS) return "contents " + value;
        String state = List.of("EMPTY", "WRITING", "FULL", "READING").get(RingWord.state(value));
        return "slot "
                + (offset - SLOTS) / STRIDE
                + " {"
                + RingWord.lap(value)
                + " "
                + state
                + " by "
                + RingWord.slot(value)
                + "}";
    }
}
