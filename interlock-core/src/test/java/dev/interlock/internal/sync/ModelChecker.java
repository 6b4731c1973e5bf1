package dev.interlock.internal.sync;

import dev.interlock.internal.sync.ModelActor.Kind;
import dev.interlock.internal.sync.ModelActor.Node;
import dev.interlock.internal.sync.ModelActor.Step;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Tries every order of the actors' steps, and the death of every process before every step.
 */
@SuppressWarnings({"EnumOrdinal", "RefactorSwitch"}) // small numbers make small states
final class ModelChecker {
    /*
     * State       the words of memory, each actor's point in its life (see ModelActor), who sleeps, which processes live, and how
     *             many may still be killed. Depth-first; states that were met before are known by 64-bit fingerprints, so that
     *             among ten million states one is overlooked with a probability of one in 400,000.
     * Steps       each access to a word is one. Sleeping compares and falls asleep as one. Waking chooses any sleeper.
     * Time        each actor has a clock of its own, which jumps between two looks at it when the search wants it to, and after
     *             MOST_LOOKS looks without a jump in any case: so code that waits for the clock ends.
     * Reduction   a step that nobody else can notice (looking at the own clock, a check) is taken at once, before all others, and
     *             the state before it is not kept.
     * Order       memory is sequentially consistent here, but for stores with the flaw STORES_LATE: weaker orders are for jcstress.
     * Endless     a state that comes back on the way from itself is a failure, and so is a way of MOST_STEPS, however unlikely
     *             that all keep step so long: every loop of our code ends when the others stand still, or have done their part.
     */
    static final int WORDS =
            8; // visible words, from offset 0; the cells between them are not looked at
    static final int GHOSTS = 8;
    static final long STRIDE = 256;

    /*
     * Behind them chunks of cells to wait in, as far as a case has some: of each the header's words, and some words of its first
     * cells. Who waits since when is not looked at.
     */
    static final long CHUNKS = (WORDS + GHOSTS) * STRIDE;
    static final int CELLS = 3;
    private static final long[] HEADER = {WaitCell.NEXT, WaitCell.OWNER, WaitCell.USED};
    private static final long[] CELL = {0, WaitCell.OBJECT, WaitCell.TICKET, WaitCell.KIND};
    static final int CHUNK_WORDS = HEADER.length + CELLS * CELL.length;

    /* And behind those the words of an object, see ModelObject. */
    private static final long OBJECT = 1L << 32;
    private static final int MOST_LOOKS = 3;
    private static final long STACK_BYTES = 64 << 20;
    private static final int MOST_STATES = 20_000_000;
    private static final int MOST_STEPS = 1500;

    /* Tells equal words in different places apart. */
    private static final long[] SALT = new long[256];

    static {
        Arrays.setAll(SALT, i -> mix(mix(i)));
    }

    /** Something for an actor to wait for. */
    interface Event {
        /** What may happen now; empty if the actor has to wait. */
        long[] outcomes(World world);

        /** Makes it happen. */
        default void happen(World world, long outcome) {}
    }

    /** A check, or a note for later checks; not part of what is modelled. */
    interface Ghost {
        void run(World world);
    }

    /** A fault to be seeded into the code: what the actor does instead of its next step. */
    interface Fault {
        /** Null to do the step. */
        @Nullable Step seed(Step step, Node node);
    }

    /** Faults that are no sound step. */
    enum Flaw {
        /** Another value is stored than the code says. */
        OTHER_VALUE,
        /** Sets the lower half to zero instead of subtracting from it. */
        ADD_CLEARS_ALL,
        /** Wakes nobody, and says that it did. */
        WAKES_NOBODY,
        /** Wakes, and says that nobody was there. */
        WAKES_UNTOLD,
        /** Falls asleep without comparing. */
        SLEEPS_BLINDLY,
        /** Does nothing and says that it did. */
        PRETENDS,
        /** Stores without comparing. */
        STORES_BLINDLY,
        /** Stores when the actor has read a certain word the next time, the lock's if it names no other, as a step of its own. */
        STORES_LATE
    }

