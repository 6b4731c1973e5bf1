package dev.interlock.internal.sync;

import dev.interlock.internal.sync.ModelActor.Kind;
import dev.interlock.internal.sync.ModelActor.Phase;
import dev.interlock.internal.sync.ModelActor.Step;
import dev.interlock.internal.sync.ModelChecker.Event;
import dev.interlock.internal.sync.ModelChecker.Fault;
import dev.interlock.internal.sync.ModelChecker.Result;
import dev.interlock.internal.sync.ModelChecker.Rules;
import dev.interlock.internal.sync.ModelChecker.World;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One ring of one or two slots, the processes that use it, and what must always be true of them. */
@SuppressWarnings({"OperatorPrecedence", "IntLongMath"}) // of small numbers
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
    private int mortal; // a bit for each process that may be killed; 0 for all
    private boolean drops;
    private boolean givesBack;
    private boolean closes;
    private boolean remembering;
    private boolean lagging;
    private int messages;
    private int producers;
    private int consumers;
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

    /** None but the process of this thread may be killed. */
    RingModel onlyDies(ModelActor actor) {
        mortal |= 1 << actor.process;
        return this;
    }

    @Override
    public boolean isMortal(int process) {
        return mortal == 0 || (mortal & 1 << process) != 0;
    }

    /** Messages that the dead were reading are gone. */
    RingModel drops() {
        drops = true;
        return this;
    }

    /** Who puts remembers that it published its last message, and that there is room. */
    RingModel remembering() {
        remembering = true;
        return this;
    }

    /**
     * Others see that a message is gone only when who took it has looked whether anybody waits. Those who may go untold look again
     * some time later, when all such stores are seen.
     */
    RingModel lagging() {
        lagging = true;
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
        return add("producer-", process(), puts(times, null));
    }

    /** A process that claims a place, gives it up, and then puts so many messages. */
    ModelActor quitter(int times) {
        return add("producer-", process(), new Putting(0, times == 0 ? null : puts(times, null)));
    }

    /** A process that puts so many messages together, waiting for places, of which as many are claimed at once as there are. */
    ModelActor batcher(int messagesAtOnce) {
        int first = messages + 1;
        messages += messagesAtOnce;
        return add(
                "producer-", process(), new Batching(first, messagesAtOnce, messagesAtOnce, null));
    }

    /** A process that claims places for so many messages, but writes only some, and then puts others one by one. */
    ModelActor failingBatcher(int messagesAtOnce, int written, int more) {
        int first = messages + 1;
        messages += messagesAtOnce;
        Putting then = more == 0 ? null : puts(more, null);
        return add("producer-", process(), new Batching(first, messagesAtOnce, written, then));
    }

    /** A process that takes so many messages, waiting for them. */
    ModelActor consumer(int times) {
        return add("consumer-", process(), takes(times));
    }

    /** A process that takes as many messages at once as there are, so many at most, and does not wait for any. */
    ModelActor drainer(int most) {
        int process = process();
        int actor = actors.size();
        return add("consumer-", process, words -> drain(most, actor, process, words));
    }

    private @Nullable Phase drain(int most, int actor, int process, ModelWords words) {
        Ring ring = ring(process, words);
        MemorySegment queue = words.memory();
        QueueLook look = new QueueLook(ring, layout, words, queue);
        long first = look.position();
        long seen = look.word();
        long next = first;
        int taken = 0;
        while (taken < most) {
            long position = next;
            long word = ring.takeAt(words, queue, layout.slot(position), position, seen);
            if (word == Ring.NOT_YET) break;
            if (word == 0) {
                next = ring.wouldTakeFrom(position);
                if (next < 0) {
                    next = position;
                    break;
                }
            } else {
                long message = words.get(contents(position));
                words.now(world -> delivered(world, actor, position, message));
                words.putRelease(queue, 0, layout.slot(position), Ring.finished(word));
                next = position + 1;
                taken++;
            }
            if (taken < most) seen = words.get(layout.slot(next));
        }
        if (next == first) return null;
        ring.taken(words, queue, next - 1, look.returns());
        ring.finished(first, next, taken);
        ring.signalFinished(words, queue);
        return null;
    }

    /** A process that gives the first message back that it takes, and then takes so many. */
    ModelActor refuser(int times) {
        givesBack = true;
        return add("consumer-", process(), new Taking(times == 0 ? null : takes(times), true));
    }

    /** A process that tries for a time, and may be interrupted. */
    ModelActor impatientConsumer() {
        Taking taking = new Taking(null, false);
        taking.deadlineNanos = 1_000_000;
        return add("consumer-", process(), taking);
    }

    /** A process that tries for a time, and may be interrupted. */
    ModelActor impatientProducer() {
        Putting putting = puts(1, null);
        putting.deadlineNanos = 1_000_000;
        return add("producer-", process(), putting);
    }

    /** A process that takes until the ring is closed and drained. */
    ModelActor consumerToTheEnd() {
        Taking taking = new Taking(null, false);
        taking.then = taking;
        return add("consumer-", process(), taking);
    }

    /** A process that closes the ring. */
    ModelActor closer() {
        closes = true;
        int process = process();
        return add("closer-", process, closing(process));
    }

    /** A process that puts a message and closes the ring. */
    ModelActor closingProducer() {
        closes = true;
        int process = process();
        Putting putting = puts(1, null);
        putting.afterwards = closing(process);
        return add("producer-", process, putting);
    }

    private Phase closing(int process) {
        return words -> {
            ring(process, words).close();
            return null;
        };
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
                        boolean free =
                                member(world, dead.slot) == (dead.generation * ONE_USE | FREE);
                        return free ? new long[] {1} : new long[0];
                    }

                    @Override
                    public void happen(World world, long outcome) {
                        setMember(world, dead.slot, (dead.generation + 1) * ONE_USE | ALIVE);
                    }
                };
        Putting put = puts(1, null);
        put.setUser(actors.size(), process);
        return add(
                        "newcomer-",
                        process,
                        words -> {
                            words.when(join);
                            return put;
                        })
                .optional();
    }

    /** A process that sweeps when another is dead, again and again. It has no slot of its own. */
    ModelActor sweeper() {
        processes.add(new Member(-1, 0));
        Map<Integer, Phase> slotsDone = new HashMap<>();
        Phase sweep =
                new Phase() {
                    @Override
                    public Phase run(ModelWords words) {
                        int found = (int) words.when(new Dying());
                        int slot = found >> BITS;
                        int dying = found & (1 << BITS) - 1;
                        boolean never = mistake == Mistake.NEVER_ASKS_STILL_DYING;
                        Event still = world -> new long[] {member(world, slot) == dying ? 1 : 0};
                        boolean done =
                                RingSweep.slots(
                                        words,
                                        layout,
                                        slot,
                                        drops,
                                        () -> never || words.when(still) == 1);
                        return done
                                ? slotsDone.computeIfAbsent(found, _ -> signals(slot, dying))
                                : this;
                    }

                    private Phase signals(int slot, int dying) {
                        return words -> {
                            RingSweep.signals(words, layout);
                            words.when(new Freeing(slot, dying));
                            return this;
                        };
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

    private static final class Freeing implements Event {
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
        if (script instanceof Operation operation) operation.setUser(actors.size(), process);
        ModelActor actor = new ModelActor(kind + actors.size(), process, script);
        actors.add(actor);
        if (kind.equals("producer-") || kind.equals("newcomer-")) producers++;
        if (kind.equals("consumer-")) consumers++;
        return actor;
    }

    private Ring ring(int process, ModelWords words) {
        return new Ring(words, layout, processes.get(process).slot);
    }

    private Putting puts(int times, @Nullable Putting then) {
        Putting script = then;
        for (int i = 0; i < times; i++) script = new Putting(++messages, script);
        return Objects.requireNonNull(script);
    }

    private Taking takes(int times) {
        Taking script = null;
        for (int i = 0; i < times; i++) script = new Taking(script, false);
        return Objects.requireNonNull(script);
    }

    /*
     * An operation, cut into phases where nothing is remembered but a position or a word. The loop of RingSignal.await is cut, too,
     * unless it may end otherwise.
     */
    private abstract class Operation implements Phase {
        @Nullable Operation then;
        int process;
        int actor;
        long deadlineNanos = Words.NEVER;
        private final long at; // the signal
        private final Map<List<Object>, Phase> sleeping = new HashMap<>();
        private final Map<List<Object>, Phase> attempts = new HashMap<>();
        private final Map<Long, Phase> passes = new HashMap<>();
        private final Map<Long, Phase> uses = new HashMap<>();

        Operation(long at, @Nullable Operation then) {
            this.at = at;
            this.then = then;
        }

        void setUser(int actor, int process) {
            this.actor = actor;
            this.process = process;
            if (then != null && then != this) then.setUser(actor, process);
        }

        abstract boolean mayTry(World world);

        abstract long tryOnce(Ring ring);

        abstract boolean mayGoUntold(Ring ring);

        abstract @Nullable Phase use(long position, ModelWords words);

        /* A first try that is going to fail has no effect. So it is left out, as far as that can be known. */
        @Override
        public @Nullable Phase run(ModelWords words) {
            Event oracle = world -> new long[] {mayTry(world) ? 1 : 0};
            long position = words.when(oracle) == 1 ? tryOnce(knowingRing(words)) : Ring.NOT_YET;
            if (position >= 0) return using(position);
            if (position != Ring.NOT_YET) return null;
            return deadlineNanos == Words.NEVER ? sleeping(0, false) : awaiting(words);
        }

        /* A process that begins to put has published what it claimed before. */
        private Ring knowingRing(ModelWords words) {
            Ring ring = ring(process, words);
            if (!remembering || at != RingLayout.SPACE) return ring;
            int slot = processes.get(process).slot;
            long tail =
                    words.when(world -> {
                        long seen = world.get(RingLayout.TAIL);
                        return new long[] {RingTail.slot(seen) == slot ? seen : 0};
                    });
            return tail == 0 || isFull(tail, words) ? ring : knowing(ring, tail);
        }

        private boolean isFull(long tail, ModelWords words) {
            Event free = world -> new long[] {isFree(world, RingTail.position(tail)) ? 1 : 0};
            return words.when(free) == 0;
        }

        private Ring knowing(Ring ring, long tail) {
            return ring.knowing(tail, RingTail.position(tail) + 1);
        }

        /* Slept before on what was announced, as one who may go untold; late enough that no store is kept back. */
        private Phase sleeping(long sleptOn, boolean isLate) {
            return sleeping.computeIfAbsent(
                    List.of(sleptOn, isLate),
                    _ -> words -> attempt(RingSignal.announce(words, at), sleptOn, isLate));
        }

        private Phase attempt(long announced, long sleptOn, boolean isLate) {
            return attempts.computeIfAbsent(
                    List.of(announced, sleptOn, isLate),
                    _ -> words -> attempt(announced, sleptOn, isLate, words));
        }

        private Phase attempt(long announced, long sleptOn, boolean isLate, ModelWords words) {
            Ring ring = ring(process, words);
            long position = tryOnce(ring);
            if (position != Ring.NOT_YET) return passOn(position);
            boolean isSettled = isLate && announced == sleptOn;
            boolean settles = lagging && !isSettled && mayGoUntold(ring);
            long settledAt = settles ? SecondTry.settledAt(words) : Words.NEVER;
            words.await(at, (int) announced, settledAt, false);
            if (settles) return sleeping(announced, words.nanoTime() >= settledAt);
            return sleeping(sleptOn, isLate);
        }

        private @Nullable Phase awaiting(ModelWords words) {
            Ring ring = ring(process, words);
            RingSignal.Attempt attempt =
                    new RingSignal.Attempt() {
                        @Override
                        public long tryOnce() {
                            return Operation.this.tryOnce(ring);
                        }

                        @Override
                        public long until(long deadlineNanos) {
                            return deadlineNanos;
                        }

                        @Override
                        public boolean mayGoUntold() {
                            return false;
                        }
                    };
            return passOn(RingSignal.await(words, words, at, attempt, deadlineNanos, true));
        }

        private Phase passOn(long position) {
            return passes.computeIfAbsent(
                    position,
                    _ ->
                            words -> {
                                RingSignal.signal(words, at);
                                return position < 0 ? null : using(position);
                            });
        }

        private Phase using(long position) {
            return uses.computeIfAbsent(position, _ -> words -> use(position, words));
        }
    }

    private final class Putting extends Operation {
        private final int id; // 0: gives the place up
        private final Phase signal;
        private @Nullable Phase afterwards;

        Putting(int id, @Nullable Putting then) {
            super(RingLayout.SPACE, then);
            this.id = id;
            this.signal =
                    words -> {
                        ring(process, words).signalItems();
                        return this.then == null ? afterwards : this.then;
                    };
        }

        @Override
        boolean mayTry(World world) {
            return world.get(RingLayout.CLOSED) != 0 || !isFull(world);
        }

        @Override
        long tryOnce(Ring ring) {
            return ring.claim();
        }

        @Override
        boolean mayGoUntold(Ring ring) {
            return true;
        }

        @Override
        @Nullable Phase use(long position, ModelWords words) {
            words.put(contents(position), id);
            if (id == 0) {
                ring(process, words).abort(position);
                return then;
            }
            words.withNextStep(world ->
                    world.put(PUBLISHED, world.get(PUBLISHED) | (long) id << 4 * position));
            ring(process, words).publish(position, false);
            return signal;
        }
    }

    /** Puts messages with the numbers from {@code first} on, as many at once as it gets places; gives those after {@code written} up. */
    private final class Batching extends Operation {
        private final int first;
        private final int count;
        private final int written;
        private final Map<Long, Phase> publishing = new HashMap<>();
        private final Map<Integer, Phase> told = new HashMap<>();
        private final Map<Integer, Operation> rests = new HashMap<>();

        Batching(int first, int count, int written, @Nullable Operation then) {
            super(RingLayout.SPACE, then);
            this.first = first;
            this.count = count;
            this.written = written;
        }

        @Override
        boolean mayTry(World world) {
            return world.get(RingLayout.CLOSED) != 0 || !isFull(world);
        }

        @Override
        long tryOnce(Ring ring) {
            return ring.claim(count);
        }

        @Override
        boolean mayGoUntold(Ring ring) {
            return true;
        }

        @Override
        @Nullable Phase use(long position, ModelWords words) {
            int claimed = ring(process, words).claimed(position);
            int messages = Math.min(claimed, written);
            for (int i = 0; i < messages; i++) words.put(contents(position + i), first + i);
            return publishing.computeIfAbsent(
                    position << 4 | claimed,
                    _ -> running -> publish(position, claimed, messages, running));
        }

        private @Nullable Phase publish(
                long position, int claimed, int messages, ModelWords words) {
            Ring ring = ring(process, words);
            ModelChecker.Ghost published =
                    world -> {
                        for (int i = 0; i < messages; i++) {
                            long message = (long) (first + i) << 4 * (position + i);
                            world.put(PUBLISHED, world.get(PUBLISHED) | message);
                        }
                    };
            if (claimed == 1) words.withNextStep(published);
            else words.withNextCas(layout.slot(position), published);
            ring.publish(position, claimed, messages);
            return told.computeIfAbsent(claimed, _ -> running -> tell(claimed, running));
        }

        private @Nullable Phase tell(int claimed, ModelWords words) {
            ring(process, words).signalItems();
            return claimed == count ? then : rest(claimed);
        }

        private @Nullable Operation rest(int claimed) {
            return rests.computeIfAbsent(
                    claimed,
                    _ -> {
                        int left = Math.max(0, written - claimed);
                        Batching rest = new Batching(first + claimed, count - claimed, left, then);
                        rest.setUser(actor, process);
                        return rest;
                    });
        }
    }

    private final class Taking extends Operation {
        private final boolean refuses;
        private final Phase signal;

        Taking(@Nullable Taking then, boolean refuses) {
            super(RingLayout.ITEMS, then);
            this.refuses = refuses;
            this.signal =
                    words -> {
                        MemorySegment queue = words.memory();
                        ring(process, words).signalFinished(words, queue);
                        return this.then;
                    };
        }

        @Override
        boolean mayTry(World world) {
            return world.get(RingLayout.CLOSED) != 0 || hasMessage(world);
        }

        @Override
        long tryOnce(Ring ring) {
            return ring.take();
        }

        @Override
        boolean mayGoUntold(Ring ring) {
            return ring.isClosed();
        }

        @Override
        @Nullable Phase use(long position, ModelWords words) {
            long message = words.get(contents(position));
            words.now(world -> delivered(world, actor, position, message));
            if (refuses) {
                ring(process, words).giveBack(position);
                return then;
            }
            Ring ring = ring(process, words);
            ring.finish(position);
            if (!lagging) return signal;
            ring.signalFinished(words, words.memory()); // in this phase, which knows of the store
            return then;
        }
    }

    private long contents(long position) {
        return CONTENTS + (layout.slot(position) - SLOTS);
    }

    private static int nibble(long word, long index) {
        return (int) (word >>> 4 * index) & 15;
    }

    private void delivered(World world, int actor, long position, long message) {
        int published = nibble(world.get(PUBLISHED), position);
        world.check(
                published != 0 && published == message, "read " + message + ", not " + published);
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
        return !isFree(world, RingTail.position(world.get(RingLayout.TAIL)));
    }

    private boolean isFree(World world, long position) {
        return world.get(layout.slot(position)) == RingWord.empty(layout.lap(position));
    }

    @Override
    public void ended(World world) {
        for (int i = 0; i < layout.capacity; i++) {
            int state = RingWord.state(world.get(layout.slotOf(i)));
            boolean rests = state == RingWord.EMPTY || state == RingWord.FULL;
            world.check(rests, "a slot is left in use");
        }
        long tail = world.get(RingLayout.TAIL);
        boolean unsettled = RingTail.slot(tail) >= 0 && isFree(world, RingTail.first(tail));
        world.check(!unsettled, "a position is left claimed");
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
        for (ModelActor actor : actors) {
            actor.fault = actor.name.startsWith("sweeper") ? sweepFault : fault;
            if (!lagging) continue;
            actor.sleepsEnd = true;
            actor.outsleepsStores = true;
            actor.timeouts(1);
            if (actor.name.startsWith("consumer")) lag(actor);
        }
        return new ModelChecker(actors, this)
                .search(new long[ModelChecker.WORDS], new long[0], kills);
    }

    private static void lag(ModelActor actor) {
        Fault other = actor.fault;
        actor.storesLateBehind = RingLayout.SPACE;
        actor.fault =
                (step, node) -> {
                    Step seeded = other == null ? null : other.seed(step, node);
                    return seeded == null && finishes(step)
                            ? step.with(ModelChecker.Flaw.STORES_LATE)
                            : seeded;
                };
    }

    private static boolean finishes(Step step) {
        return step.kind() == Kind.PUT
                && step.offset() >= SLOTS
                && step.offset() < CONTENTS
                && RingWord.state(step.b()) == RingWord.EMPTY;
    }

    /*
     * What is never stored in the case at hand; what only one thread looks at; and contents, as they are read and written while the
     * slot's word names the thread's process, which the CAS that follows makes sure of.
     */
    @Override
    public boolean isUnnoticed(World world, int actor, Step step) {
        long offset = step.offset();
        boolean returns = kills > 0 || givesBack;
        if (offset >= CONTENTS) return true;
        if (offset == RingLayout.CLOSED) return !closes && step.kind() == Kind.GET;
        if (offset == RingLayout.RETURNS) return !returns;
        if (offset == RingLayout.SPACE) return messages <= layout.capacity && !closes;
        if (offset == RingLayout.TAIL) return producers == 1 && !returns && !closes;
        return offset == RingLayout.NEXT && consumers == 1;
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
            String name =
                    List.of("tail", "next", "returns", "closed", "items", "space")
                            .get((int) (offset / STRIDE));
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
