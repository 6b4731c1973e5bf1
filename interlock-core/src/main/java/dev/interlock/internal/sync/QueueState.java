package dev.interlock.internal.sync;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A queue of messages, as one process sees it: a {@link Ring} whose slots have contents, and for which threads wait. */
public final class QueueState {
    /*
     * Messages    see QueueLayout. Small ones lie in their slot, larger ones in blocks of an area, which they get in one step with
     *             their position, under the lock of the areas; the lock is not held while anybody waits or copies.
     * Debts       See QueueDebts. Who takes a message for good owes a report: its process's debt is counted up before the message is
     *             gone, so that who looks at the slots first and at the debts then does not miss it.
     * Waiting     RingSignal, in a cell where others see it. IDLE is signalled after whatever may have been the last: finish, if
     *             ELSE is seen at SPACE, so that who waits there may go untold, abort, a debt that was paid, any death.
     */
    /** How a wait ended without success. */
    public static final long TIMED_OUT = RingSignal.TIMED_OUT;

    /** How a wait ended without success; the thread's interrupt status is cleared. */
    public static final long INTERRUPTED = RingSignal.INTERRUPTED;

    private static final int MIN_SPINS = 8;
    private static final int MAX_SPINS = 256;
    private static final boolean ONE_CPU = Cpus.ONE;
    private static final long DONE = 0;
    private static final long MOST_ON_HEAP = 1L << 30;

    private final Words words; // as long as the process is a member
    private final Words opening; // closed with the handle's region
    private final WaitCells cells;
    private final Owners owners;
    private final LockState lock;
    private final QueueLayout layout;
    private final Ring ring;
    private final QueueAreas areas;
    private final QueueDebts debts;
    private final QueueContents contents;
    private final int inSlot;
    private final long mostBytes;
    private int spinLimit =
            MAX_SPINS; // what recent waits made of it; races lose updates, harmlessly
    private final MemorySegment memory; // of the words
    private final MemorySegment queue; // of it, all of this but the areas: see Words.piece
    private final SlotSlices slices; // of that

    private QueueState(
            Words words,
            Words opening,
            WaitCells cells,
            Owners owners,
            LockState lock,
            SoleWriter writer,
            QueueLayout layout,
            QueueAreas.Memory memory) {
        this.words = words;
        this.opening = opening;
        this.cells = cells;
        this.owners = owners;
        this.lock = lock;
        this.layout = layout;
        this.ring = new Ring(words, layout.ring, cells.slot());
        this.areas = new QueueAreas(words, layout, ring, memory);
        this.debts = new QueueDebts(words, layout, writer, cells.slot(), cells.generation());
        this.contents = new QueueContents(words, layout, ring, areas);
        this.inSlot = layout.inSlot();
        this.mostBytes = layout.mostBytesOfOne();
        this.memory = words.memory();
        this.queue = words.piece(this.memory, layout.at, layout.bytes);
        this.slices = new SlotSlices(queue, layout);
    }

    /**
     * The queue at that offset, for this process.
     *
     * @param words the region, as long as the process is a member
     * @param opening the same, as long as the handle can be used
     * @param lock the state of the lock of the areas
     * @param writer what all handles of this process to this queue share
     * @param bytes how much memory the queue has
     * @return null if what it says of itself cannot be
     */
    public static @Nullable QueueState of(
            Words words,
            Words opening,
            WaitCells cells,
            Owners owners,
            LockState lock,
            SoleWriter writer,
            long at,
            long bytes,
            QueueAreas.Memory memory) {
        QueueLayout layout = QueueLayout.read(words, at, bytes);
        if (layout == null) return null;
        return new QueueState(words, opening, cells, owners, lock, writer, layout, memory);
    }

    /** How many messages it holds at most. */
    public int capacity() {
        return layout.capacity;
    }

    /** How large a message can be at most. */
    public long mostBytes() {
        return mostBytes;
    }

    /** Whether messages that a dead process was reading are gone. */
    public boolean drops() {
        return layout.drops;
    }

    /** The region, as long as the handle can be used. */
    public Words opening() {
        return opening;
    }

    private void requireOpen() {
        opening.requireOpen();
    }

    /** The memory, to be kept at hand and passed back: see {@link Words#memory()}. */
    public MemorySegment memory() {
        return memory;
    }

