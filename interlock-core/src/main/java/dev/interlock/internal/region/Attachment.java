package dev.interlock.internal.region;

import dev.interlock.internal.os.KillPoints;
import dev.interlock.internal.sync.BarrierState;
import dev.interlock.internal.sync.Cpus;
import dev.interlock.internal.sync.Deadlocks;
import dev.interlock.internal.sync.LockState;
import dev.interlock.internal.sync.LockWord;
import dev.interlock.internal.sync.Owners;
import dev.interlock.internal.sync.PipeState;
import dev.interlock.internal.sync.ReadWriteState;
import dev.interlock.internal.sync.Stay;
import dev.interlock.internal.sync.WaitCells;
import dev.interlock.internal.sync.Words;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * This process's membership in one region: its slot, the file whose lock proves it alive, and what its handles share.
 * However often a process opens a region, it is a member once.
 */
final class Attachment implements Owners {
    /** How often a waiter looks after an owner whose death the kernel will not announce. */
    private static final long UNANNOUNCED_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final RegionFile file;
    private final Member self;
    private final RandomAccessFile liveness; // its lock is the proof; open while the slot is ours
    private final ByOffset<LockState> locks = new ByOffset<>();
    private volatile boolean semaphores; // whether this process ever used one
    private volatile boolean queues; // the same
    private final Set<Long> barriers = ConcurrentHashMap.newKeySet();
    private final ByOffset<ReadWriteState> readWriteLocks = new ByOffset<>();
    private final ByOffset<PipeState.Shared> pipes = new ByOffset<>();
    private volatile @Nullable Mapping mapping; // written under this; the guardian's view
    private volatile @Nullable Mapping queueMapping; // written under this
    private volatile @Nullable WaitCells cells; // written under this
    private final Stay stay = new Stay();
    private int users; // guarded by Regions
    private volatile boolean announced; // set by the guardian

    Attachment(RegionFile file, Member self, RandomAccessFile liveness) {
        this.file = file;
        this.self = self;
        this.liveness = liveness;
        Cpus.isOne(); // by now, whoever is the first to wait
    }

    RegionFile file() {
        return file;
    }

    Path path() {
        return file.path();
    }

    Member self() {
        return self;
    }

    /** Whether the kernel will tell the other members when this process dies. */
    boolean isAnnounced() {
        return announced;
    }

    void setAnnounced() {
        announced = true;
    }

    void addUser() {
        users++;
    }

    /** Whether that was the last one. */
    boolean removeUser() {
        return --users == 0;
    }

    /** A mapping that lives as long as the attachment. */
    Mapping mapping() {
        Mapping ready = mapping;
        return ready != null ? ready : mapOnce();
    }

    private synchronized Mapping mapOnce() {
        Mapping ready = mapping;
        if (ready == null) mapping = ready = newMapping();
        return ready;
    }

    /** A mapping for those who store without comparing: it ends before this process sweeps for itself. */
    Mapping queueMapping() {
        Mapping ready = queueMapping;
        return ready != null ? ready : mapQueuesOnce();
    }

    private synchronized Mapping mapQueuesOnce() {
        Mapping ready = queueMapping;
        if (ready == null) queueMapping = ready = newMapping();
        return ready;
    }

    /** From now on no thread of this process changes a queue. */
    synchronized void endQueues() {
        if (queueMapping != null) queueMapping.close();
    }

    Mapping newMapping() {
        return new Mapping(file.path(), file.file(), file.limit(), this);
    }

    /** What all handles of this process to the lock at that offset share. */
    LockState lock(long at, LockState.Manner manner) {
        LockState known = locks.get(at);
        if (known != null) return known;
        WaitCells seen = at == Layout.OFFSET_HEAP_LOCK ? null : cells();
        return locks.putIfAbsent(at, new LockState(self.slot(), generation(), this, manner, seen));
    }

    /** What all handles of this process to the read-write lock at that offset share. */
    ReadWriteState readWriteLock(long at) {
        ReadWriteState known = readWriteLocks.get(at);
        if (known != null) return known;
        ReadWriteState made =
                new ReadWriteState(
                        at,
                        self.slot(),
                        generation(),
                        lock(at, LockState.Manner.INTERNAL),
                        this,
                        cells(),
                        mapping());
        return readWriteLocks.putIfAbsent(at, made);
    }

    /** What all connections of this process to the pipe at that offset share. */
    PipeState.Shared pipe(long at) {
        PipeState.Shared known = pipes.get(at);
        if (known != null) return known;
        LockState[] states = new LockState[ObjectType.PIPE.locks.length];
        for (int i = 0; i < states.length; i++)
            states[i] = lock(at + ObjectType.PIPE.locks[i], LockState.Manner.INTERNAL);
        return pipes.putIfAbsent(at, new PipeState.Shared(states));
    }

