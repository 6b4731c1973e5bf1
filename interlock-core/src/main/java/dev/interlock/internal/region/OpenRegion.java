package dev.interlock.internal.region;

import dev.interlock.LockOwner;
import dev.interlock.ObjectInfo;
import dev.interlock.ProcessInfo;
import dev.interlock.internal.sync.BarrierState;
import dev.interlock.internal.sync.LockDisplay;
import dev.interlock.internal.sync.LockState;
import dev.interlock.internal.sync.LockSweep;
import dev.interlock.internal.sync.PipeLayout;
import dev.interlock.internal.sync.PipeState;
import dev.interlock.internal.sync.QueueAreas;
import dev.interlock.internal.sync.QueueLayout;
import dev.interlock.internal.sync.QueueState;
import dev.interlock.internal.sync.ReadWriteState;
import dev.interlock.internal.sync.SemaphoreState;
import dev.interlock.internal.sync.WaitCells;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One opening of a region: what a public handle stands on. Memory is mapped when an object is first asked for. */
public final class OpenRegion implements AutoCloseable {
    private final Attachment attachment;
    private final Set<PosixFilePermission> permissions;
    private volatile @Nullable Heap heap;
    private @Nullable Mapping mapping; // guarded by this
    private volatile boolean closed; // written under this
    private final Set<PipeState> connections = ConcurrentHashMap.newKeySet();

    OpenRegion(Attachment attachment, Set<PosixFilePermission> permissions) {
        this.attachment = attachment;
        this.permissions = permissions;
    }

    /** The region's file. */
    public Path path() {
        return attachment.path();
    }

    /** What tells this region from others that had or will have its name. */
    public long token() {
        return attachment.file().token();
    }

    /** The mode of its files. */
    public Set<PosixFilePermission> permissions() {
        return permissions;
    }

    /** Its objects. */
    public Heap heap() {
        requireOpen();
        Heap ready = heap;
        return ready != null ? ready : mapHeap();
    }

    private synchronized Heap mapHeap() {
        Heap ready = heap;
        if (ready != null) return ready;
        requireOpen();
        mapping = attachment.newMapping();
        ready =
                new Heap(
                        mapping,
                        attachment.file(),
                        attachment.lock(Layout.OFFSET_HEAP_LOCK, LockState.Manner.USUAL));
        heap = ready;
        return ready;
    }

    /** Its memory. */
    public synchronized Mapping mapping() {
        mapHeap();
        requireOpen();
        return Objects.requireNonNull(mapping);
    }

    /** What handles of this process to one lock share. */
    public LockState lock(long at, LockState.Manner manner) {
        return attachment.lock(at, manner);
    }

    /** The barrier at that offset, of which this process is a party from now on. */
    public BarrierState barrier(long at, int parties) {
        attachment.addBarrier(at);
        return new BarrierState(
                attachment.mapping(),
                mapping(),
                attachment.cells(),
                attachment.lock(at, LockState.Manner.USUAL),
                attachment,
                at,
                parties,
                attachment.stay());
    }

    /** The semaphore at that offset. */
    public SemaphoreState semaphore(long at) {
        long option = heap().option(at);
        attachment.addSemaphore();
        return new SemaphoreState(
                attachment.mapping(),
                mapping(),
                attachment.cells(),
                attachment,
                at,
                SemaphoreCode.permits(option),
                SemaphoreCode.manner(option));
    }

    /** The queue at that offset. */
    public QueueState queue(long at) {
        Heap objects = heap();
        attachment.addQueue();
        QueueState queue =
                new AreaMemory(objects)
                        .queue(
                                attachment,
                                mapping(),
                                attachment.lock(at + QueueLayout.LOCK, LockState.Manner.INTERNAL),
                                at);
        if (queue != null) return queue;
        throw Errors.corruptObject(
                path(), at - Layout.OBJECT_HEADER_BYTES, "is no queue that can be");
    }

    /**
     * A connection to an end of the pipe at that offset, to be given to {@link #release}.
     *
     * @param ticket that was sent along, or null
     */
    public PipeState pipe(long at, int end, PipeState.@Nullable Ticket ticket) {
        PipeState pipe =
                PipeState.of(
                        attachment.mapping(),
                        mapping(),
                        attachment.cells(),
                        attachment,
                        attachment.stay(),
                        attachment.pipe(at),
                        at,
                        heap().payloadBytes(at),
                        end,
                        ticket);
        if (pipe == null)
            throw Errors.corruptObject(
                    path(), at - Layout.OBJECT_HEADER_BYTES, "is no pipe that can be");
        connections.add(pipe);
        if (closed) release(pipe);
        return pipe;
    }

    /** Ends a connection. */
    public void release(PipeState pipe) {
        connections.remove(pipe);
        pipe.release();
    }

    /** Writes what a pipe is, into one that is being made. */
    public Heap.Initializer pipeInitializer(int capacity, boolean oneWay) {
        Mapping words = mapping();
        return payload -> PipeLayout.initialize(words, payload, capacity, oneWay);
    }