    /**
     * Claims a place for a message of that length, never waiting: its position, {@link Ring#NOT_YET} or {@link Ring#ENDED}. It has to
     * be given to {@link #publish} or {@link #abort}.
     *
     * @throws RuntimeException if there is no memory for it
     */
    public long claim(MemorySegment memory, long length) {
        requireOpen();
        return claimIfPossible(memory, length);
    }

    private long claimIfPossible(MemorySegment memory, long length) {
        if (length > inSlot) return claimWithBlocks(length);
        long millis =
                CoarseClock.millis(); // before the claim, as this may fail when memory is short
        long position = ring.claim();
        if (position >= 0) describe(memory, position, length, millis);
        return position;
    }

    /* Who looks for blocks next has to see in the slot that these are in use. */
    private long claimWithBlocks(long length) {
        long at = layout.at + QueueLayout.LOCK;
        long blocks = QueueAreas.blocks(length);
        lock.acquire(words, at, Words.NEVER, false);
        try {
            if (ring.isClosed()) return Ring.ENDED;
            long found = areas.find(blocks);
            if (found == 0) return Ring.NOT_YET;
            long millis = CoarseClock.millis();
            long position = ring.claimAtOnce();
            if (position < 0) return position;
            ring.mark(position, 1);
            describeInBlocks(position, length, areas.use(found, blocks, position), millis);
            return position;
        } finally {
            lock.release(words, at);
        }
    }

    private void describe(MemorySegment memory, long position, long length, long millis) {
        words.putPlain(memory, layout.lengthOf(position), length);
        words.putPlain(memory, layout.age(position), millis);
    }

    private void describeInBlocks(long position, long length, long at, long millis) {
        words.putPlain(layout.lengthOf(position), QueueLayout.inBlocks(length));
        words.putPlain(ring.slot(position) + QueueLayout.PLACE, at);
        words.putPlain(layout.age(position), millis);
    }

    /**
     * The same, waiting for a place.
     *
     * @return also {@link #TIMED_OUT} or {@link #INTERRUPTED}
     */
    public long claim(
            MemorySegment memory, long length, long deadlineNanos, boolean interruptible) {
        long position = claim(memory, length);
        if (position != Ring.NOT_YET) return position;
        return await(
                new SpaceAttempt(length <= layout.inSlot()) {
                    @Override
                    public long tryOnce() {
                        return claimIfPossible(memory, length);
                    }
                },
                deadlineNanos,
                interruptible);
    }

    /**
     * Claims places for several messages in one step, never waiting: the first position, {@link Ring#NOT_YET} or {@link Ring#ENDED}.
     * It has to be given to {@link #publishAll}.
     *
     * @param most how many, at most; each has to fit in a slot
     */
    public long claimSome(int most) {
        requireOpen();
        return ring.claim(most);
    }

    /**
     * The same, waiting for a place.
     *
     * @return also {@link #TIMED_OUT} or {@link #INTERRUPTED}
     */
    public long claimSome(int most, long deadlineNanos, boolean interruptible) {
        long position = claimSome(most);
        if (position != Ring.NOT_YET) return position;
        return await(
                new SpaceAttempt(true) {
                    @Override
                    public long tryOnce() {
                        return ring.claim(most);
                    }
                },
                deadlineNanos,
                interruptible);
    }

    /** How many places were claimed with that position. */
    public int claimed(long position) {
        return ring.claimed(position);
    }

    /** Where to write a message of that length, at one of several positions that were claimed in one step. */
    public MemorySegment place(long position, long length) {
        describe(memory, position, length, CoarseClock.millis());
        return contents.toWrite(position, length);
    }

    /** Makes what was written at the first of several positions messages; {@link #signalPublished} follows. Gives the others up. */
    public void publishAll(long position, int claimed, int written) {
        ring.publish(position, claimed, written);
        if (written < claimed) signalIdle();
    }

    /** The most places that are claimed in one step. */
    public static int mostClaimed() {
        return RingWord.MOST_CLAIMED;
    }

    /** How large a message fits in a slot. */
    public int inSlot() {
        return layout.inSlot();
    }

    /** The next position where there may be a message. */
    public long after(long position) {
        return position + RingWord.positions(ring.word(position));
    }

