package dev.interlock.internal.sync;

import java.lang.foreign.MemorySegment;
import java.util.function.BooleanSupplier;

/** How many messages each process took from a queue and has not reported done, as one of them sees it. */
final class QueueDebts {
    /*
     * Words   Each process, by its slot in the process table, has two:
     *         BOOK   63..48 generation of the process, its lower bits | 47..0 ZERO + messages that its threads took, but for those in SOLE,
     *                - all that were reported done, or counted and not taken
     *         SOLE   63..48 the same | 47..0 messages that its SoleWriter took
     *         It owes the sum; without SOLE while that is of another generation; and never less than 0, also with a BOOK of 0.
     * Stores  BOOK by compare-and-set or by adding, by any process. SOLE by one thread of its process, plainly, and only ever more: a locked
     *         instruction less for each message that this thread takes. Others store to SOLE only to begin a generation and in the sweep.
     * Order   Who takes counts before it stores, released, that the message is gone; who looks whether all is done looks at the slots
     *         first. So a message that it does not see in its slot it sees here.
     * Looking BOOK first, then SOLE, which may be larger by then: so nobody sees less owed than there was when it began, though perhaps
     *         more. Who pays compares BOOK with what it saw, so there is still as much at least.
     * Generations   so that a sweeper that was stopped does not pay another's. A process begins with its own, SOLE first: until BOOK
     *         has it, SOLE does not count.
     * Death   The dead owe nothing: the sweep makes BOOK 0, which ends the debt, and then SOLE. Others may pay meanwhile, so it tries until it
     *         is done. In between, nothing is owed either. Of one who dies beginning, BOOK says 0 or what it said before.
     * Not promised   More than 2^47 messages reported done, or so many taken by one thread, of one process and queue.
     * Tested by   QueueDebtsTest, SoleWriterTest, QueueKillPointsIT.
     */
    private static final int BITS = 48;
    private static final long MESSAGES = (1L << BITS) - 1;
    private static final long ZERO = 1L << (BITS - 1); // in BOOK, which may come to count less
    private static final int LOOKS = 8;

    private final Words words;
    private final QueueLayout layout;
    private final SoleWriter writer;
    private final int slot;
    private final long book; // where this process's is
    private final long bookInPiece; // the same in the memory of the queue alone
    private final long soleInPiece;
    private final long generation; // of this process, where the words have it

    /** Those of a queue; the writer is the same for all handles of this process. */
    QueueDebts(Words words, QueueLayout layout, SoleWriter writer, int slot, int generation) {
        this.words = words;
        this.layout = layout;
        this.writer = writer;
        this.slot = slot;
        this.book = layout.book(slot);
        this.bookInPiece = book - layout.at;
        this.soleInPiece = layout.sole(slot) - layout.at;
        this.generation = (long) generation << BITS;
        begin(layout.sole(slot), this.generation);
        begin(book, this.generation | ZERO);
    }

    private void begin(long word, long first) {
        long seen;
        do { // until it is of this generation: what the dead one owed may be paid meanwhile
            seen = words.get(word);
        } while (hasToBegin(seen, first) && !words.cas(word, seen, first));
    }

    private boolean hasToBegin(long seen, long first) {
        return seen != first && (seen == 0 || seen >>> BITS != generation >>> BITS);
    }

    /** Whether the calling thread counts without a locked instruction, for as long as it lives. */
    boolean countsAlone() {
        return writer.claim();
    }

    /** This process took so many messages; with the memory of the queue at hand, and all that is needed in registers. */
    void add(Words words, MemorySegment queue, int messages) {
        long at = layout.at;
        if (writer.claim())
            words.putPlain(queue, at, soleInPiece, generation | writer.count(messages));
        else words.getAndAdd(queue, at, bookInPiece, messages);
    }

    /** So many of this process's messages were counted and not taken. */
    void giveUp(int messages) {
        long seen;
        long owed;
        do { // until they are gone; fewer if somebody reported more done than were taken
            seen = words.get(book);
            owed = owed(seen, slot);
        } while (!words.cas(book, seen, seen - Math.min(owed, messages)));
    }

    /** One message is done: one of this process's, or else of any; false if there is none. */
    boolean pay() {
        if (pay(slot)) return true;
        for (int any = 0; any < LockWord.SLOT; any++) if (pay(any)) return true;
        return false;
    }

    private boolean pay(int debtor) {
        while (true) { // until paid, or nothing is owed
            long seen = words.get(layout.book(debtor));
            if (owed(seen, debtor) == 0) return false;
            if (words.cas(layout.book(debtor), seen, seen - 1)) return true;
        }
    }

    /** How many messages the process in that slot took that are not done; more, if it never stops taking and reporting. */
    long of(int debtor) {
        long seen = words.get(layout.book(debtor));
        for (int i = 0; i < LOOKS; i++) { // until BOOK has stood still meanwhile
            long owed = owed(seen, debtor);
            long before = seen;
            seen = words.get(layout.book(debtor));
            if (seen == before) return owed;
        }
        return owed(seen, debtor);
    }

    /* With what BOOK said before. */
    private long owed(long book, int debtor) {
        long sole = words.get(layout.sole(debtor));
        long alone = sole >>> BITS == book >>> BITS ? sole & MESSAGES : 0;
        return Math.max(0, (book & MESSAGES) - ZERO + alone);
    }

    /** How many all took. */
    long sum() {
        long sum = 0;
        for (int debtor = 0; debtor < LockWord.SLOT; debtor++) sum += of(debtor);
        return sum;
    }

    /** What the death of a process does. */
    static void sweep(Words words, QueueLayout layout, int dead, BooleanSupplier stillDying) {
        clear(words, layout.book(dead), stillDying);
        clear(words, layout.sole(dead), stillDying);
    }

    private static void clear(Words words, long word, BooleanSupplier stillDying) {
        long seen;
        do { // until it is 0, or others have swept: somebody may pay meanwhile
            seen = words.get(word);
        } while (seen != 0 && stillDying.getAsBoolean() && !words.cas(word, seen, 0));
    }
}