    /* Makes the queue too: the JVM loads it only then, not when it verifies the opening. */
    private record AreaMemory(Heap heap) implements QueueAreas.Memory {
        @Nullable QueueState queue(
                Attachment attachment, Mapping mapping, LockState lock, long at) {
            return QueueState.of(
                    attachment.queueMapping(),
                    mapping,
                    attachment.cells(),
                    attachment,
                    lock,
                    at,
                    heap.payloadBytes(at),
                    this);
        }

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

    /** Writes what a queue is, into one that is being made. */
    public Heap.Initializer queueInitializer(
            int capacity, int messageBytes, boolean drops, long mostBytes) {
        Mapping words = mapping();
        return payload ->
                QueueLayout.initialize(words, payload, capacity, messageBytes, drops, mostBytes);
    }

    /** How much memory a semaphore takes. */
    public static int semaphoreBytes(boolean owned) {
        return SemaphoreState.bytes(Layout.SLOTS, owned);
    }

    /** The word on which a thread sleeps that waits in a cell and for other things. */
    public AnyWord.Watched watched(long cell) {
        return new AnyWord.Watched(mapping(), cell, attachment.cells().expected(cell));
    }

    /** How much memory a barrier takes. */
    public static int barrierBytes() {
        return BarrierState.bytes(Layout.SLOTS);
    }

    /** What handles of this process to one read-write lock share. */
    public ReadWriteState readWriteLock(long at) {
        return attachment.readWriteLock(at);
    }

    /** Where the threads of this process wait. */
    public WaitCells cells() {
        return attachment.cells();
    }

    /** Who owns the lock at that offset. */
    public Optional<LockOwner> owner(long at) {
        LockDisplay.Owner owner = LockDisplay.owner(mapping(), at);
        if (owner == null) return Optional.empty();
        Member member = attachment.member(owner.slot());
        return Optional.of(
                new LockOwner(
                        member.identity().pid(),
                        member.name(),
                        owner.threadName(),
                        Instant.ofEpochMilli(owner.sinceMillis())));
    }

    /** All objects that users know of. */
    public List<ObjectInfo> objects() {
        return new ObjectReport(heap(), mapping(), attachment).objects();
    }

    /** All living members. */
    public List<ProcessInfo> processes() {
        requireOpen();
        List<ProcessInfo> processes = new ArrayList<>();
        try {
            for (Member member : Membership.members(attachment.file())) {
                if (member.kind() == SlotState.ALIVE && !member.isDead(path())) {
                    processes.add(
                            new ProcessInfo(
                                    member.identity().pid(),
                                    member.name(),
                                    Instant.ofEpochMilli(member.sinceMillis())));
                }
            }
        } catch (IOException e) {
            throw Errors.io(path(), "read", e);
        }
        return processes;
    }

    /** The process in a slot of the table. */
    public ProcessInfo process(int slot) {
        Member member = attachment.member(slot);
        return new ProcessInfo(
                member.identity().pid(), member.name(), Instant.ofEpochMilli(member.sinceMillis()));
    }

    /** Makes the file of a block; for the initializer of the object that describes it. */
    public void createBlock(long payload, long bytes) {
        Blocks.create(mapping(), attachment.file(), payload, bytes);
    }

    /** Maps the file of a block; the segment is usable until this opening is closed. */
    public MemorySegment mapBlock(long payload) {
        return Blocks.map(mapping(), attachment.file(), payload, heap().length(payload));
    }

    /** The file of a block. */
    public Path blockPath(long payload) {
        requireOpen();
        return Blocks.file(attachment.file(), payload);
    }

    /** Whether {@link #close()} was called. */
    public boolean isClosed() {
        return closed;
    }

    /** Throws if it is closed. */
    public void requireOpen() {
        if (closed)
            throw new IllegalStateException(
                    "Region '"
                            + path().getFileName()
                            + "' is closed. Open it again to use its objects.");
    }

    /** Removes the region's name; see {@link Regions#unlink}. */
    public void unlink() {
        requireOpen();
        Regions.unlink(path(), token(), permissions);
    }

    /**
     * Closes it.
     *
     * @throws IllegalStateException if a thread is using the memory in a system call; then it stays mapped, and all
     *     else is done
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) return;
            closed = true;
        }
        try {
            unmap();
        } finally {
            for (PipeState connection : connections) release(connection);
            Regions.close(attachment);
        }
    }

    /* A thread that was woken and then found the region closed did not do what others may wait for. */
    private void passOnWakeUps(Mapping closing) {
        LockSweep.passOn(closing, Layout.OFFSET_HEAP_LOCK);
        Heap.forEachObject(
                closing,
                path(),
                (type, payload) -> {
                    for (int lock : type.locks) LockSweep.passOn(closing, payload + lock);
                });
    }

    private synchronized void unmap() {
        if (mapping == null) return;
        try (Mapping closing = mapping) {
            if (closing.endWaits()) passOnWakeUps(closing);
        }
    }
}