    /** Takes the first message, never waiting: its position, {@link Ring#NOT_YET} or {@link Ring#ENDED}. */
    public long take() {
        requireOpen();
        return ring.take();
    }

    /**
     * The first message from a position on, without taking it: its position, {@link Ring#NOT_YET} or {@link Ring#ENDED}. Another may
     * take it.
     */
    public long lookFrom(long position) {
        return ring.wouldTakeFrom(position);
    }

    /** Begins to put a message of that length, never waiting; whether the region is open, see {@link #opening}, is asked before. */
    public QueuePutting putting(long length) {
        return new QueuePutting(ring, layout, words, queue, slices, length);
    }

    /** Looks whether there is a message; the same holds. */
    public QueueLook look() {
        return new QueueLook(ring, layout.ring, words, queue);
    }

    /** Whether nobody has published that position yet: then nothing behind it can be taken. */
    public boolean isUnpublished(long position) {
        return ring.isUnpublished(
                position, words.get(queue, layout.at, ring.slotInPiece(position)));
    }

    /**
     * Begins to take messages, one after the other, never waiting.
     *
     * @param first where there is something
     * @param returns how often messages had come back when that was seen
     */
    public QueueTaking taking(long first, long returns) {
        return new QueueTaking(this, ring, layout, words, queue, debts, first, returns);
    }

    /**
     * Takes a message, waiting for one. It has to be given to {@link #finish} or {@link #giveBack}.
     *
     * @return also {@link #TIMED_OUT} or {@link #INTERRUPTED}
     */
    public long take(long deadlineNanos, boolean interruptible) {
        long position = take();
        if (position != Ring.NOT_YET) return position;
        return await(
                new Attempt(layout.at + QueueLayout.ITEMS, true) {
                    @Override
                    public long tryOnce() {
                        return ring.take();
                    }

                    @Override
                    int blocker() {
                        return ring.blocksTaking();
                    }

                    @Override
                    public boolean mayGoUntold() {
                        return QueueState.this.mayGoUntold(QueueLayout.ITEMS);
                    }
                },
                deadlineNanos,
                interruptible);
    }

    private abstract class SpaceAttempt extends Attempt {
        SpaceAttempt(boolean isCheap) {
            super(layout.at + QueueLayout.SPACE, isCheap);
        }

        @Override
        int blocker() {
            return ring.blocksClaiming();
        }

        @Override
        public boolean mayGoUntold() {
            return QueueState.this.mayGoUntold(QueueLayout.SPACE);
        }
    }

    private abstract class Attempt implements RingSignal.Attempt {
        private final long at;
        private final boolean isCheap;

        Attempt(long at, boolean isCheap) {
            this.at = at;
            this.isCheap = isCheap;
        }

        /** The slot of a process whose death would matter, or -1. */
        abstract int blocker();

        /* One whose death will not be announced is looked after here. */
        @Override
        public long until(long deadlineNanos) {
            long patience = owners.patienceNanos(blocker());
            if (patience == Words.NEVER) return deadlineNanos;
            return Math.min(deadlineNanos, words.nanoTime() + patience);
        }
    }

    private long await(Attempt attempt, long deadlineNanos, boolean interruptible) {
        long result = spin(attempt);
        if (result != Ring.NOT_YET) return result;
        if (SignalWord.isTimeOver(words, deadlineNanos)) return TIMED_OUT;
        long cell =
                cells.enterIfPossible(
                        WaitCell.Kind.OTHER, attempt.at, WaitCell.flags(deadlineNanos));
        try {
            return RingSignal.await(
                    words, opening, attempt.at, attempt, deadlineNanos, interruptible);
        } finally {
            cells.leave(cell);
            passOn(attempt.at);
        }
    }

    /* In vain if the other one comes much later, and harmful if it is waiting for this CPU. */
    private long spin(Attempt attempt) {
        if (!attempt.isCheap || Thread.currentThread().isVirtual()) return Ring.NOT_YET;
        for (int i = 0; !ONE_CPU && i < spinLimit; i++) {
            Thread.onSpinWait();
            long result = attempt.tryOnce();
            if (result == Ring.NOT_YET) continue;
            spinLimit = Math.min(MAX_SPINS, spinLimit + MIN_SPINS);
            return result;
        }
        spinLimit = Math.max(MIN_SPINS, spinLimit - spinLimit / 8);
        return Ring.NOT_YET;
    }