    /** What went wrong, and how it came to it. */
    static final class Failure extends AssertionError {
        private static final long serialVersionUID = 1L;

        Failure(String message) {
            super(message);
        }
    }

    /** What a search has seen. */
    record Result(long states, long steps, long nodes, int deepest, long bitsSeen) {}

    enum Status {
        RUNNING,
        ASLEEP,
        DONE,
        DEAD
    }

    /** A state of the model. */
    final class World {
        private long[] memory;
        private boolean
                isShared; // the memory, with the state that this was copied from or with copies
        private final Node[] nodes;
        private int statuses; // two bits for each actor
        private int dead; // a bit for each process
        private int kills; // still to come
        private long sum; // of what words and actors add to the fingerprint

        /* All actors are about to run, but have no nodes yet. */
        private World(long[] memory, int actors, int kills) {
            this.memory = memory;
            this.nodes = new Node[actors];
            this.kills = kills;
            for (int i = 0; i < memory.length; i++) sum += mix(memory[i] ^ SALT[i]);
        }

        private World(World other) {
            other.isShared = true;
            isShared = true;
            memory = other.memory;
            nodes = other.nodes.clone();
            statuses = other.statuses;
            dead = other.dead;
            kills = other.kills;
            sum = other.sum;
        }

        private World copy() {
            return new World(this);
        }

        long get(long offset) {
            return memory[place(offset)];
        }

        void put(long offset, long value) {
            int i = place(offset);
            long old = memory[i];
            if (old == value) return;
            if (isShared) memory = memory.clone();
            isShared = false;
            memory[i] = value;
            sum += mix(value ^ SALT[i]) - mix(old ^ SALT[i]);
        }

        private int statusOf(int actor) {
            return (statuses >>> (2 * actor)) & 3;
        }

        private boolean is(int actor, Status status) {
            return statusOf(actor) == status.ordinal();
        }

        private void set(int actor, Node node, Status status) {
            if (nodes[actor] != null) sum -= part(actor);
            nodes[actor] = node;
            statuses += (status.ordinal() - statusOf(actor)) << (2 * actor);
            sum += part(actor);
        }

        /* What an actor adds to the fingerprint. */
        private long part(int actor) {
            long node = ((long) nodes[actor].id << 2) | statusOf(actor);
            return mix(node ^ SALT[memory.length + actor]);
        }

        private int place(long offset) {
            boolean inObject = offset >= OBJECT;
            return inObject ? memory.length - 1 - (int) (offset - OBJECT) : index(offset);
        }

        /** How many processes may still be killed. */
        int killsLeft() {
            return kills;
        }

        /** The word that an actor sleeps on, or -1. */
        long sleepsOn(int actor) {
            return is(actor, Status.ASLEEP) ? nodes[actor].next.offset() : -1;
        }

        /** Whether an actor has come as far as it can by itself. */
        boolean rests(int actor) {
            boolean stands =
                    nodes[actor].next.kind() == Kind.EVENT && actors.get(actor).mayWaitForEver;
            return !is(actor, Status.RUNNING) || stands;
        }

        /** The process is dead from the start. */
        void bury(int process) {
            dead |= 1 << process;
        }

        boolean isDead(int process) {
            return (dead & 1 << process) != 0;
        }

        void check(boolean condition, String message) {
            if (!condition) throw new Failure(message);
        }

        /* Has a sum in it, so that a step changes it by what differs. */
        private long fingerprint() {
            return sum + mix(dead * 31L + kills + 1);
        }
    }

