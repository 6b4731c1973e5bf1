package dev.interlock.internal.sync;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The cells in which the threads of this process wait, see {@link WaitCell}. */
public final class WaitCells {
    /** Makes what lies in the region. */
    public interface Memory {
        /**
         * Makes a chunk of zeros that hangs in the region's list.
         *
         * @return its offset
         * @throws RuntimeException if there is no memory
         */
        long chunk();

        /**
         * Makes room for a report, see {@link WaitCell#REPORT_BYTES}.
         *
         * @return its offset
         * @throws RuntimeException if there is no memory
         */
        long report();
    }

    private final Words words;
    private final long root;
    private final long tickets;
    private final long owner;
    private final Memory memory;
    private final long deadlockNanos;
    private final ReentrantLock claiming = new ReentrantLock();
    private volatile long[] mine; // written under claiming
    private final Deque<Long> reports = new ArrayDeque<>(); // free ones; guarded by claiming
    private boolean closed; // guarded by claiming
    private volatile boolean chose; // whether this process ever signalled another thread

    /**
     * Makes the cells of a process.
     *
     * @param words the region, as long as the process is a member
     * @param root where the list of chunks begins
     * @param tickets a word that counts arrivals
     * @param slot of the process
     * @param generation of the slot
     * @param deadlockNanos how long a thread waits for a lock before it looks for a deadlock; 0 if it never does
     */
    public WaitCells(
            Words words,
            long root,
            long tickets,
            int slot,
            int generation,
            Memory memory,
            long deadlockNanos) {
        this(words, root, tickets, slot, generation, memory, deadlockNanos, new long[0]);
    }

    /** For the model checker, with chunks that the process has taken before. */
    WaitCells(
            Words words,
            long root,
            long tickets,
            int slot,
            int generation,
            Memory memory,
            long deadlockNanos,
            long[] mine) {
        this.mine = mine;
        this.words = words;
        this.root = root;
        this.tickets = tickets;
        this.owner = WaitCell.owner(slot, generation);
        this.memory = memory;
        this.deadlockNanos = deadlockNanos;
    }

    int slot() {
        return WaitCell.slot(owner);
    }

    int generation() {
        return WaitCell.generation(owner);
    }

    /** Where the list of chunks begins. */
    public long root() {
        return root;
    }

    /** How long a thread waits for a lock before it looks for a deadlock; 0 if it never does. */
    public long deadlockNanos() {
        return deadlockNanos;
    }

    /**
     * Asks the thread of a cell, which waits for a lock, what it is doing. It answers in the cell. To be repeated until then: it may have
     * been about to sleep, or another was woken in its stead.
     */
    void ask(Words asking, WaitList.Waiter waiter) {
        long report = waiter.cell() + WaitCell.REPORT;
        if (!asking.cas(report, 0, WaitCell.ASKED) && asking.get(report) != WaitCell.ASKED) return;
        asking.wake(waiter.cell(), 1); // where it sleeps in fair mode
        asking.wake(waiter.object(), Integer.MAX_VALUE); // those who were not asked sleep on
    }

    boolean hasAnswered(long cell) {
        return words.get(cell + WaitCell.REPORT) > 0;
    }

    boolean isAsked(long cell) {
        return words.get(cell + WaitCell.REPORT) == WaitCell.ASKED;
    }

    /** Tells in its cell what the calling thread is doing, if it was asked. */
    void answer(long cell) {
        answer(cell, Thread.currentThread());
    }

    /** The same for another thread, which must not leave the cell meanwhile. */
    void answer(long cell, Thread thread) {
        if (!isAsked(cell)) return;
        long report;
        try {
            report = takeReport();
        } catch (RuntimeException fullOrClosed) {
            return; // then its stack is not known
        }
        Texts.write(words, report, WaitCell.REPORT_BYTES, textOf(thread));
        words.put(cell + WaitCell.REPORT, report);
    }

    private long takeReport() {
        claiming.lock();
        try {
            requireOpen();
            Long free = reports.poll();
            return free != null ? free : memory.report();
        } finally {
            claiming.unlock();
        }
    }