    private void passOn(long at) {
        try {
            RingSignal.signal(words, at);
        } catch (IllegalStateException closed) {
            // this process has left the region, and when it did, all who wait were woken
        }
    }

    /** What its messages consist of. */
    public QueueContents contents() {
        return contents;
    }

    /** Where the slot of a position lies in the memory of the queue alone. */
    public long slotInPiece(long position) {
        return ring.slotInPiece(position);
    }

    /** The word of a slot, whatever it says. */
    public long word(long position) {
        return words.get(ring.slot(position));
    }

    /** Makes what was written at a claimed place a message, and tells who waits for one. */
    public void publish(long position, long length) {
        ring.publish(position, length == inSlot);
        ring.signalItems();
    }

    /** Tells who waits for messages. */
    public void signalPublished() {
        ring.signalItems();
    }

    /** Gives a claimed place up. */
    public void abort(long position) {
        ring.abort(position);
        signalIdle();
    }

    /** Ends the reading of a message, which is gone; {@link #signalFinished} follows, once for several. */
    public void finish(long position) {
        ring.finish(position);
    }

    /** This process owes so many more reports that it is done with a message; before they are finished. */
    public void owe(int messages) {
        debts.add(words, queue, messages);
    }

    /** It owes so many less. */
    public void oweLess(int messages) {
        debts.giveUp(messages);
    }

    /** Tells who waits for places, or for the end. */
    public void signalFinished() {
        if (ring.signalFinished(words, queue)) signalIdle();
    }

    /** Ends the reading of a message, which can be taken again. */
    public void giveBack(long position) {
        ring.giveBack(position);
    }

    /** How often a message that this process reads was taken. */
    public int deliveries(long position) {
        return deliveriesOf(ring.word(position));
    }

    /** The same, by its word. */
    public static int deliveriesOf(long word) {
        return RingWord.deliveries(word);
    }

    /** Since when a message is there, in milliseconds of the epoch. */
    public long sinceMillis(long position) {
        return words.getPlain(layout.age(position));
    }

    /** Whether it was closed. */
    public boolean isClosed() {
        requireOpen();
        return ring.isClosed();
    }

    /** Closes it: nothing more can be put in. */
    public void close() {
        requireOpen();
        ring.close();
    }

    /** How many messages nobody is reading. */
    public int size() {
        requireOpen();
        return ring.count(RingWord.FULL);
    }

    /** How many messages somebody is reading. */
    public int reading() {
        requireOpen();
        return ring.count(RingWord.READING);
    }

    /** How many more messages there is place for. */
    public int free() {
        requireOpen();
        return ring.count(RingWord.EMPTY);
    }

    /** The position of the first message that can be taken; {@link Ring#NOT_YET} if there is none. */
    public long first() {
        requireOpen();
        return Math.max(Ring.NOT_YET, ring.wouldTake());
    }

    /**
     * Makes the caller one of those who wait for messages, but not to take one.
     *
     * @return the lower half of the word at {@link QueueLayout#ITEMS} on which to sleep; 0 if there is a message or the end was reached
     */
    public int announceItems() {
        if (first() >= 0) return 0; // nobody need be told of this one
        int announced = RingSignal.announce(words, layout.at + QueueLayout.ITEMS);
        return ring.wouldTake() == Ring.NOT_YET ? announced : 0;
    }

    /** The same for places, at {@link QueueLayout#SPACE}. */
    public int announceSpace() {
        requireOpen();
        if (ring.wouldClaim() >= 0) return 0;
        int announced = RingSignal.announce(words, layout.at + QueueLayout.SPACE);
        return ring.wouldClaim() == Ring.NOT_YET ? announced : 0;
    }

    /**
     * Whether who finishes a message may miss who begins to wait at that offset from the queue's, for its place or for the end: then
     * that one needs a {@link #secondTry}.
     */
    public boolean mayGoUntold(int signal) {
        return signal == QueueLayout.SPACE || ring.isClosed();
    }

    /** For one wait of one who was announced so. */
    public SecondTry secondTry() {
        return new SecondTry(words);
    }

