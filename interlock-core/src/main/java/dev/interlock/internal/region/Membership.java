package dev.interlock.internal.region;

import dev.interlock.internal.os.KillPoints;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Joining a region: taking a slot, under the join lock. */
final class Membership {
    /* The table is read in pieces, as it has 64 KB, most of them of free slots. The last piece is whole, too: the lock words' bits leave out
     * one slot, the layout does not. */
    private static final int SLOTS_IN_PIECE = 64;
    private static final int PIECE_BYTES = SLOTS_IN_PIECE * Layout.SLOT_BYTES;

    private static long seed = System.nanoTime() + (ProcessIdentity.self().pid() << 40);

    private Membership() {}

    /**
     * A number that no other membership or region has. SplitMix64, of which the JDK's own version takes long to load.
     */
    static synchronized long newToken() {
        seed += 0x9E3779B97F4A7C15L;
        long mixed = (seed ^ seed >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return (mixed ^ mixed >>> 31) >>> 1;
    }

    /** All slots that are in use. */
    static List<Member> members(RegionFile file) throws IOException {
        List<Member> members = new ArrayList<>();
        byte[] piece = new byte[PIECE_BYTES];
        for (int first = 0; first < Layout.SLOTS; first += SLOTS_IN_PIECE) {
            file.read(Member.at(first), piece);
            addMembers(file.path(), first, piece, members);
        }
        return members;
    }

    private static void addMembers(Path path, int first, byte[] piece, List<Member> members) {
        for (int at = 0; at < PIECE_BYTES; at += Layout.SLOT_BYTES) {
            int slot = first + at / Layout.SLOT_BYTES;
            if (slot == Layout.SLOTS) return;
            int state = Member.kind(piece, at);
            if (state == SlotState.FREE) continue;
            if (state > SlotState.DYING || state < 0)
                throw Errors.corrupt(
                        path, "slot " + slot + " of its process table has the state " + state);
            members.add(Member.read(slot, piece, at));
        }
    }

    /**
     * Takes a slot. Members that died keep theirs: who uses the region's objects sweeps for them first, see {@link Attachment#sweepForTheDead}.
     * Only if no slot is free is it done here.
     */
    static Attachment join(RegionFile file, String processName) throws IOException {
        List<Member> members = new ArrayList<>();
        for (Member member : members(file)) {
            if (member.kind() == SlotState.JOINING) abandonJoining(file, member);
            else members.add(member);
        }
        if (members.size() == Layout.SLOTS) Sweep.forTheDead(file, members);
        return takeSlot(file, processName);
    }

    /* Only one process joins at a time, under the lock that we hold, so it died. */
    private static void abandonJoining(RegionFile file, Member member) throws IOException {
        KillPoints.step();
        member.livenessFile(file.path()).toFile().delete();
        file.writeLong(
                Member.at(member.slot()) + Layout.SLOT_STATE,
                Member.next(member.state(), SlotState.FREE));
    }

    /*
     * Steps: slot's bytes | state JOINING | liveness file | its lock | state ALIVE. Each state differs from the one
     * before in its lowest byte alone, so a reader sees the one or the other. A process that dies before ALIVE is
     * cleaned up by the next one to join, since JOINING under the join lock means dead. From ALIVE on the lock of the
     * liveness file tells.
     */
    private static Attachment takeSlot(RegionFile file, String processName) throws IOException {
        int slot = freeSlot(file);
        long state = Member.at(slot) + Layout.SLOT_STATE;
        long free = file.readLong(state);
        Member self =
                new Member(
                        slot,
                        Member.next(free, SlotState.ALIVE),
                        newToken(),
                        ProcessIdentity.self(),
                        System.currentTimeMillis(),
                        processName);
        file.write(Member.at(slot) + 8, self.toBytes());
        file.writeLong(state, Member.next(free, SlotState.JOINING));
        RandomAccessFile liveness =
                lockLivenessFile(self.livenessFile(file.path()), file.permissions());
        file.writeLong(state, self.state());
        return new Attachment(file, self, liveness);
    }

    private static int freeSlot(RegionFile file) throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        for (int slot = 0; slot < Layout.SLOTS; slot++) {
            int at = slot % SLOTS_IN_PIECE * Layout.SLOT_BYTES;
            if (at == 0) file.read(Member.at(slot), piece);
            if (Member.kind(piece, at) == SlotState.FREE) return slot;
        }
        throw Errors.noSlot(file.path());
    }

    private static RandomAccessFile lockLivenessFile(
            Path path, Set<PosixFilePermission> permissions) throws IOException {
        KillPoints.step();
        Directory.createFile(path, permissions);
        KillPoints.step();
        return locked(path);
    }

    static RandomAccessFile locked(Path path) throws IOException {
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        boolean isLocked = false;
        try {
            KillPoints.step();
            isLocked = file.getChannel().tryLock(0, 1, false) != null;
        } finally {
            if (!isLocked) file.close();
        }
        if (!isLocked) throw new IOException("somebody holds a lock on " + path);
        return file;
    }
}
