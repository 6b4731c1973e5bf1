package dev.interlock.internal.sync;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One thread of a modelled process. It runs real code against {@link Words}, one step at a time, and may be asked for its next step
 * again and again from any point of any of its pasts.
 */
@SuppressWarnings({
    "EnumOrdinal",
    "IdentityHashMapUsage",
    "ExposedPrivateType"
}) // small numbers make small states
final class ModelActor {
    /*
     * A thread's stack cannot be copied, but between two steps the code is a function of what its steps answered so far. So a point
     * in an actor's life is a node of a tree: the edge to a child is the answer to the node's step. What an actor does next after a
     * given past is found once, by running its code from the beginning against the recorded answers and stopping it with an error
     * at the first step that has none yet; then it is a look-up. Nothing but the search itself ever waits for a thread.
     *
     * Forgetting   Pasts that differ in nothing that the code remembers are one node, or there would be too many. A script is cut
     *             into phases, between which nothing is remembered but which phase is next. And who sleeps remembers only how long
     *             it has waited, since every sleep of our code is the last step of its loop. If it sleeps in a line it
     *             also remembers on which word; whether it gave another wait up before; and what the lock was when it released
     *             that in the same phase; and what else a model says that it does. That is checked: of two pasts that were made one, both are asked
     *             for every step that follows.
     */

    /** What a thread of the model does: real code, that reaches memory, sleeps and asks the time through {@code words}. */
    interface Phase {
        /** Answers the next phase, or null if that was the last. */
        @Nullable Phase run(ModelWords words) throws Throwable;
    }

    /** What a thread remembers when it sleeps or has slept, besides what all do. */
    interface Memory {
        /** What it remembers after a step; before the first of its phase it is 0. */
        long after(long before, Step step, long answer);
    }

    /** What a step is. Those below {@link #EVENT} touch nothing that others see, so their order among others' steps is no matter. */
    enum Kind {
        GET,
        PUT,
        CAS,
        ADD,
        AWAIT,
        WAKE,
        EVENT,
        TIME,
        GHOST,
        PHASE_DONE
    }

    /**
     * What an actor is about to do.
     *
     * @param a the expected value, the summand, or how many to wake
     * @param b the new value, or a deadline
     * @param ghost is run in the same instant, before it
     * @param success is run in the same instant, after it, if it is a CAS that succeeds
     * @param flaw a seeded fault, of those that {@link ModelChecker} knows; null for sound code
     */
    record Step(
            Kind kind,
            long offset,
            long a,
            long b,
            boolean interruptible,
            ModelChecker.@Nullable Event event,
            ModelChecker.@Nullable Ghost ghost,
            ModelChecker.@Nullable Ghost success,
            ModelChecker.@Nullable Flaw flaw) {

        static Step of(Kind kind, long offset, long a, long b) {
            return new Step(kind, offset, a, b, false, null, null, null, null);
        }

        Step with(ModelChecker.Flaw flaw) {
            return new Step(kind, offset, a, b, interruptible, event, ghost, success, flaw);
        }

        Step storing(long value) {
            return new Step(
                    kind,
                    offset,
                    a,
                    value,
                    interruptible,
                    event,
                    ghost,
                    success,
                    ModelChecker.Flaw.OTHER_VALUE);
        }

        private boolean isLocal() {
            return kind.compareTo(Kind.EVENT) > 0;
        }

        private boolean mayBeUnnoticed() {
            boolean may = kind == Kind.GET || kind == Kind.PUT || kind == Kind.ADD;
            return may && ghost == null && flaw == null;
        }

        private boolean givesUp() {
            return kind == Kind.CAS
                    && offset >= ModelChecker.CHUNKS
                    && WaitCell.state(b) == WaitCell.GONE;
        }

        private boolean isSameAs(Step other) {
            return kind == other.kind && offset == other.offset && a == other.a && b == other.b;
        }
    }

    private static final Step DONE = Step.of(Kind.PHASE_DONE, 0, 0, 0);

    /** All that a thread remembers when a sleep has ended, or, with an answer of -1, while it sleeps. */
    private record Sleep(
            Phase phase,
            long offset,
            boolean gaveUp,
            long released,
            long remembered,
            long answer,
            boolean interruptible,
            long deadline,
            int interrupts,
            int timeouts,
            int jumps,
            int looksAtClock,
            long clock) {}

    /** An answer; the thread may be interrupted right after it. */
    private record Edge(long answer, boolean interrupted) {}

    /** Where an edge of a node leads to, and the node's other edges: a list, as a search follows edges all the time, and a node has few. */
    private record Link(long answer, boolean interrupted, Node child, @Nullable Link other) {
        Edge edge() {
            return new Edge(answer, interrupted);
        }
    }