    /** Ends a wait of who was announced at that offset from the queue's: a wake-up that reached it goes to the next. */
    public void passOn(int signal) {
        passOn(layout.at + signal);
    }

    /** The first position that is not claimed. All messages are in the round before it. */
    public long end() {
        requireOpen();
        return ring.end();
    }

    /** The word of a message that can be taken, or 0 if there is none at that position. */
    public long wordOfMessage(long position) {
        long word = ring.word(position);
        return RingWord.state(word) == RingWord.FULL ? word : 0;
    }

    /** A copy of the message that has that word, aligned as the message is; null if it was taken meanwhile. */
    public @Nullable MemorySegment copy(long position, long word) {
        MemorySegment found = contents.toRead(position);
        if (ring.word(position) != word) return null;
        if (found == null) throw QueueContents.damaged();
        MemorySegment copy = copy(found);
        VarHandle.acquireFence(); // the copy comes before the look
        return ring.word(position) == word ? copy : null;
    }

    /* Where a number can be read as in the queue itself: an array of bytes may lie anywhere. */
    private static MemorySegment copy(MemorySegment contents) {
        long bytes = contents.byteSize();
        MemorySegment copy =
                bytes <= MOST_ON_HEAP
                        ? MemorySegment.ofArray(new long[(int) ((bytes + 7) / 8)])
                        : Arena.ofAuto().allocate(bytes, 8);
        return copy.asSlice(0, bytes).copyFrom(contents);
    }

    /** Takes the message that has that word, wherever it stands; false if it was taken meanwhile. */
    public boolean take(long position, long word) {
        return ring.take(position, word);
    }

    /** Reports one message done that was taken before; false if there is none. */
    public boolean payDebt() {
        requireOpen();
        if (!debts.pay()) return false;
        signalIdle();
        return true;
    }

    /** How many messages are there, are being written or read, or are not reported done. */
    public long undone() {
        requireOpen();
        while (true) { // until there is something, or nothing came while this looked
            long tail = ring.tail();
            long undone = ring.inUse(tail) + debts.sum();
            if (undone != 0 || ring.tail() == tail) return undone;
        }
    }

    /** How many messages each process is writing, by its slot. */
    public int[] writing() {
        return ring.owned(RingWord.WRITING);
    }

    /** How many messages each process is reading, by its slot. */
    public int[] readingBySlot() {
        return ring.owned(RingWord.READING);
    }

    /** How many messages the process in that slot has taken and not reported done. */
    public long owed(int slot) {
        return debts.of(slot);
    }

    /**
     * Waits until there is nothing undone.
     *
     * @return 0, {@link #TIMED_OUT} or {@link #INTERRUPTED}
     */
    public long awaitDone(long deadlineNanos) {
        if (undone() == 0) return DONE;
        ring.tellOthers();
        return await(
                new Attempt(layout.idle(), false) {
                    @Override
                    public long tryOnce() {
                        return undone() == 0 ? DONE : Ring.NOT_YET;
                    }

                    @Override
                    int blocker() {
                        return -1;
                    }

                    @Override
                    public boolean mayGoUntold() {
                        return true;
                    }
                },
                deadlineNanos,
                true);
    }

    void signalIdle() {
        RingSignal.signal(words, layout.idle());
    }

    /**
     * What the death of a process does to a queue, but for its lock.
     *
     * @param bytes how much memory the queue has
     */
    public static void sweep(
            Words words, long at, long bytes, int dead, BooleanSupplier stillDying) {
        QueueLayout layout = QueueLayout.read(words, at, bytes);
        if (layout == null) return; // it is damaged, and who uses it will be told
        QueueDebts.sweep(words, layout, dead, stillDying);
        RingSweep.run(words, layout.ring, dead, layout.drops, stillDying);
        RingSignal.signalAll(words, layout.idle());
    }

    /** How full it is, for people. */
    public static String describe(Words words, long at, long bytes) {
        QueueLayout layout = QueueLayout.read(words, at, bytes);
        if (layout == null) return "damaged";
        Ring ring = new Ring(words, layout.ring, -1);
        String closed = ring.isClosed() ? ", closed" : "";
        return ring.count(RingWord.FULL) + " of " + layout.capacity + closed;
    }
}
