package dev.interlock.internal.sync;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The cells in which the threads of this process wait, see {@link WaitCell}. */
public final class WaitCells {
    /** Makes chunks. */
    public interface Chunks {
        /**
         * Makes a chunk of zeros that hangs in the region's list.
         *
         * @return its offset
         * @throws RuntimeException if there is no memory
         */
        long make();
    }

    private final Words words;
    private final long root;
    private final long tickets;
    private final long owner;
    private final Chunks maker;
    private final ReentrantLock claiming = new ReentrantLock();
    private volatile long[] mine; // written under claiming
    private boolean closed; // guarded by claiming

    /**
     * Makes the cells of a process.
     *
     * @param words the region, as long as the process is a member
     * @param root where the list of chunks begins
     * @param tickets a word that counts arrivals
     * @param slot of the process
     * @param generation of the slot
     */
    public WaitCells(Words words, long root, long tickets, int slot, int generation, Chunks maker) {
        this(words, root, tickets, slot, generation, maker, new long[0]);
    }

    /** For the model checker, with chunks that the process has taken before. */
    WaitCells(
            Words words,
            long root,
            long tickets,
            int slot,
            int generation,
            Chunks maker,
            long[] mine) {
        this.mine = mine;
        this.words = words;
        this.root = root;
        this.tickets = tickets;
        this.owner = WaitCell.owner(slot, generation);
        this.maker = maker;
    }

    /** Where the list of chunks begins. */
    public long root() {
        return root;
    }

    /** Whether any cell was ever used. */
    public boolean wereUsed() {
        return mine.length > 0;
    }

    /**
     * Announces the calling thread as one that waits for an object, last in line.
     *
     * @param want how much of it
     * @param timed whether its wait will end by itself
     * @return its cell
     * @throws RuntimeException if there is no memory for it, or the process has left the region
     */
    public long enter(WaitCell.Kind kind, long object, long want, boolean timed) {
        claiming.lock();
        try {
            requireOpen();
            long cell = claim();
            words.putPlain(cell + WaitCell.OBJECT, object);
            words.putPlain(cell + WaitCell.TICKET, words.getAndAdd(tickets, 1));
            words.putPlain(cell + WaitCell.WANT, want);
            words.putPlain(cell + WaitCell.THREAD, Thread.currentThread().threadId());
            words.putPlain(cell + WaitCell.SINCE, System.currentTimeMillis());
            words.putPlain(cell + WaitCell.KIND, WaitCell.kindWord(kind, timed));
            words.put(cell, WaitCell.with(words.get(cell), WaitCell.WAITING));
            return cell;
        } finally {
            claiming.unlock();
        }
    }

    private void requireOpen() {
        if (closed)
            throw new IllegalStateException(
                    "The region was closed while this thread used it. Close it after its users are done.");
    }

    /** As {@link #enter}, for who could wait without being seen: 0 if there is no memory. */
    public long enterIfPossible(WaitCell.Kind kind, long object, boolean timed) {
        try {
            return enter(kind, object, 1, timed);
        } catch (RuntimeException full) {
            return 0;
        }
    }

    /** Ends the use of a cell, in whatever state; 0 is none. */
    public void leave(long cell) {
        if (cell == 0) return;
        claiming.lock();
        try {
            if (closed) return; // it may be another's by now
            words.put(cell, WaitCell.freed(words.get(cell)));
            long chunk = chunkOf(cell);
            long bit = 1L << ((cell - WaitCell.cell(chunk, 0)) / WaitCell.CELL_BYTES);
            words.put(chunk + WaitCell.USED, words.get(chunk + WaitCell.USED) & ~bit);
        } finally {
            claiming.unlock();
        }
    }

    /** A word of the region, also when the caller's opening is closed. */
    long peek(long offset) {
        return words.get(offset);
    }

    /** Whether the thread in the cell was chosen. */
    public boolean isWoken(long cell) {
        return WaitCell.state(words.get(cell)) == WaitCell.WOKEN;
    }

    /** Does not wait any more; false if it was chosen before. */
    public boolean giveUp(long cell) {
        claiming.lock();
        try {
            if (closed) return true;
            long word = words.get(cell);
            return WaitCell.state(word) == WaitCell.WAITING
                    && words.cas(cell, word, WaitCell.with(word, WaitCell.GONE));
        } finally {
            claiming.unlock();
        }
    }

    /** The process leaves the region: its cells are left to the sweep, and not touched from now on. */
    public void close() {
        claiming.lock();
        try {
            closed = true;
        } finally {
            claiming.unlock();
        }
    }

    /** As {@link WaitList#wakeFirst}. */
    public boolean wakeFirst(long object) {
        return WaitList.wakeFirst(words, root, object);
    }

    /** As {@link WaitList#wake}. */
    boolean wake(WaitList.Waiter waiter) {
        return WaitList.wake(words, waiter);
    }

    /** As {@link WaitList#wakeAll}. */
    public void wakeAll(long object) {
        WaitList.wakeAll(words, root, object);
    }

    /** As {@link WaitList#first}. */
    public WaitList.@Nullable Waiter first(long object) {
        return WaitList.first(words, root, object);
    }

    /** Waits again, with its place in line as before. */
    public void waitAgain(long cell) {
        claiming.lock();
        try {
            requireOpen(); // or it may be another's by now
            words.put(cell, WaitCell.with(words.get(cell), WaitCell.WAITING));
        } finally {
            claiming.unlock();
        }
    }

    /**
     * Sleeps until the thread in the cell is chosen. May return for other reasons, too.
     *
     * @param asking through which the caller reached the region: when that is closed, this throws
     */
    public Words.Wait await(Words asking, long cell, long deadlineNanos, boolean interruptible) {
        long word = words.get(cell);
        if (WaitCell.state(word) != WaitCell.WAITING) return Words.Wait.CHANGED;
        return asking.await(cell, (int) word, deadlineNanos, interruptible);
    }

    /* Under claiming, as are those it calls. */
    private long claim() {
        for (long chunk : mine) {
            long used = words.get(chunk + WaitCell.USED);
            if (used != -1) return claim(chunk, used);
        }
        return claim(oneMoreChunk(), 0);
    }

    private long claim(long chunk, long used) {
        int index = Long.numberOfTrailingZeros(~used);
        words.put(chunk + WaitCell.USED, used | 1L << index);
        return WaitCell.cell(chunk, index);
    }

    private long chunkOf(long cell) {
        for (long chunk : mine) {
            if (cell > chunk && cell < chunk + WaitCell.CHUNK_BYTES) return chunk;
        }
        throw new IllegalArgumentException("no cell of this process at " + cell);
    }

    /* One that a process left behind, else a new one. Its cells are free; bits may be set yet, by the one before. */
    private long oneMoreChunk() {
        long chunk = takeFree();
        if (chunk == 0) {
            chunk = maker.make();
            if (!words.cas(chunk + WaitCell.OWNER, 0, owner))
                return oneMoreChunk(); // another process took it
        }
        words.put(chunk + WaitCell.USED, 0);
        mine = Arrays.copyOf(mine, mine.length + 1);
        mine[mine.length - 1] = chunk;
        return chunk;
    }

    private long takeFree() {
        long chunk = words.get(root);
        for (int i = 0;
                chunk != 0 && i < WaitList.MOST_CHUNKS;
                i++, chunk = words.get(chunk + WaitCell.NEXT)) {
            if (words.get(chunk + WaitCell.OWNER) == 0
                    && words.cas(chunk + WaitCell.OWNER, 0, owner)) return chunk;
        }
        return 0;
    }
}
