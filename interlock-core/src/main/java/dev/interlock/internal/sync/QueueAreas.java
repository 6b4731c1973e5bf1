package dev.interlock.internal.sync;

import java.util.Arrays;

/** Memory for the messages of a queue that do not fit in a slot. */
public final class QueueAreas {
    /*
     * An area is divided into blocks; a message has as many in a row as it needs. The word of a block names the position of the message
     * that uses it. When the ring says that this message is gone, or never came to be, the block is free: positions do not come
     * again. So only who looks for blocks ever stores to these words, under the lock of the areas.
     *
     * Death    while it holds the lock: some blocks may name a position whose claim was not published; the sweep ends it, and they
     *          are free. An area that was made and not noted yet is lost: no more than one for each such death.
     */
    /** Makes areas. */
    public interface Memory {
        /**
         * Makes an area of zeros.
         *
         * @return its offset
         * @throws RuntimeException if there is no memory
         */
        long area(long bytes);

        /** Whether there is such an area at that offset, of so many bytes or more. */
        boolean isArea(long offset, long bytes);
    }

    private static final long SMALLEST_BLOCKS = 16;

    private final Words words;
    private final QueueLayout layout;
    private final Ring ring;
    private final Memory memory;

    private volatile Area[]
            known = {}; // those found sound, which they stay: areas are never given back

    // Where to begin to look: behind what this process gave away last, since what was given first
    // is free first. Under the lock
    private int latest;
    private long next;

    private record Area(long at, long blocks) {
        long contents() {
            return at + blocks * 8;
        }
    }

    QueueAreas(Words words, QueueLayout layout, Ring ring, Memory memory) {
        this.words = words;
        this.layout = layout;
        this.ring = ring;
        this.memory = memory;
    }

    /** How many blocks a message takes. */
    static long blocks(long length) {
        return (length + QueueLayout.BLOCK_BYTES - 1) / QueueLayout.BLOCK_BYTES;
    }

    private Area[] areas() {
        long count =
                Math.clamp(
                        words.get(layout.at + QueueLayout.AREA_COUNT), 0, QueueLayout.MOST_AREAS);
        Area[] all = known;
        return count <= all.length ? all : look(all, (int) count);
    }

    private Area[] look(Area[] before, int count) {
        Area[] all = Arrays.copyOf(before, count);
        for (int i = before.length; i < count; i++) all[i] = area(i);
        known = all;
        return all;
    }

    private Area area(int index) {
        long at = words.getPlain(layout.at + QueueLayout.AREAS + index * 16L);
        long blocks = words.getPlain(layout.at + QueueLayout.AREAS + index * 16L + 8);
        boolean possible = blocks > 0 && blocks < Long.MAX_VALUE / (2 * QueueLayout.BLOCK_BYTES);
        if (possible && memory.isArea(at, bytes(blocks))) return new Area(at, blocks);
        throw new IllegalStateException("The areas of a queue are damaged.");
    }

    private static long bytes(long blocks) {
        return blocks * (8 + QueueLayout.BLOCK_BYTES);
    }

    /**
     * Finds free blocks in a row, in a new area if need be and possible. Under the lock of the areas.
     *
     * @return the offset of the first one's word, or 0 if there are not enough now
     * @throws RuntimeException if there will never be enough
     */
    long find(long blocks) {
        Area[] areas = areas();
        long largest = 0;
        long sum = 0;
        for (int i = 0; i < areas.length; i++) {
            Area each = areas[(latest + i) % areas.length];
            long found = find(each, i == 0 ? next : 0, each.blocks, blocks);
            if (found != 0) return found;
            largest = Math.max(largest, each.blocks);
            sum += each.blocks;
        }
        long found = areas.length == 0 ? 0 : findLeftOut(areas[latest], blocks);
        return found == 0 ? grow(blocks, sum, largest >= blocks) : found;
    }

    /* In the area that was looked through from the middle. */
    private long findLeftOut(Area in, long blocks) {
        return find(in, 0, Math.min(in.blocks, next + blocks - 1), blocks);
    }

    private long find(Area in, long from, long to, long blocks) {
        long run = 0;
        for (long i = from; i < to; i++) {
            run = isFree(in.at + i * 8) ? run + 1 : 0;
            if (run == blocks) return in.at + (i + 1 - blocks) * 8;
        }
        return 0;
    }

    private boolean isFree(long block) {
        long user = words.getPlain(block);
        return user == 0 || ring.word((user - 1) & RingLayout.POSITIONS) == 0;
    }

    /*
     * A limit is taken at once, in one piece: or there could be messages within it for which no piece is large enough. Without one,
     * as much again as there is, so that the number of areas stays small.
     */
    private long grow(long blocks, long sum, boolean mayWait) {
        if (layout.isLimited()) return sum == 0 ? make(blocks(layout.mostBytes)) : 0;
        if (areas().length == QueueLayout.MOST_AREAS) return waitOrThrow(mayWait, tooMany());
        long generous = Math.max(blocks, Math.max(sum, SMALLEST_BLOCKS));
        try {
            return make(generous);
        } catch (RuntimeException full) {
            if (generous == blocks) return waitOrThrow(mayWait, full);
        }
        try {
            return make(blocks);
        } catch (RuntimeException full) {
            return waitOrThrow(mayWait, full);
        }
    }

    private static long waitOrThrow(boolean mayWait, RuntimeException full) {
        if (mayWait) return 0;
        throw full;
    }

    private static RuntimeException tooMany() {
        return new IllegalStateException(
                "A queue has taken memory for larger and larger messages "
                        + QueueLayout.MOST_AREAS
                        + " times. Make it with QueueOptions.maxBytes.");
    }

    private long make(long blocks) {
        long index = areas().length;
        long area = memory.area(bytes(blocks));
        words.putPlain(layout.at + QueueLayout.AREAS + index * 16, area);
        words.putPlain(layout.at + QueueLayout.AREAS + index * 16 + 8, blocks);
        words.put(layout.at + QueueLayout.AREA_COUNT, index + 1);
        return area;
    }

    /** Gives blocks that were found to the message of a position, and answers where their contents are. Under the lock. */
    long use(long found, long blocks, long position) {
        Area[] areas = areas();
        for (int i = 0; i < areas.length; i++) {
            long index = (found - areas[i].at) / 8;
            if (found < areas[i].at || index >= areas[i].blocks) continue;
            for (long block = 0; block < blocks; block++)
                words.putPlain(found + block * 8, position + 1);
            latest = i;
            next = index + blocks;
            return areas[i].contents() + index * QueueLayout.BLOCK_BYTES;
        }
        throw new IllegalStateException("The areas of a queue are damaged.");
    }

    /** Whether a message can lie there. */
    boolean contains(long place, long length) {
        for (Area area : areas()) {
            long offset = place - area.contents();
            if (offset >= 0 && length <= area.blocks * QueueLayout.BLOCK_BYTES - offset)
                return true;
        }
        return false;
    }
}
