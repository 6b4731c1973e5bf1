package dev.interlock.internal.region;

import dev.interlock.internal.os.KillPoints;
import dev.interlock.internal.sync.BarrierState;
import dev.interlock.internal.sync.Events;
import dev.interlock.internal.sync.Latches;
import dev.interlock.internal.sync.LockSweep;
import dev.interlock.internal.sync.PipeState;
import dev.interlock.internal.sync.QueueState;
import dev.interlock.internal.sync.ReadWriteSweep;
import dev.interlock.internal.sync.SemaphoreState;
import dev.interlock.internal.sync.WaitList;
import dev.interlock.internal.sync.Words;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * What survivors do for a process that died: its slot becomes DYING, every lock that it owned becomes free and
 * abandoned, every lost wake-up is repaired, its liveness file goes, and at last its slot is FREE for others.
 *
 * <p>Nobody needs to win: each step is a compare-and-set that names the dead process and can be done any number of
 * times, by any number of sweepers, any of which may die or be stopped at any step and go on a year later. A sweeper
 * that dies leaves the slot DYING, and whoever sees that sweeps again.
 */
final class Sweep {
    private Sweep() {}

    /** Sweeps for those of the members that are dead, under the join lock. */
    static void forTheDead(RegionFile file, List<Member> members) {
        try (Mapping mapping = new Mapping(file.path(), file.file(), file.limit(), null)) {
            for (Member member : members) {
                if (member.kind() == SlotState.DYING || member.isDead(file.path()))
                    run(mapping, file.path(), member);
            }
        }
    }

    /**
     * Sweeps.
     *
     * @param dead a process that will never store again, or this one when it leaves, as its slot was read before
     */
    static void run(Attachment attachment, Member dead) {
        run(attachment.mapping(), attachment.path(), dead);
    }

    static void run(Words words, Path region, Member dead) {
        try {
            sweep(words, region, dead);
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw Errors.damaged(region, "what a process that died left names no memory");
        }
    }

    private static void sweep(Words words, Path region, Member dead) {
        long slot = Member.at(dead.slot());
        long dying = Member.next(dead.state(), SlotState.DYING);
        if (dead.kind() == SlotState.ALIVE
                && !words.cas(slot + Layout.SLOT_STATE, dead.state(), dying)) {
            if (words.get(slot + Layout.SLOT_STATE) != dying) return; // others have done it all
        }
        int generation = Member.generation(dead.state());
        Freeing freeing = new Freeing(words, dead.slot(), generation, dying);
        freeing.free(Layout.OFFSET_HEAP_LOCK);
        Heap.forEachObject(words, region, freeing);
        WaitList.sweep(words, Layout.OFFSET_WAIT_ROOT, dead.slot(), generation);
        // Else the slot stays DYING, and whoever sees that sweeps again.
        if (freeing.complete) free(words, region, dead, dying);
    }

    /** What is done to each object, as long as the slot is the dead process's. */
    private static final class Freeing implements Heap.ObjectVisitor, BooleanSupplier {
        private final Words words;
        private final int slot;
        private final int generation;
        private final long dying;
        private boolean complete = true;

        Freeing(Words words, int slot, int generation, long dying) {
            this.words = words;
            this.slot = slot;
            this.generation = generation;
            this.dying = dying;
        }

        @Override
        public void visit(ObjectType type, long payload) {
            if (type == ObjectType.READ_WRITE_LOCK)
                ReadWriteSweep.sweep(words, payload, slot, generation, this);
            for (int lock : type.locks) free(payload + lock);
            switch (type) {
                case EVENT -> Events.sweep(words, payload);
                case COUNT_DOWN_LATCH -> Latches.sweep(words, payload);
                case SEMAPHORE -> giveBackPermits(payload);
                case BARRIER -> BarrierState.sweep(words, payload, slot, this);
                case QUEUE -> QueueState.sweep(words, payload, payloadBytes(payload), slot, this);
                case PIPE -> PipeState.sweep(words, payload, payloadBytes(payload), slot, this);
                default -> {
                    // its locks are all there is
                }
            }
        }

        private long payloadBytes(long payload) {
            return words.get(payload - Layout.OBJECT_HEADER_BYTES + Layout.OBJECT_PAYLOAD_BYTES);
        }

        private void giveBackPermits(long payload) {
            long option = words.get(payload - Layout.OBJECT_HEADER_BYTES + Layout.OBJECT_OPTION);
            if (!SemaphoreCode.isOwned(option)) return;
            int permits = SemaphoreCode.permits(option);
            complete &= SemaphoreState.sweep(words, payload, permits, slot, this);
        }

        private void free(long lock) {
            LockSweep.sweep(words, lock, Layout.OFFSET_WAIT_ROOT, slot, this);
        }

        @Override
        public boolean getAsBoolean() {
            return words.get(Member.at(slot) + Layout.SLOT_STATE) == dying;
        }
    }

    /** The last steps alone: for a process that leaves and owns nothing. */
    static void free(Words words, Path region, Member dead, long dying) {
        KillPoints.step();
        dead.livenessFile(region).toFile().delete();
        words.cas(Member.at(dead.slot()) + Layout.SLOT_STATE, dying, Member.freed(dying));
    }
}