    private int generation() {
        return SlotState.generation(self.state());
    }

    /** Where the threads of this process wait. */
    WaitCells cells() {
        WaitCells ready = cells;
        return ready != null ? ready : makeCells();
    }

    private synchronized WaitCells makeCells() {
        WaitCells ready = cells;
        if (ready == null) cells = ready = new CellMemory().cells();
        return ready;
    }

    /** Notes that this process may come to hold permits. */
    void addSemaphore() {
        semaphores = true;
    }

    /** For those who change several words that others see. */
    Stay stay() {
        return stay;
    }

    /** Notes that this process may come to write or read messages. */
    void addQueue() {
        queues = true;
    }

    /** Notes that this process is a party of the barrier at that offset. */
    void addBarrier(long at) {
        barriers.add(at);
    }

    /* Makes the cells too: the JVM loads it only then, not when it verifies the attachment. */
    private final class CellMemory implements WaitCells.Memory {
        WaitCells cells() {
            return new WaitCells(
                    mapping(),
                    Layout.OFFSET_WAIT_ROOT,
                    Layout.OFFSET_TICKETS,
                    self.slot(),
                    generation(),
                    this,
                    file.deadlockNanos());
        }

        @Override
        public long chunk() {
            return heap().createWaitCells();
        }

        @Override
        public long report() {
            return heap().createReport();
        }

        private Heap heap() {
            LockState lock = lock(Layout.OFFSET_HEAP_LOCK, LockState.Manner.USUAL);
            return new Heap(mapping(), file, lock);
        }
    }

    /** A slot as it is now. */
    Member member(int slot) {
        try {
            return Member.read(slot, file.read(Layout.slot(slot), Layout.SLOT_BYTES), 0);
        } catch (IOException e) {
            throw Errors.io(file.path(), "read", e);
        }
    }

    @Override
    public long patienceNanos(int slot) {
        if (isSelfOrNobody(slot)) return Words.NEVER;
        if (Guardian.isWatching() && Guardian.isArmed(mapping(), slot)) return Words.NEVER;
        sweepIfDead(slot);
        return UNANNOUNCED_NANOS;
    }

    @Override
    public void look(int slot) {
        if (!isSelfOrNobody(slot) && !Guardian.isArmed(mapping(), slot)) sweepIfDead(slot);
    }

    @Override
    public RuntimeException deadlock(List<Deadlocks.Edge> circle) {
        return DeadlockReport.of(this, circle);
    }

    private boolean isSelfOrNobody(int slot) {
        return slot == self.slot() || slot < 0;
    }

    /** Sweeps for the process in a slot if it is proved to be dead, and answers whether it was. */
    boolean sweepIfDead(int slot) {
        Member member = member(slot);
        boolean dead =
                member.kind() == SlotState.DYING
                        || (member.kind() == SlotState.ALIVE && member.isDead(path()));
        if (dead) Sweep.run(mapping(), path(), member);
        return dead;
    }

    /* What the words say counts: a thread may be just about to note what it owns. */
    private boolean ownsLocks() throws IOException {
        Mapping ready = mapping; // there if there are many
        for (long at : locks.offsets()) {
            long word = ready == null ? file.readLong(at) : ready.get(at);
            if (LockWord.ownerSlot(word) == self.slot()) return true;
        }
        return false;
    }

    private boolean reads() throws IOException {
        for (ReadWriteState lock : readWriteLocks.values()) {
            if (ReadWriteState.counts(file.readLong(lock.readersAt()))) return true;
        }
        return false;
    }

    /**
     * Gives the slot back. Locks that this process still owns become abandoned. No thread of it may use the region any
     * more. Under the join lock.
     */
    void leave() throws IOException {
        long state = Layout.slot(self.slot()) + Layout.SLOT_STATE;
        WaitCells used = cells;
        if (used != null) used.close();
        for (long at : barriers) BarrierState.leave(mapping(), at, self.slot());
        for (ReadWriteState lock : readWriteLocks.values()) lock.close();
        boolean waited = used != null && used.wereUsed();
        boolean may = !barriers.isEmpty() || semaphores || queues || !pipes.offsets().isEmpty();
        if (may || ownsLocks() || reads() || waited) {
            Sweep.run(mapping(), path(), self);
        } else {
            long dying = SlotState.next(self.state(), SlotState.DYING);
            file.writeLong(state, dying);
            KillPoints.step();
            self.livenessFile(path()).toFile().delete();
            file.writeLong(state, SlotState.freed(dying));
        }
        liveness.close();
    }

    /** Unmaps and closes everything; the last step. */
    synchronized void release() {
        if (mapping != null) mapping.close();
        file.close();
    }
}