    /** A point in the actor's life. */
    static final class Node {
        final int id;
        final Phase phase;
        final @Nullable Node parent;
        final long answer;
        final boolean interrupted;
        Step next = DONE;
        boolean isLocal; // what is to be known of next all the time
        boolean mayBeUnnoticed;
        @Nullable Phase nextPhase; // when next is PHASE_DONE
        @Nullable Node twin; // another past that was made one with this
        private @Nullable Link children;
        boolean slept; // in this phase
        List<Step> late = List.of(); // stores that are still to come, by a seeded fault
        boolean isLate; // its step is the first of those, which the code has made long ago
        boolean gaveUp; // in this phase, a wait in a cell
        long released; // in this phase: the lock's word before
        long remembered; // in this phase, see Memory
        Kind last = Kind.PHASE_DONE; // what the actor did before, local steps aside
        int interrupts; // in this phase, as those below
        int timeouts;
        int jumps;
        int looksAtClock;
        long clock;

        private Node(int id, Phase phase, @Nullable Node parent, Edge edge) {
            this.id = id;
            this.phase = phase;
            this.parent = parent;
            this.answer = edge.answer;
            this.interrupted = edge.interrupted;
        }

        private void setNext(Step step) {
            next = step;
            isLocal = step.isLocal();
            mayBeUnnoticed = step.mayBeUnnoticed();
        }

        private @Nullable Node child(long answer, boolean interrupted) {
            Link link = children;
            while (link != null && (link.answer != answer || link.interrupted != interrupted))
                link = link.other;
            return link == null ? null : link.child;
        }
    }

    @SuppressWarnings("StaticAssignmentOfThrowable") // it has no stack trace
    private static final class Stop extends Error {
        private static final long serialVersionUID = 1L;
        static final Stop STOP = new Stop();

        private Stop() {
            super(null, null, false, false);
        }
    }

    final String name;
    final int process;
    final Phase first;
    int maxInterrupts;
    int maxTimeouts;
    int maxJumps;
    long jumpNanos = 2_000_000;
    boolean mayWaitForEver; // for an event that need not come
    boolean sleepsEnd; // those with a deadline, though not before nothing else can happen
    boolean outsleepsStores; // its sleeps end by time only while no store is late
    Memory memory = (before, _, _) -> before;
    long storesLateBehind = LockModel.LOCK; // see Flaw.STORES_LATE
    ModelChecker.@Nullable Fault fault; // may look at next, slept and last only
    private final Map<Phase, Node> roots = new IdentityHashMap<>();
    private final Map<Sleep, Node> sleeps = new HashMap<>();
    private @Nullable ExecutorService thread;
    private int nodes;

    ModelActor(String name, int process, Phase first) {
        this.name = name;
        this.process = process;
        this.first = first;
    }

    /** Is not missed if it waits for an event that does not come. */
    ModelActor optional() {
        mayWaitForEver = true;
        return this;
    }

    /** How often it may be interrupted, in each phase. */
    ModelActor interrupts(int most) {
        maxInterrupts = most;
        return this;
    }

    /** How many of its sleeps with a deadline may end by it, in each phase. */
    ModelActor timeouts(int most) {
        maxTimeouts = most;
        return this;
    }

    /** How often its clock may jump between two looks, in each phase. */
    ModelActor jumps(int most) {
        maxJumps = most;
        return this;
    }

    /** How far its clock jumps; 2 ms if not set. */
    ModelActor jumpNanos(long nanos) {
        jumpNanos = nanos;
        return this;
    }