    private static String textOf(Thread thread) {
        StringBuilder text = new StringBuilder(thread.getName());
        for (StackTraceElement frame : thread.getStackTrace()) {
            boolean ours = frame.getClassName().startsWith(WaitCells.class.getPackageName() + ".");
            boolean asking = frame.getClassName().equals(Thread.class.getName());
            if (!ours && !asking) text.append('\n').append(frame);
        }
        return text.toString();
    }

    /** What the thread of a cell answered: its name, then its stack, a line each; empty if it did not. */
    public String report(WaitList.Waiter waiter) {
        long report = words.get(waiter.cell() + WaitCell.REPORT);
        return report > 0 ? Texts.read(words, report, WaitCell.REPORT_BYTES) : "";
    }

    /** Whether any cell was ever used, or others may count on this process to wake them. */
    public boolean wereUsed() {
        return mine.length > 0 || chose;
    }

    /**
     * Announces the calling thread as one that waits for an object, last in line.
     *
     * @param want how much of it
     * @param flags {@link WaitCell#TIMED} if its wait will end by itself, {@link WaitCell#MUST_OWN}, or 0
     * @return its cell
     * @throws RuntimeException if there is no memory for it, or the process has left the region
     */
    public long enter(WaitCell.Kind kind, long object, long want, int flags) {
        claiming.lock();
        try {
            requireOpen();
            long cell = claim();
            words.putPlain(cell + WaitCell.OBJECT, object);
            words.putPlain(cell + WaitCell.TICKET, words.getAndAdd(tickets, 1));
            words.putPlain(cell + WaitCell.WANT, want);
            words.putPlain(cell + WaitCell.THREAD, Thread.currentThread().threadId());
            words.putPlain(cell + WaitCell.SINCE, System.currentTimeMillis());
            words.putPlain(cell + WaitCell.KIND, WaitCell.kindWord(kind, flags));
            words.putPlain(cell + WaitCell.REPORT, 0);
            words.getAndAdd(object + WaitCell.CONTENTION, 1);
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
    public long enterIfPossible(WaitCell.Kind kind, long object, int flags) {
        try {
            return enter(kind, object, 1, flags);
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
            long report = words.get(cell + WaitCell.REPORT);
            if (report > 0) reports.push(report);
            words.put(cell, WaitCell.freed(words.get(cell)));
            long chunk = chunkOf(cell);
            long bit = 1L << ((cell - WaitCell.cell(chunk, 0)) / WaitCell.CELL_BYTES);
            words.put(chunk + WaitCell.USED, words.get(chunk + WaitCell.USED) & ~bit);
        } finally {
            claiming.unlock();
        }
    }

    /** Does something that all see, unless the process has left the region; also when the caller's opening is closed. */
    void unlessClosed(Consumer<Words> steps) {
        claiming.lock();
        try {
            if (!closed) steps.accept(words);
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

    /** Chooses who came first, and answers its cell, on which it is to be woken; 0 if nobody waits. */
    long chooseFirst(long object) {
        long cell = WaitList.chooseFirst(words, root, object);
        if (cell != 0) chose = true;
        return cell;
    }

    /** Wakes who was chosen. If the process has left the region, it woke them when it left. */
    void wakeChosen(long cell) {
        words.wake(cell, 1);
    }

    /** The same with one of {@link #waiting}; 0 if it was chosen or gave up meanwhile. */
    long choose(WaitList.Waiter waiter) {
        if (!WaitList.choose(words, waiter)) return 0;
        chose = true;
        return waiter.cell();
    }

    /** As {@link WaitList#waiting}. */
    List<WaitList.Waiter> waiting(long object) {
        return WaitList.waiting(words, root, object);
    }

    /**
     * The lower half of the word of a cell in which a thread waits for several things, to sleep on: what it is as long as the thread is
     * not woken. It may have been by now, and then must not sleep.
     */
    public int expected(long cell) {
        return (int) WaitCell.with(words.get(cell), WaitCell.WAITING);
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
            chunk = memory.chunk();
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
