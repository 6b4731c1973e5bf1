package dev.interlock.internal.region;

import dev.interlock.LockOwner;
import dev.interlock.ObjectInfo;
import dev.interlock.ProcessInfo;
import dev.interlock.internal.sync.BarrierState;
import dev.interlock.internal.sync.LockState;
import dev.interlock.internal.sync.PipeState;
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

/** One opening of a region: what a public handle stands on, from its first use. Memory is mapped when an object is first asked for. */
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
        attachment.sweepForTheDead();
        mapping = attachment.newMapping();
        ready =
                new Heap(
                        mapping,
                        attachment.file(),
                        uses().lock(Layout.OFFSET_HEAP_LOCK, LockState.Manner.USUAL));
        heap = ready;
        return ready;
    }

    private Uses uses() {
        return attachment.uses();
    }

    /** Its memory. */
    public synchronized Mapping mapping() {
        mapHeap();
        requireOpen();
        return Objects.requireNonNull(mapping);
    }

    /** What handles of this process to one lock share. */
    public LockState lock(long at, LockState.Manner manner) {
        return uses().lock(at, manner);
    }

    /** The barrier at that offset, of which this process is a party from now on. */
    public BarrierState barrier(long at, int parties) {
        return uses().barrier(mapping(), at, parties);
    }

    /** The semaphore at that offset. */
    public SemaphoreState semaphore(long at) {
        return uses().semaphore(mapping(), at, heap().option(at));
    }

    /** The queue at that offset. */
    public QueueState queue(long at) {
        return uses().queue(mapping(), heap(), at);
    }

    /**
     * A connection to an end of the pipe at that offset, to be given to {@link #release}.
     *
     * @param ticket that was sent along, or null
     */
    public PipeState pipe(long at, int end, PipeState.@Nullable Ticket ticket) {
        PipeState pipe = uses().pipe(mapping(), at, heap().payloadBytes(at), end, ticket);
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
        return Uses.pipeInitializer(mapping(), capacity, oneWay);
    }

    /** Writes what a queue is, into one that is being made. */
    public Heap.Initializer queueInitializer(
            int capacity, int messageBytes, boolean drops, long mostBytes) {
        return Uses.queueInitializer(mapping(), capacity, messageBytes, drops, mostBytes);
    }

    /** How much memory a semaphore takes. */
    public static int semaphoreBytes(boolean owned) {
        return SemaphoreState.bytes(Layout.SLOTS, owned);
    }

    /** The word on which a thread sleeps that waits in a cell and for other things. */
    public AnyWord.Watched watched(long cell) {
        return new AnyWord.Watched(mapping(), cell, uses().cells().expected(cell));
    }

    /** How much memory a barrier takes. */
    public static int barrierBytes() {
        return BarrierState.bytes(Layout.SLOTS);
    }

    /** What handles of this process to one read-write lock share. */
    public ReadWriteState readWriteLock(long at) {
        return uses().readWriteLock(at);
    }

    /** Where the threads of this process wait. */
    public WaitCells cells() {
        return uses().cells();
    }

    /** Who owns the lock at that offset. */
    public Optional<LockOwner> owner(long at) {
        return uses().owner(mapping(), at);
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
        sweepIfSound();
        Regions.unlink(path(), token(), permissions);
    }

    /* While the files are there by which the dead are known to be dead. A damaged region's name must go, too. */
    private void sweepIfSound() {
        try {
            attachment.sweepForTheDead();
        } catch (RuntimeException damaged) {
            // who uses an object is told
        }
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

    private synchronized void unmap() {
        if (mapping == null) return;
        try (Mapping closing = mapping) {
            if (closing.endWaits()) Uses.passOnWakeUps(closing, path());
        }
    }
}