    /** Runs in a thread of its own, as code that asks for the current thread must. */
    ModelActor inOwnThread() {
        thread =
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().daemon().name(name).factory());
        return this;
    }

    void end() {
        if (thread != null) thread.shutdown();
    }

    int nodes() {
        return nodes;
    }

    /** Where a phase begins. */
    Node root(Phase phase) {
        Node root = roots.get(phase);
        if (root != null) return root;
        root = new Node(nodes++, phase, null, new Edge(0, false));
        findNext(root);
        roots.put(phase, root);
        return root;
    }

    /** Where the actor is when its next step, a sleep, has begun. */
    Node asleep(Node node) {
        return sleeps.merge(sleep(node, node, -1), node, this::merged);
    }

    /** Where the actor is after its next step gave that answer. */
    Node after(Node node, long answer, boolean interrupted) {
        Node child = node.child(answer, interrupted);
        if (child != null) return child;
        child = grow(node, new Edge(answer, interrupted));
        if (node.next.kind == Kind.AWAIT)
            child = sleeps.merge(sleep(node, child, answer), child, this::merged);
        node.children = new Link(answer, interrupted, child, node.children);
        return child;
    }

    private static Sleep sleep(Node sleeper, Node node, long answer) {
        boolean asleep = answer == -1;
        return new Sleep(
                node.phase,
                sleeper.next.offset,
                sleeper.gaveUp,
                sleeper.released,
                sleeper.remembered,
                answer,
                asleep && node.next.interruptible,
                asleep ? node.next.b : 0,
                node.interrupts,
                node.timeouts,
                node.jumps,
                node.looksAtClock,
                node.clock);
    }

    private Node merged(Node node, Node other) {
        if (node != other && node.twin == null) setTwin(node, other);
        return node;
    }

    private void setTwin(Node node, Node twin) {
        boolean same =
                node.next.isSameAs(twin.next) && Objects.equals(node.nextPhase, twin.nextPhase);
        if (!same && node.next.kind != Kind.AWAIT)
            throw new AssertionError("the modelled code remembers more than we think");
        node.twin = twin;
        for (Link link = node.children; link != null; link = link.other) {
            Node child = link.child;
            if (child.parent == node && child.twin == null) setTwin(child, grow(twin, link.edge()));
        }
    }

    private Node grow(Node node, Edge edge) {
        Node child = new Node(nodes++, node.phase, node, edge);
        Step step = node.next;
        child.slept = node.slept || step.kind == Kind.AWAIT;
        child.late = late(node);
        child.gaveUp = node.gaveUp || (step.givesUp() && edge.answer != 0);
        child.released =
                step.kind == Kind.ADD && step.offset == LockModel.LOCK
                        ? edge.answer
                        : node.released;
        child.remembered = memory.after(node.remembered, step, edge.answer);
        child.last = step.isLocal() ? node.last : step.kind;
        child.interrupts = node.interrupts + (edge.interrupted ? 1 : 0);
        child.timeouts = node.timeouts;
        child.jumps = node.jumps;
        child.clock = node.clock;
        child.looksAtClock = node.looksAtClock;
        if (step.kind == Kind.TIME) {
            boolean jumped = node.clock != edge.answer;
            child.clock = edge.answer;
            child.jumps += jumped ? 1 : 0;
            child.looksAtClock = jumped ? 0 : node.looksAtClock + 1;
        } else if (step.kind == Kind.AWAIT && edge.answer == Words.Wait.TIMED_OUT.ordinal()) {
            child.clock = Math.max(node.clock, step.b);
            child.timeouts++;
            child.looksAtClock = 0;
        }
        boolean follows = step.kind == Kind.GET && step.offset == storesLateBehind;
        child.isLate = !child.late.isEmpty() && (follows || node.isLate);
        if (child.isLate) child.setNext(store(child.late.getFirst()));
        else findNext(child);
        if (node.twin != null) setTwin(child, grow(node.twin, edge));
        return child;
    }

    private static List<Step> late(Node node) {
        if (node.isLate) return node.late.subList(1, node.late.size());
        if (node.next.flaw != ModelChecker.Flaw.STORES_LATE) return node.late;
        List<Step> late = new ArrayList<>(node.late);
        late.add(node.next);
        return late;
    }

    private static Step store(Step late) {
        return Step.of(Kind.PUT, late.offset, 0, late.b);
    }

    private void findNext(Node node) {
        List<Node> past = new ArrayList<>();
        for (Node n = node; n.parent != null; n = n.parent) if (!n.parent.isLate) past.add(n);
        Collections.reverse(past);
        Replay replay = new Replay(past);
        if (thread == null) {
            replay.run(node.phase);
        } else {
            CompletableFuture.runAsync(() -> replay.run(node.phase), thread).join();
        }
        Step step = replay.next;
        node.nextPhase = replay.nextPhase;
        node.setNext(
                fault == null ? step : Objects.requireNonNullElse(fault.seed(step, node), step));
    }

    private static final class Replay extends ModelWords {
        private final List<Node> past;
        private int at;
        private boolean stopped;
        private Step next = DONE;
        private @Nullable Phase nextPhase;

        Replay(List<Node> past) {
            this.past = past;
        }

        void run(Phase phase) {
            try {
                nextPhase = phase.run(this);
            } catch (Stop stop) {
                return;
            } catch (ModelChecker.Failure found) { // by the code itself
                throw found;
            } catch (Throwable problem) {
                throw new AssertionError(
                        "the modelled code threw after " + past.size() + " steps", problem);
            } finally {
                Thread.interrupted(); // the model's, not the test's
            }
            if (at < past.size()) throw new AssertionError("the modelled code is not a function");
        }

        @Override
        long step(Step step) {
            if (stopped) throw Stop.STOP; // what the code does on its way out
            if (at == past.size()) {
                next = step;
                stopped = true;
                throw Stop.STOP;
            }
            Node done = past.get(at++);
            Node before = Objects.requireNonNull(done.parent);
            if (before.next.flaw == null && !before.next.isSameAs(step))
                throw new AssertionError("the modelled code is not a function");
            if (done.interrupted) Thread.currentThread().interrupt();
            LockSupport.unpark(Thread.currentThread()); // the model's clock decides, not a pause
            return done.answer;
        }
    }
}
