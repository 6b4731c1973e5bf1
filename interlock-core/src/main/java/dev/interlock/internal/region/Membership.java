package dev.interlock.internal.region;

import dev.interlock.internal.os.KillPoints;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Joining a region: taking a slot, after cleaning up behind members that died. All under the join lock. */
final class Membership {
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
        byte[] table = file.read(Layout.PROCESS_TABLE, Layout.SLOTS * Layout.SLOT_BYTES);
        List<Member> members = new ArrayList<>();
        for (int slot = 0; slot < Layout.SLOTS; slot++) {
            int at = slot * Layout.SLOT_BYTES;
            if (table[at] == SlotState.FREE) continue; // the lowest byte of the state word
            if (table[at] > SlotState.DYING || table[at] < 0)
                throw Errors.corrupt(
                        file.path(),
                        "slot " + slot + " of its process table has the state " + table[at]);
            members.add(Member.read(slot, table, at));
        }
        return members;
    }

    /**
     * Sweeps for all members that died, and gives back the slots of those that died joining. Answers the living ones.
     */
    static List<Member> sweepTheDead(RegionFile file) throws IOException {
        List<Member> living = new ArrayList<>();
        List<Member> dead = new ArrayList<>();
        for (Member member : members(file)) {
            if (member.kind() == SlotState.JOINING) {
                abandonJoining(file, member);
            } else if (member.kind() == SlotState.DYING || member.isDead(file.path())) {
                dead.add(member);
            } else {
                living.add(member);
            }
        }
        if (!dead.isEmpty()) Sweep.all(file, dead, living.isEmpty());
        return living;
    }

    /* Only one process joins at a time, under the lock that we hold, so it died. */
    private static void abandonJoining(RegionFile file, Member member) throws IOException {
        KillPoints.step();
        member.livenessFile(file.path()).toFile().delete();
        file.writeLong(
                Layout.slot(member.slot()) + Layout.SLOT_STATE,
                SlotState.next(member.state(), SlotState.FREE));
    }

    /*
     * Steps: slot's bytes | state JOINING | liveness file | its lock | state ALIVE. Each state differs from the one
     * before in its lowest byte alone, so a reader sees the one or the other. A process that dies before ALIVE is
     * cleaned up by the next one to join, since JOINING under the join lock means dead. From ALIVE on the lock of the
     * liveness file tells.
     */
    static Attachment join(RegionFile file, String processName) throws IOException {
        int slot = freeSlot(file);
        long state = Layout.slot(slot) + Layout.SLOT_STATE;
        long free = file.readLong(state);
        Member self =
                new Member(
                        slot,
                        SlotState.next(free, SlotState.ALIVE),
                        newToken(),
                        ProcessIdentity.self(),
                        System.currentTimeMillis(),
                        processName);
        file.write(Layout.slot(slot) + 8, self.toBytes());
        file.writeLong(state, SlotState.next(free, SlotState.JOINING));
        RandomAccessFile liveness =
                lockLivenessFile(self.livenessFile(file.path()), file.permissions());
        file.writeLong(state, self.state());
        return new Attachment(file, self, liveness);
    }

    private static int freeSlot(RegionFile file) throws IOException {
        byte[] table = file.read(Layout.PROCESS_TABLE, Layout.SLOTS * Layout.SLOT_BYTES);
        for (int slot = 0; slot < Layout.SLOTS; slot++) {
            if (table[slot * Layout.SLOT_BYTES] == SlotState.FREE) return slot;
        }
        throw Errors.noSlot(file.path());
    }

    private static RandomAccessFile lockLivenessFile(
            Path path, Set<PosixFilePermission> permissions) throws IOException {
        KillPoints.step();
        Directory.createFile(path, permissions);
        KillPoints.step();
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        KillPoints.step();
        if (file.getChannel().tryLock(0, 1, false) == null) {
            file.close();
            throw new IOException("somebody holds a lock on " + path);
        }
        return file;
    }
}
