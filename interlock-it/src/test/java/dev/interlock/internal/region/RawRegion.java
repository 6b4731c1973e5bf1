package dev.interlock.internal.region;

import dev.interlock.internal.sync.LockWord;
import dev.interlock.internal.sync.WaitCell;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.locks.LockSupport;

/** A region's file as its bytes are, for tests that look at it, or damage it, without being a member. */
public final class RawRegion implements AutoCloseable {
    private final RandomAccessFile file;

    public RawRegion(Path region) {
        try {
            file = new RandomAccessFile(region.toFile(), "rw");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A slot of the process table that is in use. */
    public record Slot(int index, int kind, int generation, long pid) {
        public boolean isAlive() {
            return kind == SlotState.ALIVE;
        }

        public boolean isJoining() {
            return kind == SlotState.JOINING;
        }

        public boolean isDying() {
            return kind == SlotState.DYING;
        }
    }

    public long get(long offset) {
        try {
            file.seek(offset);
            return Long.reverseBytes(file.readLong());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void put(long offset, long value) {
        try {
            file.seek(offset);
            file.writeLong(Long.reverseBytes(value));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As they are at one time, more or less; children ask for them while they are interpreted. */
    public List<Slot> slots() {
        byte[] table = table();
        List<Slot> slots = new ArrayList<>();
        for (int at = 0; at < table.length; at += Layout.SLOT_BYTES) {
            if (table[at] != SlotState.FREE) slots.add(slot(table, at));
        }
        return slots;
    }

    private byte[] table() {
        byte[] table = new byte[Layout.SLOTS * Layout.SLOT_BYTES];
        try {
            file.seek(Layout.PROCESS_TABLE);
            file.readFully(table);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return table;
    }

    private static Slot slot(byte[] table, int at) {
        Member member = Member.read(at / Layout.SLOT_BYTES, table, at);
        return new Slot(
                member.slot(),
                member.kind(),
                Member.generation(member.state()),
                member.identity().pid());
    }

    /** Waits, in a child, until its own guardian has announced itself. */
    public void awaitOwnGuardian() {
        int slot = slotOf(ProcessIdentity.self().pid());
        while (!isArmed(slot)) LockSupport.parkNanos(5_000_000);
    }

    /** Waits, in a child, until no more than so many other processes are left. */
    public void awaitOthers(int left) {
        while (slots().size() > 1 + left) LockSupport.parkNanos(5_000_000);
    }

    /** Whether the guardian of the process in that slot has announced itself to the kernel. */
    public boolean isArmed(int slot) {
        return (int) get(Member.at(slot) + Layout.SLOT_LIFE) != 0;
    }

    /** Slot and generation, as the slot's state has it, of the owner of each chunk of cells to wait in; -1 for a free one. */
    public List<Long> ownersOfWaitCells() {
        List<Long> owners = new ArrayList<>();
        for (long chunk = get(Layout.OFFSET_WAIT_ROOT);
                chunk != 0;
                chunk = get(chunk + WaitCell.NEXT)) owners.add(get(chunk + WaitCell.OWNER) - 1);
        return owners;
    }

    /** Whether a process that has not left owns the cells; false for free ones. */
    public boolean isOwnedByMember(long owner) {
        return slots().stream()
                .anyMatch(slot ->
                        slot.isAlive() && owner == ((long) slot.generation() << 32 | slot.index()));
    }

    /** The word of the first object, which must be a lock. */
    public long firstLock() {
        return get(firstPayload());
    }

    public static long firstPayload() {
        return Layout.HEAP + Layout.OBJECT_HEADER_BYTES;
    }

    public static long heapLock() {
        return Layout.OFFSET_HEAP_LOCK;
    }

    public static long heapEnd() {
        return Layout.OFFSET_HEAP_END;
    }

    public static long version() {
        return Layout.OFFSET_VERSION;
    }

    public static long processTable() {
        return Layout.PROCESS_TABLE;
    }

    public static int mostSlots() {
        return Layout.SLOTS;
    }

    /** Makes all free slots those of processes that died while others swept for them. */
    public void fillTable() {
        for (int slot = 0; slot < Layout.SLOTS; slot++) {
            long at = Member.at(slot) + Layout.SLOT_STATE;
            if (Member.kind(get(at)) == SlotState.FREE)
                put(at, Member.next(get(at), SlotState.DYING));
        }
    }

    public static long buckets() {
        return Layout.BUCKETS;
    }

    public static long heap() {
        return Layout.HEAP;
    }

    public static long slotBytes() {
        return Layout.SLOT_BYTES;
    }

    public static boolean isOwned(long lockWord) {
        return LockWord.ownerSlot(lockWord) >= 0;
    }

    public static boolean isAbandoned(long lockWord) {
        return (lockWord & 1L << 30) != 0;
    }

    public static boolean hasWaiters(long lockWord) {
        return (lockWord & 1L << 31) != 0;
    }

    /** The slot of a process. */
    public int slotOf(long pid) {
        for (Slot slot : slots()) {
            if (slot.pid() == pid) return slot.index();
        }
        throw new NoSuchElementException("no slot of process " + pid);
    }

    /** Makes another process the owner of a lock. */
    public void handOver(long lock, int slot) {
        put(lock, (get(lock) & ~0x1FFL) | (slot + 1));
    }

    /** Makes a slot tell of another process, and its liveness file with it. */
    public void disguise(Path region, int slot, long pid, long startTicks, long namespace)
            throws IOException {
        byte[] bytes = new byte[Layout.SLOT_BYTES];
        file.seek(Member.at(slot));
        file.readFully(bytes);
        Path before = Member.read(slot, bytes, 0).livenessFile(region);
        put(Member.at(slot) + Layout.SLOT_PID, pid);
        put(Member.at(slot) + Layout.SLOT_START, startTicks);
        put(Member.at(slot) + Layout.SLOT_NAMESPACE, namespace);
        file.seek(Member.at(slot));
        file.readFully(bytes);
        Path after = Member.read(slot, bytes, 0).livenessFile(region);
        if (!before.toFile().renameTo(after.toFile())) throw new IOException("cannot rename");
    }

    /** The words that matter, for a failure's report. */
    public static String describe(Path region) {
        try (RawRegion raw = new RawRegion(region)) {
            StringBuilder text = new StringBuilder();
            for (long at = 0; at <= Layout.OFFSET_HEAP_LOCK; at += 8)
                text.append(at).append(": ").append(Long.toHexString(raw.get(at))).append("  ");
            text.append("\n").append(raw.slots()).append('\n');
            long end = raw.get(Layout.OFFSET_HEAP_END);
            long at = Layout.HEAP;
            for (int i = 0; i < 8 && at < end; i++) {
                text.append("object at ").append(at).append(':');
                for (int word = 0; word < 32; word++)
                    text.append(' ').append(Long.toHexString(raw.get(at + 8L * word)));
                text.append('\n');
                long size = raw.get(at + Layout.OBJECT_SIZE);
                if (size <= 0) break;
                at += size;
            }
            return text.toString();
        } catch (RuntimeException e) {
            return e + "\n";
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