    private static long mix(long z) {
        z += 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    /** What depends on the model at hand. */
    interface Rules {
        /** A process was killed. */
        void died(World world, int process);

        /** Completes the first state, in the thread that plays all actors. */
        default void begin(World world) {
            // it is complete
        }

        /** Whether a process may be killed. */
        default boolean isMortal(int process) {
            return true;
        }

        /** Nothing more can happen. */
        void ended(World world);

        /** Looks at each state. */
        default void check(World world) {
            // whatever must be true always
        }

        /** For people. */
        String describe(long offset, long value);

        /** Whether a read or a store is of a word, and at a time, that others do not care for, so that the order is no matter. */
        default boolean isUnnoticed(World world, int actor, Step step) {
            return false;
        }

        /** What of a state is gathered from all, for tests that make sure that a search got far. */
        default long bits(World world) {
            return 0;
        }

        /** Whether an actor may sleep when nothing more can happen. */
        default boolean maySleepForEver(World world, int actor) {
            return false;
        }
    }

    private final List<ModelActor> actors;
    private final Rules rules;
    private final Fingerprints seen = new Fingerprints();
    private final Deque<String> trail = new ArrayDeque<>(); // filled only while a failure unwinds
    private long states;
    private long steps;
    private long bitsSeen;
    private int deepest;
    private final long[] path = new long[MOST_STEPS];
    private int depth;

    /* How many of the path's fingerprints end so; where it is none the path need not be walked. */
    private final short[] onPath = new short[1 << 14];

    ModelChecker(List<ModelActor> actors, Rules rules) {
        this.actors = actors;
        this.rules = rules;
    }

    /** The offset of a word of the object. */
    static long object(int number) {
        return OBJECT + number;
    }

    static boolean isVisible(long offset) {
        if (offset >= OBJECT) return true;
        return offset < CHUNKS ? offset % STRIDE == 0 : indexInChunk(offset) >= 0;
    }

    /** Where the model keeps a visible word. */
    static int index(long offset) {
        if (offset < CHUNKS) return (int) (offset / STRIDE);
        int chunk = (int) ((offset - CHUNKS) / WaitCell.CHUNK_BYTES);
        return WORDS + GHOSTS + chunk * CHUNK_WORDS + indexInChunk(offset);
    }

    private static int indexInChunk(long offset) {
        long inChunk = (offset - CHUNKS) % WaitCell.CHUNK_BYTES;
        long inCells = inChunk - WaitCell.CHUNK_HEADER_BYTES;
        if (inCells < 0) return Arrays.binarySearch(HEADER, inChunk);
        int cell = (int) (inCells / WaitCell.CELL_BYTES);
        int word = Arrays.binarySearch(CELL, inCells % WaitCell.CELL_BYTES);
        return cell < CELLS && word >= 0 ? HEADER.length + cell * CELL.length + word : -1;
    }

    /** The offset of a chunk. */
    static long chunk(int number) {
        return CHUNKS + (long) number * WaitCell.CHUNK_BYTES;
    }

    /**
     * Searches everything.
     *
     * @param memory first contents: words, ghosts, chunks
     * @param object first contents of the object
     * @param kills how many processes are killed at most
     */
    Result search(long[] memory, long[] object, int kills) {
        int n = actors.size();
        int length = Math.max(memory.length, WORDS + GHOSTS) + object.length;
        World world = new World(Arrays.copyOf(memory, length), n, kills);
        for (int i = 0; i < object.length; i++) world.put(object(i), object[i]);
        run(() -> {
            rules.begin(world);
            for (int i = 0; i < n; i++)
                world.set(i, actors.get(i).root(actors.get(i).first), Status.RUNNING);
            explore(world);
        });
        long nodes = 0;
        for (ModelActor actor : actors) nodes += actor.nodes();
        return new Result(states, steps, nodes, deepest, bitsSeen);
    }

    /* In a thread with a deep stack. */
    private void run(Runnable search) {
        var task = new FutureTask<>(search, null);
        Thread thread = new Thread(null, task, "model-checker", STACK_BYTES);
        thread.start();
        try {
            task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Failure failure)
                throw new Failure(failure.getMessage() + "\n" + String.join("\n", trail));
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            actors.forEach(ModelActor::end);
        }
    }

    private void explore(World world) {
        int local = local(world);
        if (local < 0 && !isNew(world)) return;
        if (depth == MOST_STEPS) throw new Failure("somebody runs for ever");
        bitsSeen |= rules.bits(world);
        rules.check(world);
        deepest = Math.max(deepest, ++depth);
        if (local >= 0) {
            path[depth - 1] = 0;
            takeLocal(world, local);
            depth--;
            return;
        }
        int place = placeOnPath(path[depth - 1]);
        onPath[place]++;
        takeAny(world);
        onPath[place]--;
        depth--;
    }

