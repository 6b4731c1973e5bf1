package dev.interlock.internal.region;

import dev.interlock.LockOwner;
import dev.interlock.internal.sync.BarrierState;
import dev.interlock.internal.sync.Deadlocks;
import dev.interlock.internal.sync.LockDisplay;
import dev.interlock.internal.sync.LockState;
import dev.interlock.internal.sync.LockSweep;
import dev.interlock.internal.sync.LockWord;
import dev.interlock.internal.sync.Owners;
import dev.interlock.internal.sync.PipeLayout;
import dev.interlock.internal.sync.PipeState;
import dev.interlock.internal.sync.QueueAreas;
import dev.interlock.internal.sync.QueueLayout;
import dev.interlock.internal.sync.QueueState;
import dev.interlock.internal.sync.ReadWriteState;
import dev.interlock.internal.sync.SemaphoreState;
import dev.interlock.internal.sync.SoleWriter;
import dev.interlock.internal.sync.Stay;
import dev.interlock.internal.sync.WaitCells;
import dev.interlock.internal.sync.Words;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What this process uses of a region's objects: the state that its handles share, and what it may leave behind in them. Made when an
 * object is first asked for, since most of it takes long to load and opening a region needs none of it.
 */
final class Uses implements Owners {
    /** How often a waiter looks after an owner whose death the kernel will not announce. */
    private static final long UNANNOUNCED_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Attachment attachment;
    private final int slot;
    private final int generation;
    private final ByOffset<LockState> locks = new ByOffset<>();
    private volatile boolean semaphores; // whether this process ever used one
    private volatile boolean queues; // the same
    private final Set<Long> barriers = ConcurrentHashMap.newKeySet();
    private final ByOffset<ReadWriteState> readWriteLocks = new ByOffset<>();
    private final ByOffset<SoleWriter> soleWriters = new ByOffset<>(); // of queues
    private final ByOffset<PipeState.Shared> pipes = new ByOffset<>();
    private volatile @Nullable WaitCells cells; // written under this
    private final Stay stay = new Stay();
    private @Nullable Mapping queueMapping; // guarded by this
    private boolean over; // guarded by this; no queue is changed any more

    Uses(Attachment attachment) {
        this.attachment = attachment;
        this.slot = attachment.self().slot();
        this.generation = Member.generation(attachment.self().state());
    }

    /** What all handles of this process to the lock at that offset share. */
    LockState lock(long at, LockState.Manner manner) {
        LockState known = locks.get(at);
        if (known != null) return known;
        WaitCells seen = at == Layout.OFFSET_HEAP_LOCK ? null : cells();
        return locks.putIfAbsent(at, new LockState(slot, generation, this, manner, seen));
    }

    /** What all handles of this process to the read-write lock at that offset share. */
    ReadWriteState readWriteLock(long at) {
        ReadWriteState known = readWriteLocks.get(at);
        if (known != null) return known;
        ReadWriteState made =
                new ReadWriteState(
                        at,
                        slot,
                        generation,
                        lock(at, LockState.Manner.INTERNAL),
                        this,
                        cells(),
                        attachment.mapping());
        return readWriteLocks.putIfAbsent(at, made);
    }

    /** A handle to the barrier at that offset, of which this process is a party from now on. */
    BarrierState barrier(Mapping own, long at, int parties) {
        barriers.add(at);
        return new BarrierState(
                attachment.mapping(),
                own,
                cells(),
                lock(at, LockState.Manner.USUAL),
                this,
                at,
                parties,
                stay);
    }

    /** A handle to the semaphore at that offset, of which this process may come to hold permits. */
    SemaphoreState semaphore(Mapping own, long at, long option) {
        semaphores = true;
        return new SemaphoreState(
                attachment.mapping(),
                own,
                cells(),
                this,
                at,
                SemaphoreCode.permits(option),
                SemaphoreCode.manner(option));
    }

    /** A handle to the queue at that offset, in which this process may come to write or read messages. */
    QueueState queue(Mapping own, Heap heap, long at) {
        queues = true;
        QueueState queue =
                QueueState.of(
                        queueMapping(),
                        own,
                        cells(),
                        this,
                        lock(at + QueueLayout.LOCK, LockState.Manner.INTERNAL),
                        soleWriter(at),
                        at,
                        heap.payloadBytes(at),
                        new AreaMemory(heap));
        if (queue != null) return queue;
        throw Errors.corruptObject(
                attachment.path(), at - Layout.OBJECT_HEADER_BYTES, "is no queue that can be");
    }

    private SoleWriter soleWriter(long at) {
        SoleWriter known = soleWriters.get(at);
        return known == null ? soleWriters.putIfAbsent(at, new SoleWriter()) : known;
    }

    /* For those who store without comparing: it ends before this process sweeps for itself. */
    private synchronized Mapping queueMapping() {
        Mapping ready = queueMapping;
        if (ready == null) queueMapping = ready = attachment.newMapping();
        if (over && !ready.isClosed()) ready.close(); // the region was closed while a thread asked
        return ready;
    }

    private synchronized void endQueues() {
        if (queueMapping != null && !over) queueMapping.close();
        over = true;
    }

    /** Writes what a queue is, into one that is being made. */
    static Heap.Initializer queueInitializer(
            Mapping words, int capacity, int messageBytes, boolean drops, long mostBytes) {
        return payload ->
                QueueLayout.initialize(words, payload, capacity, messageBytes, drops, mostBytes);
    }

    private record AreaMemory(Heap heap) implements QueueAreas.Memory {
        @Override
        public long area(long bytes) {
            return heap.createArea(bytes);
        }

