package dev.interlock.internal.region;

import dev.interlock.internal.os.KillPoints;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * This process's membership in one region: its slot, and the file whose lock proves it alive.
 * However often a process opens a region, it is a member once.
 */
final class Attachment {
    private final RegionFile file;
    private final Member self;
    private final RandomAccessFile liveness; // its lock is the proof; open while the slot is ours
    private volatile @Nullable Mapping mapping; // written under this; the guardian's view
    private volatile @Nullable Uses uses; // written under this
    private boolean over; // guarded by this; no use begins any more
    private int users; // guarded by Opening.ATTACHED
    private volatile boolean announced; // set by the guardian
    private volatile boolean swept; // set by any thread that uses an object, once it is so

    Attachment(RegionFile file, Member self, RandomAccessFile liveness) {
        this.file = file;
        this.self = self;
        this.liveness = liveness;
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

    Mapping newMapping() {
        return new Mapping(file.path(), file.file(), file.limit(), this);
    }

    /** What this process uses of the region's objects. */
    Uses uses() {
        Uses ready = uses;
        return ready != null ? ready : makeUses();
    }

    private synchronized Uses makeUses() {
        Uses ready = uses;
        if (ready != null) return ready;
        ready = new Uses(this);
        if (over) ready.endStay(); // for a thread that asks while the region is closed
        uses = ready;
        return ready;
    }

    /** Waits for threads that are in the middle of several steps, and lets none begin any more. */
    void endStay() {
        Uses made;
        synchronized (this) {
            over = true;
            made = uses;
        }
        if (made != null) made.endStay();
    }

    /** A slot as it is now. */
    Member member(int slot) {
        try {
            return Member.read(slot, file.read(Member.at(slot), Layout.SLOT_BYTES), 0);
        } catch (IOException e) {
            throw Errors.io(file.path(), "read", e);
        }
    }

    /**
     * Sweeps for the process in a slot if it is proved to be dead, and answers whether it was. One that leaves alive sweeps for itself, and
     * is left to: were its slot free before it is done, nobody would notice its death in the middle of waking somebody.
     */
    boolean sweepIfDead(int slot) {
        Member member = member(slot);
        boolean dead =
                (member.kind() == SlotState.DYING && member.isDeadOrSwept(path()))
                        || (member.kind() == SlotState.ALIVE && member.isDead(path()));
        if (dead) Sweep.run(this, member);
        return dead;
    }

    /**
     * Sweeps for all members that are dead, before this process first uses an object. It is a member by now: others notice if it dies in
     * the middle, and wake whom it was about to wake. Opening does without, as it would take a cold JVM the mapping.
     */
    void sweepForTheDead() {
        if (swept) return;
        try {
            for (Member member : Membership.members(file)) {
                if (member.slot() == self.slot() || sweepIfDead(member.slot())) continue;
                String other = member.otherLivenessFile(path());
                if (other != null && member.equals(member(member.slot())))
                    throw Errors.damaged(
                            path(),
                            "slot "
                                    + member.slot()
                                    + " of its process table names another process than the file "
                                    + other);
            }
        } catch (IOException e) {
            throw Errors.io(path(), "read", e);
        }
        swept = true;
    }

    /** A word of the region, from memory if there is a mapping: there is if many are read. */
    long read(long at) throws IOException {
        Mapping ready = mapping;
        return ready == null ? file.readLong(at) : ready.get(at);
    }

    /**
     * Says that this process is about to end, though its threads still run: whoever else is the last to go removes a temporary region. Under
     * the join lock.
     */
    void sayLeaving() throws IOException {
        KillPoints.step();
        liveness.seek(0);
        liveness.write(1);
    }

    /**
     * Gives the slot back. Locks that this process still owns become abandoned. No thread of it may use the region any
     * more. Under the join lock.
     */
    void leave() throws IOException {
        try {
            giveSlotBack();
        } finally { // if that failed, it is for others to do
            liveness.close();
        }
    }

    private void giveSlotBack() throws IOException {
        long state = Member.at(self.slot()) + Layout.SLOT_STATE;
        Uses made = uses;
        if (made != null && made.leave()) {
            Sweep.run(this, self);
        } else {
            long dying = Member.next(self.state(), SlotState.DYING);
            file.writeLong(state, dying);
            KillPoints.step();
            self.livenessFile(path()).toFile().delete();
            file.writeLong(state, Member.freed(dying));
        }
    }

    /** Unmaps and closes everything; the last step. */
    synchronized void release() {
        if (mapping != null) mapping.close();
        file.close();
    }
}