    private void takeAny(World world) {
        boolean moved = false;
        for (int i = 0; i < world.nodes.length; i++)
            if (world.is(i, Status.RUNNING)) moved |= take(world, i);
        for (int i = 0; i < world.nodes.length && !moved; i++)
            if (world.is(i, Status.ASLEEP) && actors.get(i).sleepsEnd)
                moved = endSleepByTime(world, i);
        if (!moved) requireAllDone(world);
        for (int i = 0; i < world.nodes.length; i++)
            if (world.is(i, Status.ASLEEP)) endSleep(world, i);
        if (world.kills > 0) killAny(world);
    }

    private int placeOnPath(long fingerprint) {
        return (int) fingerprint & onPath.length - 1;
    }

    /* An actor whose step is taken at once, or -1. */
    private int local(World world) {
        for (int i = 0; i < world.nodes.length; i++)
            if (world.is(i, Status.RUNNING) && isLocal(world, i)) return i;
        return -1;
    }

    /* Only of states with a choice, as looking up so many takes nearly all the time. */
    private boolean isNew(World world) {
        long fingerprint = world.fingerprint();
        if (!seen.add(fingerprint)) {
            requireNotOnPath(fingerprint);
            return false;
        }
        if (++states > MOST_STATES) throw new AssertionError("the case is too big for a test");
        if (depth < MOST_STEPS) path[depth] = fingerprint;
        return true;
    }

    /* A state that comes back could come back for ever. */
    private void requireNotOnPath(long fingerprint) {
        if (onPath[placeOnPath(fingerprint)] == 0) return;
        for (int i = 0; i < depth; i++)
            if (path[i] == fingerprint) throw new Failure("somebody runs for ever");
    }

    /* Of a state that is not kept, and so turns into the last of those that may follow. */
    private void takeLocal(World world, int i) {
        ModelActor actor = actors.get(i);
        Node node = world.nodes[i];
        switch (node.next.kind()) {
            case TIME -> {
                boolean mayJump = node.jumps < actor.maxJumps && node.looksAtClock > 0;
                boolean mustJump = node.looksAtClock >= MOST_LOOKS;
                if (mayJump && !mustJump) go(world.copy(), i, node.clock, false, "");
                if (mayJump || mustJump)
                    go(world, i, node.clock + actor.jumpNanos, false, ", later");
                else go(world, i, node.clock, false, "");
            }
            case GHOST -> go(world, i, 0, false, "");
            case PHASE_DONE -> {
                if (node.nextPhase != null)
                    world.set(i, actor.root(node.nextPhase), Status.RUNNING);
                else world.set(i, node, Status.DONE);
                explore(world);
            }
            case GET, PUT, ADD -> go(world, i, access(world, node.next), false, "");
            default -> throw new AssertionError(node.next);
        }
    }

    private boolean isLocal(World world, int i) {
        Node node = world.nodes[i];
        return node.isLocal || (node.mayBeUnnoticed && rules.isUnnoticed(world, i, node.next));
    }

    /* Every way in which the next step of an actor can go. False if it has to wait. */
    private boolean take(World world, int i) {
        Node node = world.nodes[i];
        Step step = node.next;
        switch (step.kind()) {
            case EVENT -> {
                long[] outcomes = java.util.Objects.requireNonNull(step.event()).outcomes(world);
                for (long outcome : outcomes) {
                    World next = world.copy();
                    step.event().happen(next, outcome);
                    go(next, i, outcome, "");
                }
                return outcomes.length > 0;
            }
            case AWAIT -> {
                boolean sleeps =
                        step.flaw() == Flaw.SLEEPS_BLINDLY
                                || (int) world.get(step.offset()) == (int) step.a();
                World next = world.copy();
                if (step.interruptible() && node.interrupts > 0) {
                    go(next, i, Words.Wait.INTERRUPTED.ordinal(), false, "");
                } else if (sleeps) {
                    steps++;
                    next.set(i, actors.get(i).asleep(node), Status.ASLEEP);
                    try {
                        explore(next);
                    } catch (Failure failure) {
                        trail.addFirst(actors.get(i).name + ": falls asleep");
                        throw failure;
                    }
                } else {
                    go(next, i, Words.Wait.CHANGED.ordinal(), "");
                }
            }
            case WAKE -> {
                if (step.a() == 1) wakeOne(world, i, step);
                else wakeAll(world.copy(), i, step);
            }
            default -> {
                World next = world.copy();
                runGhost(next, i, step, step.ghost());
                long answer = step.flaw() == Flaw.STORES_LATE ? 0 : access(next, step);
                if (answer != 0 && step.success() != null) runGhost(next, i, step, step.success());
                go(next, i, answer, "");
            }
        }
        return true;
    }