        @Override
        public boolean isArea(long offset, long bytes) {
            return heap.isObject(offset, ObjectType.QUEUE_AREA)
                    && heap.payloadBytes(offset) >= bytes;
        }
    }

    /** A connection to an end of the pipe at that offset. */
    PipeState pipe(
            Mapping own, long at, long payloadBytes, int end, PipeState.@Nullable Ticket ticket) {
        PipeState pipe =
                PipeState.of(
                        attachment.mapping(),
                        own,
                        cells(),
                        this,
                        stay,
                        sharedPipe(at),
                        at,
                        payloadBytes,
                        end,
                        ticket);
        if (pipe != null) return pipe;
        throw Errors.corruptObject(
                attachment.path(), at - Layout.OBJECT_HEADER_BYTES, "is no pipe that can be");
    }

    /** Writes what a pipe is, into one that is being made. */
    static Heap.Initializer pipeInitializer(Mapping words, int capacity, boolean oneWay) {
        return payload -> PipeLayout.initialize(words, payload, capacity, oneWay);
    }

    private PipeState.Shared sharedPipe(long at) {
        PipeState.Shared known = pipes.get(at);
        if (known != null) return known;
        LockState[] states = new LockState[ObjectType.PIPE.locks.length];
        for (int i = 0; i < states.length; i++)
            states[i] = lock(at + ObjectType.PIPE.locks[i], LockState.Manner.INTERNAL);
        return pipes.putIfAbsent(at, new PipeState.Shared(states));
    }

    /** Who owns the lock at that offset. */
    Optional<LockOwner> owner(Mapping own, long at) {
        LockDisplay.Owner owner = LockDisplay.owner(own, at);
        if (owner == null) return Optional.empty();
        Member member = attachment.member(owner.slot());
        return Optional.of(
                new LockOwner(
                        member.identity().pid(),
                        member.name(),
                        owner.threadName(),
                        Instant.ofEpochMilli(owner.sinceMillis())));
    }

    /** Where the threads of this process wait. */
    WaitCells cells() {
        WaitCells ready = cells;
        return ready != null ? ready : makeCells();
    }

    private synchronized WaitCells makeCells() {
        WaitCells ready = cells;
        if (ready == null) {
            cells =
                    ready =
                            new WaitCells(
                                    attachment.mapping(),
                                    Layout.OFFSET_WAIT_ROOT,
                                    Layout.OFFSET_TICKETS,
                                    slot,
                                    generation,
                                    new CellMemory(),
                                    attachment.file().deadlockNanos());
        }
        return ready;
    }

    private final class CellMemory implements WaitCells.Memory {
        @Override
        public long chunk() {
            return heap().createWaitCells();
        }

        @Override
        public long report() {
            return heap().createReport();
        }

        private Heap heap() {
            return Heap.of(attachment);
        }
    }

    /** When an opening is closed: a thread that was woken and then found it closed did not do what others may wait for. */
    static void passOnWakeUps(Mapping closing, Path region) {
        LockSweep.passOn(closing, Layout.OFFSET_HEAP_LOCK);
        Heap.forEachObject(
                closing,
                region,
                (type, payload) -> {
                    for (int lock : type.locks) LockSweep.passOn(closing, payload + lock);
                });
    }

    /** Waits for threads that are in the middle of several steps, and lets none begin any more, nor change a queue. */
    void endStay() {
        stay.close();
        endQueues();
    }

    @Override
    public long patienceNanos(int owner) {
        if (isSelfOrNobody(owner)) return Words.NEVER;
        if (Guardian.isWatching() && DeathWatch.isArmed(attachment.mapping(), owner))
            return Words.NEVER;
        attachment.sweepIfDead(owner);
        return UNANNOUNCED_NANOS;
    }

    @Override
    public void look(int owner) {
        if (!isSelfOrNobody(owner) && !DeathWatch.isArmed(attachment.mapping(), owner))
            attachment.sweepIfDead(owner);
    }

    @Override
    public boolean isFree(int owner) {
        if (isSelfOrNobody(owner)) return false;
        long state = attachment.mapping().get(Member.at(owner) + Layout.SLOT_STATE);
        return Member.kind(state) == SlotState.FREE;
    }

    @Override
    public RuntimeException damaged(long at, String what) {
        return Errors.damaged(attachment.path(), Heap.of(attachment).nameOf(at) + " " + what);
    }

    @Override
    public RuntimeException deadlock(List<Deadlocks.Edge> circle) {
        return DeadlockReport.of(attachment, circle);
    }

    private boolean isSelfOrNobody(int owner) {
        return owner == slot || owner < 0;
    }

    /**
     * Takes back what it can; no thread of this process may use the region any more.
     *
     * @return whether words of the region may still name this process, so that they have to be looked through
     */
    boolean leave() throws IOException {
        WaitCells used = cells;
        if (used != null) used.close();
        for (long at : barriers) BarrierState.leave(attachment.mapping(), at, slot);
        for (ReadWriteState lock : readWriteLocks.values()) lock.close();
        boolean waited = used != null && used.wereUsed();
        boolean may = !barriers.isEmpty() || semaphores || queues || !pipes.offsets().isEmpty();
        return may || ownsLocks() || reads() || waited;
    }

    /* What the words say counts: a thread may be just about to note what it owns. */
    private boolean ownsLocks() throws IOException {
        for (long at : locks.offsets())
            if (LockWord.ownerSlot(attachment.read(at)) == slot) return true;
        return false;
    }

    private boolean reads() throws IOException {
        for (ReadWriteState lock : readWriteLocks.values())
            if (ReadWriteState.counts(attachment.read(lock.readersAt()))) return true;
        return false;
    }
}
