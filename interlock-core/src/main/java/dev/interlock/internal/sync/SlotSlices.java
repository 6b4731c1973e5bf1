package dev.interlock.internal.sync;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Where messages as long as a slot lie, for those who read or write them: a slice for each slot, made once. One made for each
 * message would be garbage wherever the JIT does not see to the end of it, and it sees less than one would think: in about every
 * second JVM not even through the making of a slice.
 */
final class SlotSlices {
    /** In larger rings the slots beyond get a new slice each time. */
    private static final int MOST = 1 << 13;

    /*
     * Slices made in one step lie side by side. Made one by one, while the JIT is not done, each has a page full of garbage around it, and
     * a message takes two or three times as long whenever they are in no cache.
     */
    private static final int AT_ONCE = 16;

    private static final @Nullable MemorySegment[] NONE = {};

    private final MemorySegment queue;
    private final QueueLayout layout;

    /* Made by the first use. Races lose slices, harmlessly. */
    private @Nullable MemorySegment[] kept = NONE;

    /**
     * Slices of a queue.
     *
     * @param queue the memory of the queue alone
     */
    SlotSlices(MemorySegment queue, QueueLayout layout) {
        this.queue = queue;
        this.layout = layout;
    }

    /** That of the slot that a position has. */
    MemorySegment of(long position) {
        int index = (int) layout.ring.index(position);
        @Nullable MemorySegment[] slices = kept;
        MemorySegment slice = index < slices.length ? slices[index] : null;
        return slice == null ? make(index) : slice;
    }

    private MemorySegment make(int index) {
        if (kept.length == 0) kept = new MemorySegment[Math.min(layout.capacity, MOST)];
        @Nullable MemorySegment[] slices = kept;
        MemorySegment made = slice(index);
        if (index < slices.length) slices[index] = made;
        for (int i = index + 1; i < Math.min(index + AT_ONCE, slices.length); i++)
            if (slices[i] == null) slices[i] = slice(i);
        return made;
    }

    private MemorySegment slice(int index) {
        long slot = layout.ring.slotOf(index) - layout.at;
        return queue.asSlice(slot + QueueLayout.CONTENTS, layout.inSlot());
    }
}