    private void wakeOne(World world, int i, Step step) {
        boolean any = false;
        for (int j = 0; j < world.nodes.length; j++) {
            if (!isWoken(world, j, step)) continue;
            any = true;
            World next = world.copy();
            wake(next, j);
            long answer = step.flaw() == Flaw.WAKES_UNTOLD ? 0 : 1;
            go(next, i, answer, " of " + actors.get(j).name);
        }
        if (!any) go(world.copy(), i, step.flaw() == Flaw.WAKES_NOBODY ? 1 : 0, "");
    }

    private void wakeAll(World next, int i, Step step) {
        boolean any = false;
        for (int j = 0; j < next.nodes.length; j++) {
            if (!isWoken(next, j, step)) continue;
            any = true;
            wake(next, j);
        }
        go(next, i, any && step.flaw() != Flaw.WAKES_UNTOLD ? 1 : 0, " and all others");
    }

    private static boolean isWoken(World world, int j, Step step) {
        return world.sleepsOn(j) == step.offset() && step.flaw() != Flaw.WAKES_NOBODY;
    }

    private void wake(World next, int j) {
        Node woken = actors.get(j).after(next.nodes[j], Words.Wait.WOKEN.ordinal(), false);
        next.set(j, woken, Status.RUNNING);
    }

    private void runGhost(World world, int i, Step step, @Nullable Ghost ghost) {
        if (ghost == null) return;
        try {
            ghost.run(world);
        } catch (Failure failure) {
            trail.addFirst(actors.get(i).name + ": " + text(step, 0));
            throw failure;
        }
    }

    private static long access(World world, Step step) {
        long old = world.get(step.offset());
        if (step.flaw() == Flaw.PRETENDS) return step.kind() == Kind.ADD ? old : 1;
        switch (step.kind()) {
            case GET -> {
                return old;
            }
            case PUT -> {
                world.put(step.offset(), step.b());
                return 0;
            }
            case CAS -> {
                if (old != step.a() && step.flaw() != Flaw.STORES_BLINDLY) return 0;
                world.put(step.offset(), step.b());
                return 1;
            }
            case ADD -> {
                long sum = step.flaw() == Flaw.ADD_CLEARS_ALL ? old >>> 32 << 32 : old + step.a();
                world.put(step.offset(), sum);
                return old;
            }
            default -> throw new AssertionError(step);
        }
    }

    /* Also tries the same with an interrupt right after it. */
    private void go(World next, int i, long answer, String how) {
        Node node = next.nodes[i];
        if (node.interrupts < actors.get(i).maxInterrupts) go(next.copy(), i, answer, true, how);
        go(next, i, answer, false, how);
    }

    private void go(World next, int i, long answer, boolean interrupted, String how) {
        Node node = next.nodes[i];
        steps++;
        next.set(i, actors.get(i).after(node, answer, interrupted), Status.RUNNING);
        try {
            if (node.next.kind() == Kind.GHOST)
                java.util.Objects.requireNonNull(node.next.ghost()).run(next);
            explore(next);
        } catch (Failure failure) {
            if (node.next.kind() != Kind.GHOST)
                trail.addFirst(
                        actors.get(i).name
                                + ": "
                                + text(node.next, answer)
                                + how
                                + (interrupted ? ", is interrupted" : ""));
            throw failure;
        }
    }

    private void endSleep(World world, int i) {
        Node node = world.nodes[i];
        if (node.next.interruptible() && node.interrupts < actors.get(i).maxInterrupts)
            go(world.copy(), i, Words.Wait.INTERRUPTED.ordinal(), true, "");
        ModelActor actor = actors.get(i);
        boolean early = actor.outsleepsStores && isAnyStoreLate(world);
        if (node.timeouts < actor.maxTimeouts && !early) endSleepByTime(world, i);
    }

    private static boolean isAnyStoreLate(World world) {
        for (int i = 0; i < world.nodes.length; i++)
            if (world.is(i, Status.RUNNING) && !world.nodes[i].late.isEmpty()) return true;
        return false;
    }

    private boolean endSleepByTime(World world, int i) {
        if (world.nodes[i].next.b() == Words.NEVER) return false;
        go(world.copy(), i, Words.Wait.TIMED_OUT.ordinal(), false, "");
        return true;
    }

    private void killAny(World world) {
        int tried = 0;
        for (int i = 0; i < world.nodes.length; i++) {
            int process = actors.get(i).process;
            boolean lives = world.is(i, Status.RUNNING) || world.is(i, Status.ASLEEP);
            if (!lives || (tried & 1 << process) != 0 || !rules.isMortal(process)) continue;
            tried |= 1 << process;
            World next = world.copy();
            next.kills--;
            next.dead |= 1 << process;
            for (int j = 0; j < next.nodes.length; j++) {
                if (actors.get(j).process != process) continue;
                // whatever it was, it is the same now
                next.set(j, actors.get(j).root(actors.get(j).first), Status.DEAD);
            }
            rules.died(next, process);
            try {
                explore(next);
            } catch (Failure failure) {
                trail.addFirst(actors.get(i).name + ": is killed");
                throw failure;
            }
        }
    }

    private void requireAllDone(World world) {
        for (int i = 0; i < world.nodes.length; i++) {
            boolean waits = world.is(i, Status.RUNNING) && world.nodes[i].next.kind() == Kind.EVENT;
            boolean sleeps = world.is(i, Status.ASLEEP) && !rules.maySleepForEver(world, i);
            if (sleeps || (world.is(i, Status.RUNNING) && !(waits && actors.get(i).mayWaitForEver)))
                throw new Failure(
                        actors.get(i).name
                                + " waits for ever; the word is "
                                + rules.describe(LockModel.LOCK, world.get(LockModel.LOCK)));
        }
        rules.ended(world);
    }

    private String text(Step step, long answer) {
        String flaw = step.flaw() == null ? "" : " [" + step.flaw() + "]";
        return switch (step.kind()) {
                    case GET -> "reads " + rules.describe(step.offset(), answer);
                    case PUT -> "writes " + rules.describe(step.offset(), step.b());
                    case CAS ->
                            (answer != 0 ? "changes " : "does not change ")
                                    + rules.describe(step.offset(), step.a())
                                    + " to "
                                    + rules.describe(step.offset(), step.b());
                    case ADD -> "releases " + rules.describe(step.offset(), answer);
                    case AWAIT -> "waited: " + Words.Wait.values()[(int) answer];
                    case WAKE -> answer == 0 ? "wakes, says nobody" : "wakes one";
                    case EVENT -> "sees that " + answer;
                    case TIME -> "looks at the clock";
                    case GHOST -> "notes";
                    case PHASE_DONE -> "is done";
                }
                + flaw;
    }

    /** A set of longs, open addressing. */
    private static final class Fingerprints {
        private long[] table = new long[1 << 16];
        private int size;

        boolean add(long hash) {
            long key = hash == 0 ? 1 : hash; // 0 marks a free place
            if (!insert(key)) return false;
            if (++size * 2L > table.length) grow();
            return true;
        }

        private boolean insert(long key) {
            int mask = table.length - 1;
            int i = (int) key & mask;
            while (table[i] != 0) {
                if (table[i] == key) return false;
                i = i + 1 & mask;
            }
            table[i] = key;
            return true;
        }

        private void grow() {
            long[] old = table;
            table = new long[old.length * 2];
            for (long key : old) if (key != 0) insert(key);
        }
    }
}
